"""Open time of a calendar: added to an instant, between two, and when it begins and ends."""

from bisect import bisect_right
from datetime import datetime, timedelta

from policy.clocks.calendar import Calendar, OpenWeek, in_utc, open_week, week_of

_NO_TIME = timedelta(0)
_WEEKS_OF_A_YEAR = 53


def add_business_time(calendar: Calendar, start: datetime, duration: timedelta) -> datetime:
    """Return the first instant, in UTC, at which ``duration`` of open time since ``start`` is over.

    "Work that ends exactly at closing is due at closing, not at the next opening"; no time at all
    is over at ``start`` itself. Raises Refusal beyond the years that can be reckoned, ValueError
    for a negative duration.
    """
    if duration < _NO_TIME:
        raise ValueError(f"open time to add must not be negative, and {duration} is")
    instant = in_utc(start)
    if not duration:
        return instant
    week = week_of(instant)
    opened = open_week(calendar, week)
    duration += _open_before(opened, instant)
    while opened.total < duration:
        duration -= opened.total
        week += 1
        opened = open_week(calendar, week)
    for opening, closing in zip(opened.starts, opened.ends, strict=True):
        if duration <= closing - opening:
            break
        duration -= closing - opening
    return opening + duration


def business_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return the open time from ``start`` to ``end``; negative when ``end`` comes first.

    Raises Refusal outside the years that can be reckoned.
    """
    start, end = in_utc(start), in_utc(end)
    if end < start:
        return -business_time_between(calendar, end, start)
    weeks = range(week_of(start), week_of(end))
    whole = sum((open_week(calendar, week).total for week in weeks), _NO_TIME)
    before_start = _open_before(open_week(calendar, weeks.start), start)
    return whole - before_start + _open_before(open_week(calendar, weeks.stop), end)


def is_open(calendar: Calendar, instant: datetime) -> bool:
    """Return whether contract time runs: "intervals include their start and exclude their end"."""
    instant = in_utc(instant)
    starts, ends, _ = open_week(calendar, week_of(instant))
    begun = bisect_right(starts, instant)
    return begun > 0 and instant < ends[begun - 1]


def next_opening(calendar: Calendar, instant: datetime) -> datetime:
    """Return the first open instant at or after ``instant``, in UTC.

    Raises Refusal when there is none in the years that can be reckoned.
    """
    instant = in_utc(instant)
    week = week_of(instant)
    while not (ends := open_week(calendar, week).ends) or ends[-1] <= instant:
        week += 1
    opening = open_week(calendar, week).starts[bisect_right(ends, instant)]
    return max(opening, instant)


def closes_at(calendar: Calendar, instant: datetime) -> datetime | None:
    """Return when the open hours that ``instant`` is in end, in UTC; ``instant`` when closed.

    None when they go on for a year, as in a calendar that never closes. Raises Refusal outside the
    years that can be reckoned.
    """
    instant = in_utc(instant)
    if not is_open(calendar, instant):
        return instant
    for week in range(week_of(instant), week_of(instant) + _WEEKS_OF_A_YEAR):
        opened = open_week(calendar, week)
        for opening, closing in zip(opened.starts, opened.ends, strict=True):
            if opening > instant:
                return instant
            instant = max(instant, closing)
    return None


def _open_before(week: OpenWeek, instant: datetime) -> timedelta:
    """Return the open time of the week of UTC that ``instant`` is in, as far as ``instant``."""
    before = _NO_TIME
    for opening, closing in zip(week.starts, week.ends, strict=True):
        if opening >= instant:
            break
        before += min(closing, instant) - opening
    return before
