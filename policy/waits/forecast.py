"""When each ticket of the queue can expect its answer: one play of the queue, with means.

"The forecast plays the queue forward in its order: each available member takes one ticket at a
time and leaves when their hours end, arrivals join, new tickets of higher priority come as often
as they did at this hour of the week."

Whoever begins a ticket answers it after ``answer`` and is free for the next one after ``busy``.
Whoever leaves hands over what they are at, which goes on before anything else; an answer that takes
longer than it keeps somebody busy comes by itself. One more ticket never makes one ahead of it
later or earlier; while nothing new is thought to come, it makes none earlier, and one more person
makes none later. (With new ones, which go ahead only of what has not been begun by then, no
exception was found to these two either, and no proof.)
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush, merge
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from policy.waits.durations import Duration
from policy.waits.staffed_work import MINUTE, StaffedWork
from policy.waits.usual_arrivals import HOURS_OF_WEEK, RUSH_WINDOW, UsualArrivals, hour_of_week
from policy.words import Priority

NEVER = float("inf")
_NOBODYS = -1
"""Stands for the id of a ticket that is only thought to come."""

_NO_ARRIVAL = (NEVER, 0)


class Waiting(NamedTuple):
    """A ticket of the queue that nobody is at and whose next step is ours, owed or not."""

    ticket: int
    priority: Priority | None


class BeingAnswered(NamedTuple):
    """A ticket that somebody who is in is at, since so many minutes of the time they are in.

    ``owed`` says whether the customer waits for its answer; else it only keeps somebody busy.
    """

    ticket: int
    priority: Priority | None
    for_minutes: float
    owed: bool


class AnswerForecast(NamedTuple):
    """When an answer to one ticket is likely, and by when it is safe to say that it comes (UTC).

    None where the roster does not reach that far.
    """

    expected: datetime | None
    safe: datetime | None


NOT_FORESEEN = AnswerForecast(None, None)
"""What is said of a ticket that is not answered as far as the roster reaches."""


def expected_answers(
    queue: Iterable[Waiting],
    at_work: Sequence[BeingAnswered],
    work: StaffedWork,
    durations: Mapping[Priority, Duration],
    arrivals: UsualArrivals,
    priorities: Sequence[Priority],
    wanted: Collection[int] | None = None,
) -> dict[int, datetime]:
    """Return when each ticket is expected to be answered (UTC), as far as the roster reaches.

    ``queue`` is in its order, ``at_work`` the first first; ``priorities`` are the policy's, the
    highest first, and a ticket without one of them counts as of the last. What is at work and not
    owed has had its answer, and is not among those returned. With ``wanted`` only these are, and
    nothing is played beyond the last of them; nothing is read of the queue beyond what is begun.
    """
    line = _Line(queue, {each.ticket for each in at_work}, arrivals, work.now, priorities)
    play = _Play(line, durations, priorities, wanted)
    for sequence, each in enumerate(at_work, start=-len(at_work)):
        play.go_on(sequence, each)
    for (start, people), (end, _) in pairwise(work.steps):
        if play.leave(start, people) or play.work(start, end, people):
            break
    now, end = work.now, work.steps[-1][0]
    return {
        number: now + timedelta(seconds=minutes * 60)
        for number, minutes in play.answered.items()
        if minutes <= end and (wanted is None or number in wanted)
    }


_AtWork = tuple[float, int, int, float]
"""Somebody at a ticket: free when, after how many others begun, its id, answered when (or NEVER).

