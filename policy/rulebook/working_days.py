"""What a time of more than a day means in a calendar that is open for less than 24 hours a day.

"A time is m, h or d (a day is 24 h of it)": of the calendar's open time. So two days of a calendar
that is open eight hours a day are six working days, which nobody expects who writes ``2d``.
"""

from collections.abc import Iterator
from datetime import timedelta

from policy.clocks.calendar import Calendar
from policy.phrases import span
from policy.rulebook.rulebook import Rulebook

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_MINUTES_OF_DAY = 24 * 60
_DAYS_OF_WEEK = 7


def times_in_working_days(rulebook: Rulebook) -> Iterator[str]:
    """Yield what a policy's times of a day or more mean, a sentence each; mostly nothing.

    "A policy that gives more than a day in a calendar shorter than 24 h is told what that means."
    Of several calendars that count together nothing is said.
    """
    calendar = rulebook.contract_calendar
    for key, time in _response_times(rulebook):
        yield from _in_working_days(f"response.{key}", time, calendar, "the calendar")
    for row in rulebook.rows:
        if row.number is None or len(row.calendars) > 1:
            continue
        for target, promised in row.times.items():
            if promised.open_time is not None:
                yield from _in_working_days(
                    f"contract rule {row.number}, {target}",
                    promised.open_time,
                    rulebook.calendar_named(row.calendars, None),
                    f"calendar {row.calendars[0]}",
                )


def _in_working_days(key: str, time: timedelta, calendar: Calendar, called: str) -> Iterator[str]:
    hours = [length for length in open_each_day(calendar) if length]
    longest, shortest = max(hours), min(hours)
    if longest < _DAY <= time:
        yield (
            f"{key} is {_hours(time)} h of open time (a day counts as 24 h of it); {called} is"
            f" open {'' if longest == shortest else 'at most '}{span(longest)} a day, so"
            f" that is {_working_days(time, longest, alike=longest == shortest)}."
        )


def open_each_day(calendar: Calendar) -> list[timedelta]:
    """Return how long a calendar is open on each weekday, Monday first, holidays aside.

    Hours that overlap count once, those after midnight for the day that they are on.
    """
    opened = {
        (span.start + minute) % (_DAYS_OF_WEEK * _MINUTES_OF_DAY)
        for span in calendar.spans
        for minute in range(span.length)
    }
    each = [0] * _DAYS_OF_WEEK
    for minute in opened:
        each[minute // _MINUTES_OF_DAY] += 1
    return [minutes * _MINUTE for minutes in each]


def _response_times(rulebook: Rulebook) -> Iterator[tuple[str, timedelta]]:
    yield "aim", rulebook.response.aim
    yield from rulebook.contract_time.items()


def _hours(time: timedelta) -> str:
    return f"{time / timedelta(hours=1):g}"


def _working_days(time: timedelta, day: timedelta, *, alike: bool) -> str:
    days = time / day
    whole = time % day == timedelta(0)
    least = "" if alike else "at least "
    return f"{least}{days:.0f} working days" if whole else f"{least}{days:.1f} working days"
