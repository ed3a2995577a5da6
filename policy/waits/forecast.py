"""When each ticket of the queue can expect its answer.

"The forecast walks the queue in its order: each available member takes one ticket at a time,
`handling` time by priority, arrivals join as they arrive, people leave when their hours end."

At any instant as many tickets are being answered as there are people who take new ones, the first
unanswered ones of the order; who leaves hands over what they were at. So one more person never
makes any ticket later, one more ticket never makes another one earlier, and of two that take
equally long the one ahead in the queue is answered first.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from policy.roster.coverage import coverage
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket

HORIZON = timedelta(days=30)
"""How far ahead the forecast looks; what is not answered by then has no expected time."""


def expected_answers(
    rulebook: Rulebook, roster: Roster, queue: Iterable[Ticket], now: datetime
) -> Mapping[int, datetime]:
    """Return when each ticket of ``queue``, given in its order, is expected to be answered (UTC).

    Every ticket whose next step is ours takes its time, also one whose customer has had an answer.
    Nothing is read of the queue beyond what can be begun within the horizon, and what is not
    through by then is left out. Whoever is at capacity "takes no new tickets".
    """
    line = _Line(_work(rulebook, queue))
    for cover in coverage(roster.taking_new, now, now + HORIZON):
        line.work(cover.start, cover.end, people=len(cover.available))
        if line.is_through:
            break
    return line.answered


class _Work(NamedTuple):
    """What is left of a ticket; ``place`` is where it stands in the queue."""

    place: int
    ticket: int
    left: timedelta


class _AtWork(NamedTuple):
    """A ticket that somebody is at, which is done ``at`` a time if they stay."""

    at: datetime
    place: int
    ticket: int


class _Line:
    """The tickets in their order, of which the first few are being answered at any time."""

    def __init__(self, tickets: Iterator[_Work]) -> None:
        self.answered: dict[int, datetime] = {}
        self.is_through = False
        self._untouched = tickets
        self._handed_over: deque[_Work] = deque()
        self._at_work: list[_AtWork] = []

    def work(self, start: datetime, end: datetime, *, people: int) -> None:
        """Let ``people`` work from ``start`` to ``end``; whoever is not among them has left."""
        self._leave(start, people)
        self._begin(start, people)
        while self._at_work and self._at_work[0].at <= end:
            done = heappop(self._at_work)
            self.answered[done.ticket] = done.at
            self._begin(done.at, people)

    def _begin(self, now: datetime, people: int) -> None:
        """Give everybody who has none a ticket: first what was begun, then the next untouched."""
        while len(self._at_work) < people:
            work = self._handed_over.popleft() if self._handed_over else next(self._untouched, None)
            if work is None:
                self.is_through = not self._at_work
                return
            heappush(self._at_work, _AtWork(now + work.left, work.place, work.ticket))

    def _leave(self, now: datetime, people: int) -> None:
        """Hand over what is furthest back in the order, where fewer people are left."""
        if len(self._at_work) <= people:
            return
        by_place = sorted(self._at_work, key=lambda one: one.place)
        self._at_work, left = by_place[:people], by_place[people:]
        heapify(self._at_work)
        self._handed_over.extendleft(
            _Work(one.place, one.ticket, one.at - now) for one in reversed(left)
        )


def _work(rulebook: Rulebook, queue: Iterable[Ticket]) -> Iterator[_Work]:
    takes = rulebook.handling.by_priority
    last = takes[rulebook.vocabulary.last_priority]
    for place, ticket in enumerate(queue):
        yield _Work(place, ticket.id, takes.get(ticket.priority or "", last))
