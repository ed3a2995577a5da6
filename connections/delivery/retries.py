"""When something that could not be delivered is tried again, and when it is given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from connections.attempts import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """How long to wait after each attempt: ``first``, doubled each time, ``longest`` at most.

    After ``attempts`` of them there is none left: a dead letter, for a person to look at.
    """

    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(minutes=30)
    attempts: int = 8

    def __post_init__(self) -> None:
        """Raise ValueError for a plan that would not wait, or never try."""
        if not timedelta(0) < self.first <= self.longest or self.attempts < 1:
            raise ValueError(f"no plan to try again: {self}")

    def delay(self, attempt: int) -> timedelta | None:
        """Return how long to wait after the ``attempt``-th one, from 1; None to give up."""
        if attempt < 1:
            raise ValueError(f"attempts are counted from 1, and this is {attempt}")
        if attempt >= self.attempts:
            return None
        doublings = min(attempt - 1, (self.longest // self.first).bit_length())
        return min(self.first * (1 << doublings), self.longest)


NOTICES = BackOff()
"""For wait notices: tried for about an hour, as they are soon out of date."""


def try_again_at(
    delivery: Delivery, attempt: int, now: datetime, plan: BackOff = NOTICES
) -> datetime | None:
    """Return when to try again after the ``attempt``-th time, in the zone of ``now``.

    None means to leave it: it is sent, it never can be, its attempts are used up, or nobody knows
    whether it was taken; then trying again by itself could send it twice, so a person decides.
    Where the other side asked for a longer rest than the plan has, it gets it, within bounds.
    """
    delay = plan.delay(attempt) if delivery.may_try_again else None
    if delay is None:
        return None
    asked_for = min(delivery.retry_after or delay, plan.longest)
    return now + max(delay, asked_for)
