"""Notices to a web hook of one's own, for the people behind it who pass them on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

from connections.attempts import Delivery
from connections.delivery.passwords import kept_secret
from connections.delivery.webhook import WebhookSettings, post, webhook_settings
from policy.words import NoticeWay
from store.notices.notice_models import Notice

ADDRESS_VARIABLE: Final = "NUMBERONE_WEBHOOK_ADDRESS"
"""The variable of the environment in which the address can stand."""

ACCOUNT: Final = "webhook"
"""The name under which the keyring has the address."""

_NOWHERE: Final = "https://webhook.invalid"
_STEPS: Final = 12
"""How many times its timeout a post may last."""


class WebhookWay:
    """Posts notices to a web hook, each over a connection of its own."""

    way = NoticeWay.WEBHOOK
    domain = None

    def __init__(self, settings: WebhookSettings) -> None:
        self.settings = settings

    @property
    def longest_attempt(self) -> timedelta:
        """How long one post lasts at most."""
        return timedelta(seconds=self.settings.timeout * _STEPS)

    def reaches(self, notice: Notice) -> bool:  # noqa: ARG002 - whomever it is for
        """Return that everybody can be told by the people behind it."""
        return True

    def hand_over(self, notice: Notice, now: datetime) -> Delivery:  # noqa: ARG002 - it dates posts itself
        """Post a notice."""
        return post(self.settings, in_words_for_people(notice), notice.message_id)

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


def webhook_way(
    table: Mapping[str, object], source: str, environment: Mapping[str, str] | None
) -> WebhookWay:
    """Return the way that the config file's table says; ``environment`` may hold its address.

    An address in the file itself goes before. Without an environment none is looked for, and
    nothing can be posted.

    Raises:
        Refusal: a value is wrong, or the address is nowhere; it names ``source`` and the key.
    """
    address = table.get("address")
    if address is None and environment is not None:
        kept = kept_secret(f"address for {source}", ADDRESS_VARIABLE, ACCOUNT, environment)
        address = kept.get_secret_value()
    return WebhookWay(webhook_settings({**table, "address": address or _NOWHERE}, source))


def in_words_for_people(notice: Notice) -> str:
    """Return a notice for people who see many of them: it names whom it is for."""
    at = "" if notice.name == notice.customer else f", {notice.customer}"
    return f"For {notice.name}{at}: {notice.subject}\n\n{notice.body}"
