"""Notices to a chat tool that Apprise knows, for the people in it who pass them on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

from connections.attempts import Delivery, never
from connections.delivery.apprise_service import LONGEST_ATTEMPT, AppriseService
from connections.delivery.passwords import kept_secret
from connections.delivery.webhook_way import in_words_for_people
from policy.refusal import Refusal
from policy.words import NoticeWay
from store.notices.notice_models import Notice

ADDRESS_VARIABLE: Final = "NUMBERONE_CHAT_ADDRESS"
"""The variable of the environment in which the chat tool's address can stand."""

ACCOUNT: Final = "chat"
"""The name under which the keyring has the address."""


class ChatWay:
    """Tells notices to a chat tool; ``service`` is None where nothing can be sent."""

    way = NoticeWay.WEBHOOK
    domain = None
    longest_attempt = LONGEST_ATTEMPT + timedelta(seconds=10)

    def __init__(self, service: AppriseService | None) -> None:
        self.service = service

    def reaches(self, notice: Notice) -> bool:  # noqa: ARG002 - whomever it is for
        """Return that everybody can be told by the people in the chat."""
        return True

    def hand_over(self, notice: Notice, now: datetime) -> Delivery:  # noqa: ARG002 - a chat dates
        """Tell a notice."""
        if self.service is None:
            return never("the chat tool's address is not looked for here")
        return self.service.send("", in_words_for_people(notice))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Keep nothing open."""


def chat_way(
    table: Mapping[str, object], source: str, environment: Mapping[str, str] | None
) -> ChatWay:
    """Return the way that the config file's table says; ``environment`` may hold its address.

    Without an environment none is looked for, and nothing can be sent.

    Raises:
        Refusal: there is a key, for none is known, or the address is nowhere or none; it names
            ``source``, and repeats nothing of the address.
    """
    for key in table:
        raise Refusal(
            f"{source}: {key}: expected no keys; the address is kept in {ADDRESS_VARIABLE} or the"
            " system's keyring"
        )
    if environment is None:
        return ChatWay(None)
    address = kept_secret(f"address for {source}", ADDRESS_VARIABLE, ACCOUNT, environment)
    return ChatWay(AppriseService(address, source))
