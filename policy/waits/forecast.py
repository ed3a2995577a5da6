"""When each ticket of the queue can expect its answer: one play of the queue, with means.

"The forecast plays the queue forward in its order: each available member takes one ticket at a
time and leaves when their hours end, arrivals join, new tickets of higher priority come as often
as they did at this hour of the week."

Whoever begins a ticket answers it after ``answer`` and is free for the next one after ``busy``.
Whoever leaves hands over what they are at, which goes on before anything else. One more person
never makes the first of the queue later; with one length for all tickets, none. One more ticket
never makes one ahead of it later, nor any other one earlier where all take equally long.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import heapify, heappop, heappush, merge
from itertools import pairwise
from typing import NamedTuple

from policy.waits.durations import Duration
from policy.waits.staffed_work import MINUTE, StaffedWork
from policy.waits.usual_arrivals import HOURS_OF_WEEK, RUSH_WINDOW, UsualArrivals, hour_of_week
from policy.words import Priority

NEVER = float("inf")
_NOBODYS = -1
"""Stands for the id of a ticket that is only thought to come."""


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


def expected_answers(  # noqa: PLR0917 - what is waiting, who is there, what is usual: in this order
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
    owed has had its answer, and is not among those returned. With ``wanted`` nothing is played
    beyond the last of these that is found; nothing is read of the queue beyond what is begun.
    """
    line = _Line(queue, {each.ticket for each in at_work}, arrivals, work.now, priorities)
    play = _Play(line, durations, priorities, wanted)
    for sequence, each in enumerate(at_work, start=-len(at_work)):
        play.go_on(sequence, each)
    for (start, people), (end, _) in pairwise(work.steps):
        if play.leave(start, people) or play.work(start, end, people):
            break
    end = work.steps[-1][0]
    return {
        number: work.now + minutes * MINUTE
        for number, minutes in play.answered.items()
        if minutes <= end
    }


class _AtWork(NamedTuple):
    """A ticket that somebody is at: when they are free, and when it is answered, in minutes.

    ``sequence`` is how many had been begun before it; ``answered_at`` NEVER where no answer is due.
    """

    free_at: float
    sequence: int
    ticket: int
    answered_at: float


class _HandedOver(NamedTuple):
    """A ticket that was begun and left, with what is left to do, in minutes."""

    sequence: int
    ticket: int
    busy: float
    answer: float


class _Arrival(NamedTuple):
    """A ticket that is thought to come: in how many minutes, and the rank of its priority."""

    at: float
    rank: int


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
        self._queue = (each for each in queue if each.ticket not in begun)
        self._first = next(self._queue, None)
        self._ranks: dict[Priority | None, int] = {
            priority: rank for rank, priority in enumerate(priorities)
        }
        self._last = len(priorities) - 1
        self._coming = merge(
            *(
                _coming(rank, arrivals.per_hour.get(priority, ()), arrivals.rush, now)
                for rank, priority in enumerate(priorities[:-1])
            )
        )
        self._next = next(self._coming, None)
        self._come = [0] * len(priorities)

    @property
    def is_read(self) -> bool:
        """Whether all that wait now have been taken."""
        return self._first is None

    @property
    def next_arrival(self) -> float:
        """In how many minutes the next new ticket is thought to come."""
        return NEVER if self._next is None else self._next.at

    def take(self, now: float) -> tuple[int, int] | None:
        """Take what comes first at a time: the ticket and its rank, None when nothing waits.

        A new one comes before the first of the queue where its priority is higher.
        """
        while self._next is not None and self._next.at <= now:
            self._come[self._next.rank] += 1
            self._next = next(self._coming, None)
        first = self._first
        rank = self._last + 1 if first is None else self._ranks.get(first.priority, self._last)
        for higher in range(min(rank, self._last)):
            if self._come[higher]:
                self._come[higher] -= 1
                return _NOBODYS, higher
        if first is None:
            return None
        self._first = next(self._queue, None)
        return first.ticket, rank


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
        self._sequence = 0
        self._latest = 0.0
        self._missing = NEVER if self._wanted is None else len(self._wanted)

    def go_on(self, sequence: int, begun: BeingAnswered) -> None:
        """Begin with what somebody is at already."""
        lasts = self._durations.get(begun.priority or "", self._durations[self._last_priority])
        if begun.owed:
            answer = lasts.answer_after(begun.for_minutes)
            busy = answer + max(0.0, lasts.busy - lasts.answer)
        else:
            answer, busy = NEVER, lasts.busy_after(begun.for_minutes)
        self._begin(0.0, _HandedOver(sequence, begun.ticket, busy, answer))

    def leave(self, now: float, people: int) -> bool:
        """Hand over what was begun last, where fewer people are left; return whether all is known.

        Whoever takes no new tickets goes on with what they are at, so nobody leaves now.
        """
        self._finish(now)
        if now and len(self._at_work) > people:
            in_order = sorted(self._at_work, key=lambda each: each.sequence)
            self._at_work = in_order[:people]
            heapify(self._at_work)
            for each in in_order[people:]:
                self._hand_over(now, each)
        return self._is_known(now)

    def work(self, start: float, end: float, people: int) -> bool:
        """Let so many people work from start to end; return whether all is known."""
        now = start
        while True:
            self._finish(now)
            while len(self._at_work) < people and self._begin_next(now):
                pass
            if self._is_known(now):
                return True
            now = self._at_work[0].free_at if self._at_work else NEVER
            if len(self._at_work) < people:
                now = min(now, self._line.next_arrival)
            if now >= end:
                return False

    def _finish(self, now: float) -> None:
        while self._at_work and self._at_work[0].free_at <= now:
            heappop(self._at_work)

    def _begin_next(self, now: float) -> bool:
        if self._handed_over:
            self._begin(now, heappop(self._handed_over))
            return True
        taken = self._line.take(now)
        if taken is None:
            return False
        ticket, rank = taken
        busy, answer = self._takes[rank]
        self._sequence += 1
        answer = NEVER if ticket == _NOBODYS else answer
        self._begin(now, _HandedOver(self._sequence, ticket, busy, answer))
        return True

    def _begin(self, now: float, what: _HandedOver) -> None:
        answered_at = now + what.answer
        heappush(self._at_work, _AtWork(now + what.busy, what.sequence, what.ticket, answered_at))
        if answered_at < NEVER:
            self.answered[what.ticket] = answered_at
            if self._wanted is None:
                self._latest = max(self._latest, answered_at)
            elif what.ticket in self._wanted:
                self._missing -= 1
                self._latest = max(self._latest, answered_at)

    def _hand_over(self, now: float, left: _AtWork) -> None:
        answer = NEVER
        if now < left.answered_at < NEVER:
            answer = left.answered_at - now
            del self.answered[left.ticket]
            self._missing += self._wanted is not None and left.ticket in self._wanted
        heappush(
            self._handed_over,
            _HandedOver(left.sequence, left.ticket, left.free_at - now, answer),
        )

    def _is_known(self, now: float) -> bool:
        """Return whether no answer that is asked for is still to come, or can be handed over."""
        if self._wanted is not None and not self._missing:
            return now >= self._latest
        return self._line.is_read and not self._handed_over and now >= self._latest


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
            yield _Arrival(begin + (due - come) / usual, rank)
            due += 1
        come, begin, end, hour = come_then, end, end + 60, hour + 1
