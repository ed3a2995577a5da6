"""A calendar's open minutes, found by walking one by one: nothing here knows how it is reckoned."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from policy.clocks.calendar import Calendar

MINUTE = timedelta(minutes=1)
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

CLOCK_CHANGES = [
    ("America/Los_Angeles", date(2026, 3, 8)),
    ("America/Los_Angeles", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2019, 2, 16)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("Asia/Kolkata", date(2026, 3, 8)),
    ("Pacific/Apia", date(2011, 12, 30)),
]
"""Zones with days around which their clocks change (or, in Kolkata, do not)."""

WALKED_DAYS = 10
"""How many days before and after such a day are walked."""


@dataclass(frozen=True)
class Shift:
    """Weekly hours, in minutes from the start of their first day."""

    day: int
    start: int
    length: int

    @property
    def text(self) -> str:
        end = self.start + self.length
        last, minutes = divmod(end, 24 * 60)
        if self.length < 24 * 60 and end <= 2 * 24 * 60:
            return f"{DAY_NAMES[self.day]} {clock(self.start)}-{clock(minutes)}"
        last_day = DAY_NAMES[(self.day + last) % 7]
        return f"{DAY_NAMES[self.day]} {clock(self.start)} - {last_day} {clock(minutes)}"


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True)
class Case:
    """A calendar, and the same said in another way for the walk."""

    zone: str
    around: date
    shifts: tuple[Shift, ...]
    holidays: frozenset[date]

    @property
    def calendar(self) -> Calendar:
        return Calendar.of(self.zone, [shift.text for shift in self.shifts], self.holidays)

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.around, time(0), UTC) - timedelta(days=WALKED_DAYS)

    @property
    def minutes(self) -> int:
        return 2 * WALKED_DAYS * 24 * 60

    def away(self, distance: timedelta) -> datetime:
        return datetime.combine(self.around, time(0), UTC) + distance

    def at(self, minute: int) -> datetime:
        return self.begin + minute * MINUTE


@lru_cache(maxsize=64)
def walked(zone: str, begin: datetime, minutes: int) -> tuple[list[datetime], ...]:
    """Return what a clock on the wall shows at each minute, its highest so far, its lowest yet."""
    shown = [
        (begin + number * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        for number in range(minutes)
    ]
    highest = list(accumulate(shown, max))
    lowest = list(accumulate(reversed(shown), min))[::-1]
    return shown, highest, lowest


def open_minutes(case: Case) -> list[bool]:
    """Return for each minute of the walk whether the calendar is open during it."""
    shown, highest, lowest = walked(case.zone, case.begin, case.minutes)
    last_shown = {wall: number for number, wall in enumerate(shown)}
    is_open_at = [False] * case.minutes
    for shift in case.shifts:
        for number in range(-2 * WALKED_DAYS, 2 * WALKED_DAYS):
            day = case.around + timedelta(days=number)
            if day.weekday() != shift.day:
                continue
            start = datetime.combine(day, time(0)) + shift.start * MINUTE
            end = start + shift.length * MINUTE
            first = bisect_left(highest, start)
            beyond = last_shown.get(end, bisect_left(lowest, end))
            is_open_at[first:beyond] = [True] * len(is_open_at[first:beyond])
    return [
        one and wall.date() not in case.holidays
        for one, wall in zip(is_open_at, shown, strict=True)
    ]


EDGES = st.sampled_from([0, 30, 60, 90, 105, 120, 150, 180, 1380, 1410])
"""Minutes of a day at which clocks change, and those that they skip or show twice."""


@st.composite
def shifts(draw: st.DrawFn, around: date) -> Shift:
    near = st.sampled_from([around.weekday(), (around.weekday() - 1) % 7])
    start = draw(st.integers(0, 24 * 60 - 1) | EDGES)
    until_an_edge = EDGES.map(lambda end: (end - start) % (24 * 60) or 24 * 60)
    length = draw(st.integers(1, 7 * 24 * 60 - 1) | st.integers(1, 24 * 60) | until_an_edge)
    return Shift(draw(st.integers(0, 6) | near), start, length)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone, around = draw(st.sampled_from(CLOCK_CHANGES))
    near = st.integers(-8, 8).map(lambda days: around + timedelta(days=days))
    split_days = draw(st.lists(shifts(around), min_size=1, max_size=6))
    holidays = draw(st.frozensets(near, max_size=3))
    return Case(zone, around, tuple(split_days), holidays)
