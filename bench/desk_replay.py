"""A desk of twelve, played with what no forecast knows: breaks, drift, a rush, a flu.

The hours and days at which tickets come are the log's, and how many a week; the rest is drawn.
"""

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import exp, pi, sin, sqrt
from random import Random
from statistics import fmean
from typing import Any

from bench.incident_log import Incident
from bench.judged import Told
from bench.promise_methods import LearningDesk, RecentWaits, first_version
from policy.roster.coverage import available_hours
from policy.roster.members import Roster, TimeOff
from policy.roster.team_file import load_team, member_of
from policy.rulebook.rulebook import handbook
from policy.waits.durations import DurationSample
from policy.waits.forecast import BeingAnswered, Waiting
from policy.waits.staffed_work import MINUTE, StaffedWork
from policy.words import Priority

START = datetime(2024, 1, 1, tzinfo=UTC)
"""A Monday."""

DAYS_OF_YEAR = 365
MINUTES_OF_DAY = 24 * 60
MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY
NEXT_FEW = 10


def team_of(people: Sequence[Mapping[str, Any]]) -> Roster:
    """Return a roster of so many people with each kind of hours."""
    number = count(1)
    text = "".join(
        f'[[member]]\nlogin = "p{(login := next(number))}"\nname = "P{login}"\nrole = "support"\n'
        f'region = "all"\ntimezone = "{kind["timezone"]}"\nhours = {list(kind["hours"])!r}\n'
        for kind in people
        for _ in range(kind["count"])
    )
    return Roster(tuple(member_of(entry) for entry in load_team(text, "bench/promises.toml")))


@dataclass
class Ticket:
    """A ticket of the replay; times in minutes since the start."""

    number: int
    rank: int
    priority: Priority
    received: float
    to_answer: float
    busy: float
    worked: float = 0.0
    """Minutes of staffed time that those have spent on it who have handed it over."""

    @property
    def key(self) -> tuple[int, float, int]:
        """Where it stands in the queue."""
        return self.rank, self.received, self.number


