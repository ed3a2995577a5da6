"""Three ways to say by when a customer hears from us, which learn from what they are shown.

Ours is the product's own functions, as the store calls them. "Naive 2" is a quantile of how long
customers lately waited. Version 0.1 played the queue by the policy's times and knew nothing else.
"""

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil

from policy.rulebook.rulebook import Rulebook
from policy.waits import durations
from policy.waits.durations import Duration, DurationSample, durations_of
from policy.waits.forecast import (
    NOT_FORESEEN,
    AnswerForecast,
    BeingAnswered,
    Waiting,
    expected_answers,
)
from policy.waits.learning import DuePromise, Learnt, learn
from policy.waits.margins import REMEMBERED, Margin, safe_by, score
from policy.waits.staffed_work import MINUTE, StaffedWork
from policy.waits.usual_arrivals import (
    HOURS_OF_WEEK,
    REMEMBERED_WEEKS,
    RUSH_WINDOW,
    UsualArrivals,
    going_ahead,
    hour_of_week,
    usual_arrivals,
)
from policy.words import Priority

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)


class LearningDesk:
    """What the desk's database would hold, and the product's forecast of it."""

    def __init__(
        self, rulebook: Rulebook, sure: float, begin: datetime, order: Sequence[str]
    ) -> None:
        self._rulebook = rulebook
        self._order = order
        self._priorities = rulebook.vocabulary.priorities
        self._sure = sure
        self._begin = begin
        self._samples: deque[tuple[datetime, DurationSample]] = deque()
        self._durations: Mapping[Priority, Duration] = durations_of(rulebook, ())
        self._durations_of = begin
        self._arrivals: deque[tuple[datetime, Priority]] = deque()
        self._lately: deque[datetime] = deque()
        self._counts = {priority: [0] * HOURS_OF_WEEK for priority in self._priorities}
        self._open: dict[int, tuple[StaffedWork, datetime, DuePromise]] = {}
        self._closed: dict[Priority, deque[DuePromise]] = {
            priority: deque() for priority in self._priorities
        }
        self._due: list[datetime] = []
        self._margins: tuple[datetime, dict[Priority, Margin]] = begin, {}
        self.learnt = Learnt()

    def received(self, priority: Priority, now: datetime) -> None:
        """Count a ticket that has come in."""
        self._arrivals.append((now, priority))
        self._lately.append(now)
        self._counts[priority][hour_of_week(now)] += 1

    def took(self, sample: DurationSample, now: datetime) -> None:
        """Remember how long a ticket took."""
        self._samples.append((now, sample))

    def tell(
        self,
        ticket: int,
        priority: Priority,
        queue: Iterable[Waiting],
        at_work: Sequence[BeingAnswered],
        work: StaffedWork,
    ) -> AnswerForecast:
        """Return what one customer is told at ``work.now``, and remember it as a promise."""
        now = work.now
        expected = expected_answers(
            queue,
            at_work,
            work,
            self._taking(now),
            self._usual(now),
            self._priorities,
            wanted=(ticket,),
        ).get(ticket)
        if expected is None:
            return NOT_FORESEEN
        margin = self._margin(priority, now)
        safe = safe_by(work, expected, margin)
        if safe is not None:
            promise = DuePromise(priority, now, safe, None, None)
            self._open[ticket] = work, expected, promise
            heappush(self._due, safe)
        return AnswerForecast(expected, safe)

    def answered(self, ticket: int, now: datetime) -> None:
        """Note that a customer has had their answer."""
        if ticket in self._open:
            work, expected, promise = self._open.pop(ticket)
            how_far = score(work, expected, now)
            self._closed[promise.priority].append(promise._replace(answered_at=now, score=how_far))

    def _margin(self, priority: Priority, now: datetime) -> Margin:
        """Return the margin of a priority, as it was in this quarter of an hour."""
        quarter = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
        if self._margins[0] != quarter:
            self._margins = quarter, {}
        margins = self._margins[1]
        if priority not in margins:
            self._learn(now)
            closed = self._closed[priority]
            margins[priority] = self.learnt.margin(priority, closed, self._sure, now)
        return margins[priority]

    def _learn(self, now: datetime) -> None:
        if self._due and self._due[0] <= now:
            closed = (each for of_one in self._closed.values() for each in of_one)
            promises = [*closed, *(promise for _, _, promise in self._open.values())]
            self.learnt = learn(self.learnt, promises, self._sure, now)
            while self._due and self._due[0] <= now:
                heappop(self._due)
            for each in self._closed.values():
                _forget(each, now)

    def _taking(self, now: datetime) -> Mapping[Priority, Duration]:
        """Return how long tickets take, reckoned once a day."""
        if now - self._durations_of >= DAY:
            while self._samples and self._samples[0][0] < now - durations.REMEMBERED:
                self._samples.popleft()
            self._durations = durations_of(self._rulebook, (each for _, each in self._samples))
            self._durations_of = now
        return self._durations

    def _usual(self, now: datetime) -> UsualArrivals:
        since = now - REMEMBERED_WEEKS * WEEK
        while self._arrivals and self._arrivals[0][0] < since:
            came, priority = self._arrivals.popleft()
            self._counts[priority][hour_of_week(came)] -= 1
        while self._lately and self._lately[0] < now - RUSH_WINDOW:
            self._lately.popleft()
        weeks = min(float(REMEMBERED_WEEKS), (now - self._begin) / WEEK)
        usual = usual_arrivals(self._counts, weeks, len(self._lately), now)
        return going_ahead(usual, self._order)


