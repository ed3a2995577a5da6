"""Notices to a chat tool, for the people in it who pass them on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from connections.attempts import Delivery
from connections.delivery.webhook import WebhookSettings, post, webhook_settings
from policy.words import NoticeWay
from store.read_models import Notice

_STEPS = 12
"""How many times its timeout a post to a chat tool may last."""


class ChatWay:
    """Posts notices to a chat tool, each over a connection of its own."""

    way = NoticeWay.WEBHOOK
    domain = None

    def __init__(self, settings: WebhookSettings) -> None:
        self.settings = settings

    @property
    def longest_attempt(self) -> timedelta:
        """How long one post lasts at most."""
        return timedelta(seconds=self.settings.timeout * _STEPS)

    def reaches(self, notice: Notice) -> bool:  # noqa: ARG002 - whomever it is for
        """Return that everybody can be told by the people in the chat."""
        return True

    def hand_over(self, notice: Notice, now: datetime) -> Delivery:  # noqa: ARG002 - a chat dates
        """Post a notice."""
        return post(self.settings, _for_chat(notice), notice.message_id)

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
    table: Mapping[str, object],
    source: str,
    environment: Mapping[str, str] | None,  # noqa: ARG001 - its address is its secret
) -> ChatWay:
    """Return the way that the config file's table says.

    Raises:
        Refusal: a value is wrong; it names ``source`` and the key.
    """
    return ChatWay(webhook_settings(table, source))


def _for_chat(notice: Notice) -> str:
    """Return a notice for people in a chat tool, who see many of them: it names whom it is for."""
    at = "" if notice.name == notice.customer else f", {notice.customer}"
    return f"For {notice.name}{at}: {notice.subject}\n\n{notice.body}"