@dataclass
class Person:
    """Somebody of the replay: their shifts, what of these they are there for, and their ticket."""

    login: str
    shifts: list[tuple[float, float]]
    there: list[tuple[float, float, int]]
    """From and until, and of which shift it is."""

    free_at: float = 0.0
    ticket: Ticket | None = None
    since: float = 0.0
    answers_at: float = 0.0
    pace: float = 1.0
    _starts: list[float] = field(default_factory=list)
    _shift_starts: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Keep what is looked up by time."""
        self._starts = [start for start, _, _ in self.there]
        self._shift_starts = [start for start, _ in self.shifts]

    def is_ready(self, now: float) -> bool:
        """Return whether they are there, and free."""
        at = bisect_right(self._starts, now) - 1
        return self.free_at <= now and at >= 0 and now < self.there[at][1]

    def is_in(self, now: float) -> bool:
        """Return whether the roster has them in."""
        at = bisect_right(self._shift_starts, now) - 1
        return at >= 0 and now < self.shifts[at][1]

    def shift_end(self, now: float) -> float:
        """Return when the shift ends that they are there for."""
        return self.shifts[self.there[bisect_right(self._starts, now) - 1][2]][1]

    def worked(self, start: float, end: float) -> float:
        """Return the minutes between two instants that the roster has them in."""
        at = max(0, bisect_right(self._shift_starts, start) - 1)
        total = 0.0
        while at < len(self.shifts) and self.shifts[at][0] < end:
            total += max(0.0, min(end, self.shifts[at][1]) - max(start, self.shifts[at][0]))
            at += 1
        return total

    def after(self, start: float, minutes: float) -> float:
        """Return when they have been there for so many minutes from start on."""
        for begin, end, _ in self.there[bisect_right(self._starts, start) - 1 :]:
            left = end - max(begin, start)
            if left >= minutes:
                return max(begin, start) + minutes
            minutes -= max(0.0, left)
        return self.there[-1][1] + minutes


class DeskReplay:
    """Plays the desk once, with one seed, and tells each customer three times."""

    def __init__(
        self, log: Sequence[Incident], told: Mapping[str, Any], desk: Mapping[str, Any], seed: int
    ) -> None:
        self._rulebook = handbook()
        self._random = Random(seed)  # noqa: S311 - a simulation
        self._desk = desk
        self._told_after = desk["told_after"] * 60
        self._roster = team_of(desk["people"])
        self._learning = LearningDesk(
            self._rulebook, told["sure"], START, self._rulebook.order.normal
        )
        self._recent = RecentWaits(told["sure"])
        self._queue: list[tuple[tuple[int, float, int], Ticket]] = []
        self._told: dict[int, Told] = {}
        self._events: list[tuple[float, int, int, Any]] = []
        self._number = count()
        self._work: tuple[int, StaffedWork] | None = None
        self._slowness = self._drift(desk["weeks"] * 7)
        self._out = self._with_flu()
        self._people = [self._person(number) for number in range(len(self._roster.support))]
        for ticket in self._tickets(log):
            self._at(ticket.received, 1, ticket)

    def run(self) -> list[Told]:
        """Return what each customer was told who was told anything, and what happened."""
        doing = (self._come_in, self._receive, self._answer, self._finish, self._leave, self._tell)
        while self._events:
            now, kind, _, what = heappop(self._events)
            doing[kind](now, what)
        return [each for each in self._told.values() if each.answered is not None]

    def _at(self, when: float, kind: int, what: Any) -> None:  # noqa: ANN401 - of each kind another
        heappush(self._events, (when, kind, next(self._number), what))

    # What happens

    def _come_in(self, now: float, _: Person) -> None:
        self._begin(now)

    def _receive(self, now: float, ticket: Ticket) -> None:
        self._learning.received(ticket.priority, _instant(now))
        insort(self._queue, (ticket.key, ticket))
        self._begin(now)
        self._at(now + self._told_after, 5, ticket)

    def _begin(self, now: float) -> None:
        ready = [person for person in self._people if person.is_ready(now)]
        self._random.shuffle(ready)
        for person in ready:
            if not self._queue:
                return
            place = 0
            if self._random.random() < self._desk["out_of_order"]:
                place = self._random.randrange(min(NEXT_FEW, len(self._queue)))
            _, ticket = self._queue.pop(place)
            self._pick(now, person, ticket)

    def _pick(self, now: float, person: Person, ticket: Ticket) -> None:
        person.pace = 1 / (1 + len(self._queue) / self._desk["hurry"])
        person.ticket, person.since = ticket, now
        answers_at = person.after(now, ticket.to_answer * person.pace)
        ends = person.shift_end(now)
        if answers_at > ends + self._desk["over_time"]:
            person.free_at, person.answers_at = ends, float("inf")
            self._at(ends, 4, (person, ticket))
            return
        person.answers_at = answers_at
        person.free_at = max(answers_at, person.after(now, ticket.busy * person.pace))
        self._at(answers_at, 2, (person, ticket))
        self._at(person.free_at, 3, (person, ticket))

    def _answer(self, now: float, what: tuple[Person, Ticket]) -> None:
        person, ticket = what
        told = self._told.get(ticket.number)
        answer = ticket.worked + person.worked(person.since, now)
        self._learning.took(DurationSample(ticket.priority, answer, None), _instant(now))
        if told is not None:
            told.answered = _instant(now)
            self._recent.answered(told.told_at, _instant(now))
            self._learning.answered(ticket.number, _instant(now))
        ticket.to_answer = 0

    def _finish(self, now: float, what: tuple[Person, Ticket]) -> None:
        person, ticket = what
        busy = ticket.worked + person.worked(person.since, now)
        self._learning.took(DurationSample(ticket.priority, None, busy), _instant(now))
        person.ticket = None
        self._begin(now)

    def _leave(self, now: float, what: tuple[Person, Ticket]) -> None:
        person, ticket = what
        done = sum(
            max(0.0, min(end, now) - max(begin, person.since))
            for begin, end, _ in person.there
            if begin < now and end > person.since
        )
        ticket.worked += person.worked(person.since, now)
        ticket.to_answer -= done / person.pace
        ticket.busy -= done / person.pace
        person.ticket = None
        insort(self._queue, (ticket.key, ticket))
        self._begin(now)

    # What is told

    def _tell(self, now: float, ticket: Ticket) -> None:
        if not ticket.to_answer:
            return
        work = self._work_at(now)
        at_work = [
            (person.ticket, ticket.worked + person.worked(person.since, now), person.answers_at)
            for person in self._people
            if person.ticket is not None and person.is_in(now)
        ]
        begun = [
            BeingAnswered(each.number, each.priority, minutes, each.to_answer > 0)
            for each, minutes, _ in sorted(at_work, key=lambda one: one[0].key)
        ]
        unanswered = sorted(
            [*self._queue, *((each.key, each) for each, _, _ in at_work if each.to_answer > 0)],
            key=lambda one: one[0],
        )
        forecast = self._learning.tell(ticket.number, ticket.priority, self._waiting(), begun, work)
        self._told[ticket.number] = Told(
            priority=ticket.priority,
            told_at=work.now,
            expected=forecast.expected,
            ours=forecast.safe,
            naive=self._recent.told(work.now),
            first_version=first_version(
                self._rulebook,
                ((each.number, each.priority) for _, each in unanswered),
                work,
                ticket.number,
            ),
        )

    def _waiting(self) -> Iterator[Waiting]:
        return (Waiting(ticket.number, ticket.priority) for _, ticket in self._queue)

    def _work_at(self, now: float) -> StaffedWork:
        """Return the roster as it is known: whoever is out today is thought to be back tomorrow."""
        day = int(now // MINUTES_OF_DAY)
        if self._work is None or self._work[0] != day:
            midnight = START + timedelta(days=day)
            out = [
                TimeOff(
                    login=login,
                    start=midnight,
                    until=midnight + timedelta(days=1),
                    reason="flu",
                    entered_by=login,
                )
                for login in self._out.get(day, ())
            ]
            self._work = day, StaffedWork.of(self._roster.with_time_off(out), midnight)
        return self._work[1].later(_instant(now))

    # What is drawn

    def _drift(self, days: int) -> list[float]:
        """Return how long everything takes each day: a season, and what drifts from day to day."""
        spread, keeps = self._desk["by_day"], self._desk["day_to_day"]
        lately = self._random.gauss(0, spread)
        slowness = []
        for day in range(days):
            season = 1 + self._desk["by_season"] * sin(2 * pi * day / DAYS_OF_YEAR)
            slowness.append(season * exp(lately - spread**2 / 2))
            lately = keeps * lately + self._random.gauss(0, spread * sqrt(1 - keeps**2))
        return slowness

    def _varied(self, spread: float) -> float:
        return self._random.lognormvariate(-(spread**2) / 2, spread)  # its mean is 1

    def _with_flu(self) -> dict[int, list[str]]:
        logins = [each.login for each in self._roster.support]
        ill = self._random.sample(logins, len(logins) // 2)
        first = self._desk["flu_week"] * 7
        return dict.fromkeys(range(first, first + 7), ill)

    def _person(self, number: int) -> Person:
        member = self._roster.support[number]
        end = START + timedelta(weeks=self._desk["weeks"] + 8)
        hours = [
            ((each.start - START) / MINUTE, (each.end - START) / MINUTE)
            for each in available_hours(self._roster, member, START, end)
        ]
        shifts = [
            each
            for each in hours
            if member.login not in self._out.get(int(each[0] // MINUTES_OF_DAY), ())
        ]
        there = [
            (start, until, place)
            for place, shift in enumerate(shifts)
            for start, until in self._without_breaks(*shift)
        ]
        person = Person(member.login, shifts, there)
        for start, _, _ in there:
            self._at(start, 0, person)
        return person

    def _without_breaks(self, start: float, end: float) -> list[tuple[float, float]]:
        pieces = []
        since = start
        breaks = sorted(
            (self._random.uniform(start, end), self._random.uniform(least, most))
            for least, most in self._desk["breaks"]
        )
        for begin, length in breaks:
            if since < begin and begin + length < end:
                pieces.append((since, begin))
                since = begin + length
        return [*pieces, (since, end)]

    def _tickets(self, log: Sequence[Incident]) -> Iterator[Ticket]:
        weeks = weeks_of(log)
        priorities, shares = zip(*self._desk["priorities"].items(), strict=True)
        usual = self._desk["arrivals_a_week"] / fmean(len(week) for week in weeks)
        numbers = count(1)
        for week in range(self._desk["weeks"]):
            pattern = self._random.choice(weeks)
            rush = self._desk["rush"] * self._desk["arrivals_a_week"] / len(pattern)
            share = rush if week == self._desk["rush_week"] else usual
            for minute in pattern:
                if self._random.random() < share:
                    rank = self._random.choices(range(len(shares)), shares)[0]
                    received = week * MINUTES_OF_WEEK + minute + self._random.random()
                    yield self._ticket(next(numbers), rank, priorities[rank], received)

    def _ticket(self, number: int, rank: int, priority: Priority, received: float) -> Ticket:
        slow = self._slowness[int(received // MINUTES_OF_DAY)] * self._varied(self._desk["spread"])
        answer, busy = self._desk["takes"][priority]
        return Ticket(number, rank, priority, received, answer * slow, busy * slow)


def weeks_of(log: Sequence[Incident]) -> list[list[float]]:
    """Return the full weeks of the log: for each, in which of its minutes tickets came."""
    first = log[0].received
    monday = datetime(first.year, first.month, first.day, tzinfo=UTC)
    monday -= timedelta(days=monday.weekday())
    weeks: dict[int, list[float]] = {}
    for each in log:
        week, minute = divmod((each.received - monday) / MINUTE, MINUTES_OF_WEEK)
        weeks.setdefault(int(week), []).append(minute)
    return [weeks[week] for week in sorted(weeks) if len(weeks[week]) > FULL_WEEK]


FULL_WEEK = 1_000
"""Fewer incidents than this, and the log covers only a part of the week."""


def _instant(minutes: float) -> datetime:
    return START + minutes * MINUTE