def _forget(closed: deque[DuePromise], now: datetime) -> None:
    """Let go of what was answered long ago and has come due."""
    while closed and closed[0].due < now:
        answered = closed[0].answered_at
        if answered is not None and answered > now - REMEMBERED:
            break
        closed.popleft()


class RecentWaits:
    """Naive 2: the quantile at ``sure`` of notice-to-answer of the last 30 days."""

    def __init__(self, sure: float) -> None:
        self._sure = sure
        self._sorted: list[timedelta] = []
        self._by_answer: deque[tuple[datetime, timedelta]] = deque()

    def told(self, now: datetime) -> datetime:
        """Return what everybody is told now; a day while nothing is known."""
        while self._by_answer and self._by_answer[0][0] < now - 30 * DAY:
            _, waited = self._by_answer.popleft()
            del self._sorted[bisect_left(self._sorted, waited)]
        if not self._sorted:
            return now + DAY
        return now + self._sorted[max(0, ceil(self._sure * len(self._sorted)) - 1)]

    def answered(self, told: datetime, now: datetime) -> None:
        """Note how long a customer waited who was told something."""
        self._by_answer.append((now, now - told))
        insort(self._sorted, now - told)


def first_version(
    rulebook: Rulebook, unanswered: Iterable[tuple[int, Priority]], work: StaffedWork, wanted: int
) -> datetime | None:
    """Return what version 0.1 said: all unanswered in their order, ``[handling]``, nobody new.

    As many are being answered as there are people, the first ones; who leaves hands over the one
    that is furthest back.
    """
    takes = {priority: time / MINUTE for priority, time in rulebook.handling_time.items()}
    untouched = ((place, ticket, takes[each]) for place, (ticket, each) in enumerate(unanswered))
    handed_over: list[tuple[int, int, float]] = []
    at_work: list[tuple[float, int, int]] = []
    for (start, people), (end, _) in pairwise(work.steps):
        by_place = sorted(at_work, key=lambda each: each[1])
        at_work = sorted(by_place[:people])
        for at, place, ticket in by_place[people:]:
            heappush(handed_over, (place, ticket, at - start))
        now = start
        while True:
            while len(at_work) < people:
                if handed_over:
                    place, ticket, left = heappop(handed_over)
                elif (begun := next(untouched, None)) is not None:
                    place, ticket, left = begun
                else:
                    break
                heappush(at_work, (now + left, place, ticket))
            if not at_work or at_work[0][0] > end:
                break
            now, _, ticket = heappop(at_work)
            if ticket == wanted:
                return work.now + now * MINUTE
    return None
