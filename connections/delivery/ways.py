"""What a way for notices to go out has to be able to do, whatever it is: mail, a chat tool."""

from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from connections.attempts import Delivery
from policy.words import NoticeWay
from store.notices.notice_models import Notice


class DeliveryWay(Protocol):
    """A way that is set up; it is used in a ``with`` statement, from one thread."""

    @property
    def way(self) -> NoticeWay:
        """What the ledger calls it."""

    @property
    def domain(self) -> str | None:
        """The name that ends the Message-IDs of what it carries, None where those are not read."""

    @property
    def longest_attempt(self) -> timedelta:
        """How long sending one notice lasts at most: what a lease on it has to outlast."""

    def reaches(self, notice: Notice) -> bool:
        """Return whether whom the notice is for can be reached this way."""

    def hand_over(self, notice: Notice, now: datetime) -> Delivery:
        """Send a notice, dated ``now``, and say exactly how far it came; it raises nothing."""

    def __enter__(self) -> Self:
        """Return itself; a connection is made with the first notice."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
