"""When each waiting ticket can expect its first answer.

"The forecast walks the queue in its order: each available member takes one ticket at a time,
`handling` time by priority, arrivals join as they arrive, people leave when their hours end."

At any instant as many tickets are being answered as people are available, the first unanswered
ones in the order; who leaves hands over what they were at. So one more person never makes any
ticket later, one more ticket never makes another one earlier, and of two that take equally long
the one ahead in the queue is answered first.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from policy.coverage import coverage
from policy.roster import Roster
from policy.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import Priority

HORIZON = timedelta(days=30)
"""How far ahead the forecast looks; what is not answered by then has no expected time."""

_NO_TIME = timedelta(0)


def expected_answers(
    rulebook: Rulebook, roster: Roster, queue: Sequence[Ticket], now: datetime
) -> Mapping[int, datetime]:
    """Return when each ticket of ``queue``, given in its order, is expected to be answered (UTC).

    Tickets that nobody waits for are walked past. One beyond the horizon is left out.
    """
    waiting = [ticket for ticket in queue if ticket.waiting_since is not None]
    takes = _handling(rulebook)
    line = _Line([(ticket.id, takes[ticket.priority or Priority.P3]) for ticket in waiting])
    for start, end, people in _working(roster, now):
        line.work(start, end, people)
        if line.done:
            break
    return line.answered


class _Line:
    """The tickets in the order, of which the first few are being answered at any time."""

    def __init__(self, tickets: Sequence[tuple[int, timedelta]]) -> None:
        self.answered: dict[int, datetime] = {}
        self._tickets = tickets
        self._next = 0
        self._begun: list[tuple[int, timedelta]] = []

    @property
    def done(self) -> bool:
        return self._next == len(self._tickets) and not self._begun

    def work(self, start: datetime, end: datetime, people: int) -> None:
        """Let ``people`` work from ``start`` to ``end``, handing over what does not get done."""
        while start < end and people:
            while len(self._begun) < people and self._next < len(self._tickets):
                self._begun.append(self._tickets[self._next])
                self._next += 1
            if not self._begun:
                return
            step = min(end - start, *(left for _, left in self._begun[:people]), end - start)
            start += step
            self._spend(step, start, people)

    def _spend(self, step: timedelta, now: datetime, people: int) -> None:
        at_work = [(number, left - step) for number, left in self._begun[:people]]
        self.answered.update({number: now for number, left in at_work if left <= _NO_TIME})
        unfinished = [each for each in at_work if each[1] > _NO_TIME]
        self._begun = unfinished + self._begun[people:]


def _working(roster: Roster, now: datetime) -> Iterator[tuple[datetime, datetime, int]]:
    """Yield how many take new tickets, from when to when; nobody at capacity does."""
    full = {member.login for member in roster.members if member.at_capacity}
    for cover in coverage(roster, now, now + HORIZON):
        yield cover.start, cover.end, len(cover.available - full)


def _handling(rulebook: Rulebook) -> Mapping[Priority, timedelta]:
    handling = rulebook.handling
    return {
        Priority.P0: handling.p0,
        Priority.P1: handling.p1,
        Priority.P2: handling.p2,
        Priority.P3: handling.p3,
    }
