"""A time that a contract names: so much open time, so many closings ahead, or none at all."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from policy.clocks.business_time import add_business_time, business_time_between
from policy.clocks.calendar import LAST_YEAR, Calendar, Interval, in_utc, open_intervals
from policy.clocks.intervals import joined, without
from policy.clocks.typed_time import format_duration, parse_duration
from policy.clocks.zones import zone_named
from policy.refusal import Refusal, expected

MOST_BUSINESS_DAYS = 366
"""How many business days a contract may give for anything."""

LONGEST_OPEN_TIME = timedelta(days=366)
"""How much open time a contract may give for anything."""

NO_TIME = "none"
"""The word for a target that nobody is promised."""

_WEEK = timedelta(days=7)
_WEEKS_LOOKED_AHEAD = 530
_LAST_INSTANT = datetime(LAST_YEAR, 12, 31, tzinfo=UTC)
_MINUTES_OF_DAY = 24 * 60
_MINUTES_OF_WEEK = 7 * _MINUTES_OF_DAY
_BUSINESS_DAYS = re.compile(r"([0-9]{1,9})\s*bd")
_EXPECTATION = 'a time in quotes such as "4h" of open time, "1bd" for a closing, or "none"'


@dataclass(frozen=True, slots=True)
class TargetTime:
    """``open_time`` of a calendar, or the closing of a ``business_day``; neither is no time.

    Business day 0 is the next closing, n the first closing on or after the n-th open day after
    the day it came.
    """

    open_time: timedelta | None = None
    business_day: int | None = None

    @classmethod
    def of(cls, written: object) -> Self:
        """Return the time that a policy file writes: ``"4h"``, ``"1bd"`` or ``"none"``.

        Raises ValueError with a sentence that names what is written.
        """
        if not isinstance(written, str):
            raise ValueError(expected(_EXPECTATION, written))
        if written.strip() == NO_TIME:
            return cls()
        if days := _BUSINESS_DAYS.fullmatch(written.strip()):
            if int(days[1]) > MOST_BUSINESS_DAYS:
                raise ValueError(expected(f"at most {MOST_BUSINESS_DAYS}bd", written))
            return cls(business_day=int(days[1]))
        try:
            duration = parse_duration(written)
        except ValueError:
            raise ValueError(expected(_EXPECTATION, written)) from None
        if not timedelta(0) < duration <= LONGEST_OPEN_TIME:
            limits = f"more than no time and at most {LONGEST_OPEN_TIME.days}d"
            raise ValueError(expected(limits, written))
        return cls(open_time=duration)

    @property
    def written(self) -> str:
        """The time as a policy file writes it, and ``of`` reads it back."""
        if self.business_day is not None:
            return f"{self.business_day}bd"
        return NO_TIME if self.open_time is None else format_duration(self.open_time)

    @property
    def promised(self) -> bool:
        """Whether it is any time at all."""
        return self.open_time is not None or self.business_day is not None


def due_at(
    calendar: Calendar, start: datetime, time: TargetTime, paused: Iterable[Interval] = ()
) -> datetime | None:
    """Return the instant in UTC at which ``time`` since ``start`` has run out; None for no time.

    Open time as in every contract: "the first instant at which the business time has run out". A
    business day by its closing: "the first closing on or after the first open day after the day
    it came; ``0bd`` the next closing". While ``paused`` the clock stands still and goes on, never
    restarts: no open time runs, no day counts, and no closing is one. Raises Refusal beyond the
    years that can be reckoned, or where the calendar doesn't close.
    """
    stops = joined(paused)
    if time.open_time is not None:
        return _open_time_over(calendar, start, time.open_time, stops)
    if time.business_day is not None:
        return _closing(calendar, start, time.business_day, stops)
    return None


def closes_within_the_day(calendar: Calendar) -> bool:
    """Return whether its hours end on the day on which they begin, so that a day has a closing.

    Hours that go on over midnight, or touch the next day's, don't.
    """
    return all(_ends_within_its_day(*each) for each in open_minutes(calendar))


def ever_closes(calendar: Calendar) -> bool:
    """Return whether a week without holidays or clock changes has an instant that is closed."""
    return sum(length for _, length in open_minutes(calendar)) < _MINUTES_OF_WEEK


def open_minutes(calendar: Calendar) -> list[tuple[int, int]]:
    """Return when a regular week is open, as begin and length in local minutes, merged.

    The week goes round: what is open at its end and at its beginning is one. Only of the
    calendar's own hours, not of others' that count with them.
    """
    is_open = bytearray(_MINUTES_OF_WEEK)
    for start, length in calendar.spans:
        for minute in range(start, start + length):
            is_open[minute % _MINUTES_OF_WEEK] = 1
    if all(is_open):
        return [(0, _MINUTES_OF_WEEK)]
    begins = [
        minute for minute in range(_MINUTES_OF_WEEK) if is_open[minute] and not is_open[minute - 1]
    ]
    return [(begin, _length_from(begin, is_open)) for begin in begins]


def _length_from(begin: int, is_open: Sequence[int]) -> int:
    length = 0
    while is_open[(begin + length) % _MINUTES_OF_WEEK]:
        length += 1
    return length


def _ends_within_its_day(begin: int, length: int) -> bool:
    return begin % _MINUTES_OF_DAY + length <= _MINUTES_OF_DAY


def _open_time_over(
    calendar: Calendar, start: datetime, left: timedelta, stops: Sequence[Interval]
) -> datetime:
    """Return when ``left`` of open time since ``start`` is over, but for what is in ``stops``."""
    since = in_utc(start)
    for stop in stops:
        if stop.start > since:
            ran = business_time_between(calendar, since, stop.start)
            if ran >= left:
                break
            left -= ran
        since = max(since, stop.end)
    return add_business_time(calendar, since, left)


def _closing(
    calendar: Calendar, start: datetime, business_day: int, stops: Sequence[Interval]
) -> datetime:
    """Return the closing of the n-th open day after ``start``, the next one for day 0."""
    zone = zone_named(calendar.timezone)
    since = in_utc(start)
    counted = came = since.astimezone(zone).date()
    days, horizon = 0, _horizon(since, business_day)
    for opened in open_intervals(calendar, since, horizon):
        # Hours are of the day on which they begin: where 24:00 comes twice, they end on the next.
        day = opened.start.astimezone(zone).date()
        for piece in without([opened], stops):
            if day > counted:
                counted, days = day, days + 1
            if days >= business_day and piece.end == opened.end < horizon:
                return opened.end
    raise Refusal(f"No closing of business day {business_day} from {came} can be reckoned.")


def _horizon(since: datetime, business_day: int) -> datetime:
    """Return how far ahead a closing is looked for, so that what never closes has an end."""
    weeks = business_day + _WEEKS_LOOKED_AHEAD
    return min(since, _LAST_INSTANT - weeks * _WEEK) + weeks * _WEEK
