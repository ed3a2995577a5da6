"""Times and lengths of time as people type them: ``17:00``, ``Fri 17:00``, ``3h``, ``1h30m``."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo

from policy.clocks.calendar import FIRST_YEAR, LAST_YEAR
from policy.clocks.zones import first_showing, last_showing, stretches
from policy.refusal import Refusal, expected

LONGEST_DURATION = timedelta(days=36_500)
"""The longest length of time that anyone may write, a hundred years."""

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_ONE_DAY = timedelta(days=1)
_WRITTEN = re.compile(
    r"(?=[0-9])"
    r"(?:(?P<days>[0-9]{1,8})\s*d\s*)?"
    r"(?:(?P<hours>[0-9]{1,9})\s*h\s*)?"
    r"(?:(?P<minutes>[0-9]{1,9})\s*m)?"
)
_LENGTH_EXPECTED = "a length of time such as 90m, 2h, 1h30m or 2d"


def parse_duration(text: str) -> timedelta:
    """Return the length of time that ``text`` says in days (of 24 h), hours and minutes.

    Units come in the order d, h, m, each at most once, with or without spaces between. Raises
    ValueError with a sentence that names the text for anything else, and above a hundred years.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError(expected(_LENGTH_EXPECTED, text))
    days, hours, minutes = (int(number or 0) for number in written.groups())
    duration = days * _ONE_DAY + hours * _HOUR + minutes * _MINUTE
    if duration > LONGEST_DURATION:
        raise ValueError(expected(f"at most {LONGEST_DURATION.days}d", text))
    return duration


def format_duration(duration: timedelta) -> str:
    """Return the one way to write ``duration`` that ``parse_duration`` reads back exactly.

    Whole hours are hours ("48h"), from three whole days on days ("7d"), all else minutes ("90m").
    Raises ValueError for a negative length of time or one that is not whole minutes.
    """
    if duration < timedelta(0) or duration % _MINUTE:
        raise ValueError(expected("whole minutes, none or more", duration))
    if duration >= 3 * _ONE_DAY and not duration % _ONE_DAY:
        return f"{duration // _ONE_DAY}d"
    if duration and not duration % _HOUR:
        return f"{duration // _HOUR}h"
    return f"{duration // _MINUTE}m"


_DAY = timedelta(days=1)
_WEEK = 7
_AROUND = timedelta(days=2)
"""No zone is as far from UTC, and none changes its clocks by as much."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(
    r"(?:(?P<day>[a-z]{3,9})\s+)?(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])",
    re.IGNORECASE | re.ASCII,
)
_LENGTH = re.compile(r"[0-9]+\s*[dhm].*", re.IGNORECASE | re.ASCII | re.DOTALL)
_EXPECTATION = "a time such as 2026-03-06T17:00, 3h, 30m, 2d, 17:00 or Fri 17:00"


def typed_time(text: str, now: datetime, zone: tzinfo, *, end: bool = False) -> datetime:
    """Return the instant, in UTC, that a person in ``zone`` means at ``now``.

    "Times that a person types are ISO 8601, or `3h`, `30m`, `2d` from now, or `17:00`, `Fri 17:00`
    in the person's zone": the next one after now. ISO 8601 without an offset is in that zone too.
    "A local time that a clock change skips counts from the first instant that exists; one that
    comes twice is the first for a start, the last for an end": ``end`` says which this is.

    Raises:
        Refusal: it is no such time, or in a year that cannot be reckoned with.
    """
    return _reckonable(text, lambda: _meant(text.strip(), now, zone, end=end))


def typed_past(text: str, now: datetime, zone: tzinfo, *, end: bool = False) -> datetime:
    """Return the instant, in UTC, that a person in ``zone`` means of the time before ``now``.

    As ``typed_time``, but looking back: ``30m`` is 30 minutes ago, ``17:00`` and ``Fri 17:00``
    the last one that is not after now.

    Raises:
        Refusal: it is no such time, or in a year that cannot be reckoned with.
    """
    return _reckonable(text, lambda: _meant(text.strip(), now, zone, end=end, back=True))


def _reckonable(text: str, meant: Callable[[], datetime]) -> datetime:
    try:
        moment = meant().astimezone(UTC)
    except OverflowError:
        raise _too_far(text) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _too_far(text)
    return moment


def _meant(text: str, now: datetime, zone: tzinfo, *, end: bool, back: bool = False) -> datetime:
    if clock := _CLOCK.fullmatch(text):
        showing = _last_showing if back else _next_showing
        return showing(text, clock, now, zone, end=end)
    if _LENGTH.fullmatch(text):
        length = _length(text.lower())
        return now - length if back else now + length
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise Refusal(expected(_EXPECTATION, text)) from None
    if moment.tzinfo is not None:
        return moment
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _too_far(text)
    first, last = _showing(zone, moment)
    return last if end else first


def _length(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as problem:
        raise Refusal(str(problem)) from None


def _next_showing(
    text: str, clock: re.Match[str], now: datetime, zone: tzinfo, *, end: bool
) -> datetime:
    """Return when the zone's clocks next show this after now, on the weekday if one is named."""
    weekday = _weekday(clock["day"], text)
    showing = time(int(clock["hour"]), int(clock["minute"]))
    today = now.astimezone(zone).date()
    for day in (today + ahead * _DAY for ahead in range(_WEEK + 1)):
        if weekday in (None, day.weekday()):
            first, last = _showing(zone, datetime.combine(day, showing))
            for instant in (last,) if end else (first, last):
                if instant > now:
                    return instant
    raise AssertionError(text)  # a week ahead the weekday is another time, and it is after now


def _last_showing(
    text: str, clock: re.Match[str], now: datetime, zone: tzinfo, *, end: bool
) -> datetime:
    """Return when the zone's clocks last showed this by now, on the weekday if one is named."""
    weekday = _weekday(clock["day"], text)
    showing = time(int(clock["hour"]), int(clock["minute"]))
    today = now.astimezone(zone).date()
    for day in (today - back * _DAY for back in range(_WEEK + 1)):
        if weekday in (None, day.weekday()):
            first, last = _showing(zone, datetime.combine(day, showing))
            for instant in (last, first) if end else (first,):
                if instant <= now:
                    return instant
    raise AssertionError(text)  # a week back the weekday is another time, and it is before now


def _weekday(name: str | None, text: str) -> int | None:
    if name is None:
        return None
    for number, weekday in enumerate(_WEEKDAYS):
        if weekday.startswith(name.lower()):
            return number
    raise Refusal(expected(_EXPECTATION, text))


def _showing(zone: tzinfo, wall: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last instant at which the clocks of ``zone`` show ``wall``."""
    as_utc = wall.replace(tzinfo=UTC)
    parts = stretches(zone, as_utc - _AROUND, as_utc + _AROUND)
    return first_showing(parts, as_utc), last_showing(parts, as_utc)


def _too_far(text: str) -> Refusal:
    return Refusal(expected(f"a time in the years {FIRST_YEAR} to {LAST_YEAR}", text))
