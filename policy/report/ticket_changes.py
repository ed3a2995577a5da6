"""What happened to tickets, and what was in force when, as the report looks at it."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from policy.capacity.mode import ModeSetting
from policy.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What one event did to a ticket; ``at`` is UTC.

    ``before`` is None for a new ticket, ``after`` for one that is no longer there. ``kind`` is the
    event's, and ``note`` what was said with it. ``taken_back`` is whether it was undone, or takes
    back another: it moved the ticket, and counts for nothing else.
    """

    at: datetime
    actor: str
    kind: str
    before: Ticket | None
    after: Ticket | None
    taken_back: bool = False
    note: str = ""

    @property
    def ticket_id(self) -> int:
        """The number of the ticket."""
        ticket = self.after or self.before
        if ticket is None:
            raise ValueError("a change of a ticket needs the ticket before or after it")
        return ticket.id

    @property
    def answers(self) -> bool:
        """Whether the customer got an answer with it; one who was settled or merged got none."""
        before, after = self.before, self.after
        if self.taken_back or before is None or after is None:
            return False
        if self.kind == "replied":
            return True
        waited = before.waiting_since is not None and after.waiting_since is None
        return waited and after.settled_at == before.settled_at and after.merged_into is None


Value = TypeVar("Value")


class Since(NamedTuple, Generic[Value]):
    """A value that holds from an instant (UTC) on, until the next one's."""

    at: datetime
    value: Value


def value_at(held: Sequence[Since[Value]], instant: datetime) -> Value:
    """Return what held at ``instant``; what came first held before that too.

    ``held`` is in the order of time, with at least one. Of several at one instant the last
    counts.
    """
    place = bisect_right(held, instant, key=lambda each: each.at)
    return held[max(place - 1, 0)].value


def values_between(held: Sequence[Since[Value]], start: datetime, end: datetime) -> list[Value]:
    """Return what held at any time from ``start`` to ``end``, in order."""
    return [value_at(held, start), *(each.value for each in held if start < each.at <= end)]


def turns(held: Iterable[Since[Value]], start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants after ``start`` and before ``end`` at which another value came."""
    return (each.at for each in held if start < each.at < end)


def with_ends(settings: Sequence[Since[ModeSetting | None]]) -> list[Since[ModeSetting | None]]:
    """Return modes set by hand with their ends written out: from then on none is set."""
    ended: list[Since[ModeSetting | None]] = []
    for place, each in enumerate(settings):
        ended.append(each)
        until = each.value.until if each.value is not None else None
        following = settings[place + 1].at if place + 1 < len(settings) else None
        if until is not None and (following is None or until < following):
            ended.append(Since(max(until, each.at), None))
    return ended