Plain tuples of minutes since now, as ten thousand of them are made in one play.
"""

_HandedOver = tuple[int, int, float, float]
"""A ticket that was begun and left: after how many others, its id, how long it will yet keep
somebody busy, and how long its answer will yet take (or NEVER)."""

_Arrival = tuple[float, int]
"""A ticket that is thought to come: in how many minutes, and the rank of its priority."""


class _Line:
    """The tickets nobody is at: the queue in its order, and what is thought to come meanwhile."""

    def __init__(
        self,
        queue: Iterable[Waiting],
        begun: Collection[int],
        arrivals: UsualArrivals,
        now: datetime,
        priorities: Sequence[Priority],
    ) -> None:
        self._last = len(priorities) - 1
        ranks = {priority: rank for rank, priority in enumerate(priorities)}
        self._queue = (
            (ticket, ranks.get(priority or "", self._last))
            for ticket, priority in queue
            if ticket not in begun
        )
        self._coming = merge(
            *(
                _coming(rank, arrivals.per_hour.get(priority, ()), arrivals.rush, now)
                for rank, priority in enumerate(priorities[:-1])
            )
        )
        self._come = [0] * len(priorities)
        self._highest_come = self._last
        self.next_arrival, self._next_rank = next(self._coming, _NO_ARRIVAL)
        self._first, self._rank = next(self._queue, (_NOBODYS, self._last))

    @property
    def is_read(self) -> bool:
        """Whether all that wait now have been taken."""
        return self._first == _NOBODYS

    def take(self, now: float) -> tuple[int, int] | None:
        """Take what comes first at a time: the ticket and its rank, None when nothing waits.

        A new one comes before the first of the queue where its priority is higher.
        """
        while self.next_arrival <= now:
            self._come[self._next_rank] += 1
            self._highest_come = min(self._highest_come, self._next_rank)
            self.next_arrival, self._next_rank = next(self._coming, _NO_ARRIVAL)
        first, rank = self._first, self._rank
        if self._highest_come < rank:
            return _NOBODYS, self._take_new()
        if first == _NOBODYS:
            return None
        self._first, self._rank = next(self._queue, (_NOBODYS, self._last))
        return first, rank

    def _take_new(self) -> int:
        """Take the highest of those that have come, and return its rank."""
        rank = self._highest_come
        self._come[rank] -= 1
        while self._highest_come < self._last and not self._come[self._highest_come]:
            self._highest_come += 1
        return rank


class _Play:
    """People at work on the line; all times are minutes since now."""

    def __init__(
        self,
        line: _Line,
        durations: Mapping[Priority, Duration],
        priorities: Sequence[Priority],
        wanted: Collection[int] | None,
    ) -> None:
        self.answered: dict[int, float] = {}
        self._line = line
        self._wanted = None if wanted is None else set(wanted)
        self._takes = [(durations[each].busy, durations[each].answer) for each in priorities]
        self._durations = durations
        self._last_priority = priorities[-1]
        self._at_work: list[_AtWork] = []
        self._handed_over: list[_HandedOver] = []
        self._begun = 0
        self._latest = 0.0
        self._missing = -1 if self._wanted is None else len(self._wanted)

    def go_on(self, sequence: int, begun: BeingAnswered) -> None:
        """Begin with what somebody is at already."""
        lasts = self._durations.get(begun.priority or "", self._durations[self._last_priority])
        if begun.owed:
            answer = lasts.answer_after(begun.for_minutes)
            busy = answer + max(0.0, lasts.busy - lasts.answer)
        else:
            answer, busy = NEVER, lasts.busy_after(begun.for_minutes)
            self._missing -= self._wanted is not None and begun.ticket in self._wanted
        self._begin(0.0, sequence, begun.ticket, busy, answer)

    def leave(self, now: float, people: int) -> bool:
        """Hand over what was begun last, where fewer people are left; return whether all is known.

        Whoever takes no new tickets goes on with what they are at, so nobody leaves now.
        """
        while self._at_work and self._at_work[0][0] <= now:
            heappop(self._at_work)
        if now and len(self._at_work) > people:
            in_order = sorted(self._at_work, key=_when_begun)
            self._at_work = in_order[:people]
            heapify(self._at_work)
            for each in in_order[people:]:
                self._hand_over(now, *each)
        return self._is_known(now)

    def work(self, start: float, end: float, people: int) -> bool:
        """Let so many people work from start to end; return whether all is known."""
        now = start
        at_work, line = self._at_work, self._line
        while now < end:
            while at_work and at_work[0][0] <= now:
                heappop(at_work)
            while len(at_work) < people and self._begin_next(now):
                pass
            if now >= self._latest and self._is_known(now):
                return True
            now = at_work[0][0] if at_work else NEVER
            if len(at_work) < people and line.next_arrival < now:
                now = line.next_arrival
        return False

    def _begin_next(self, now: float) -> bool:
        if self._handed_over:
            self._begin(now, *heappop(self._handed_over))
            return True
        taken = self._line.take(now)
        if taken is None:
            return False
        ticket, rank = taken
        busy, answer = self._takes[rank]
        self._begun += 1
        if ticket == _NOBODYS:
            heappush(self._at_work, (now + busy, self._begun, ticket, NEVER))
        else:
            self._begin(now, self._begun, ticket, busy, answer)
        return True

    def _begin(self, now: float, sequence: int, ticket: int, busy: float, answer: float) -> None:
        answered_at = now + answer
        heappush(self._at_work, (now + busy, sequence, ticket, answered_at))
        if answer == NEVER:
            return
        self.answered[ticket] = answered_at
        if self._wanted is None or ticket in self._wanted:
            self._missing -= 1
            self._latest = max(self._latest, answered_at)

    def _hand_over(
        self, now: float, free_at: float, sequence: int, ticket: int, answered_at: float
    ) -> None:
        answer = NEVER
        if now < answered_at < NEVER:
            answer = answered_at - now
            del self.answered[ticket]
            self._missing += self._wanted is None or ticket in self._wanted
        heappush(self._handed_over, (sequence, ticket, free_at - now, answer))

    def _is_known(self, now: float) -> bool:
        """Return whether no answer that is asked for is still to come, or can be handed over."""
        if now < self._latest:
            return False
        return not self._missing or (self._line.is_read and not self._handed_over)


_when_begun = itemgetter(1)


def _coming(rank: int, per_hour: Sequence[float], rush: float, now: datetime) -> Iterator[_Arrival]:
    """Yield when tickets of one priority come at the usual rate, times the rush while it lasts.

    Each comes when the usual count passes a half: as many as usual at any time, rounded.
    """
    if not any(per_hour):
        return
    rushes_until = RUSH_WINDOW / MINUTE
    hour = hour_of_week(now)
    begin, end = 0.0, 60.0 - now.minute - now.second / 60
    come, due = 0.0, 0.5
    while True:
        usual = per_hour[hour % HOURS_OF_WEEK] * (rush if begin < rushes_until else 1.0) / 60
        come_then = come + usual * (end - begin)
        while due <= come_then:
            yield begin + (due - come) / usual, rank
            due += 1
        come, begin, end, hour = come_then, end, end + 60, hour + 1
