"""When contract time runs: open hours of a week in a time zone, less the holidays."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, Self

from policy.clocks.zones import Stretch, first_showing, last_showing, stretches, zone_named
from policy.refusal import Refusal, expected

FIRST_YEAR, LAST_YEAR = 2, 9998
"""The years in which time can be reckoned: one less on either side than a datetime can hold."""

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTES_OF_DAY = 24 * 60
_MINUTES_OF_WEEK = 7 * _MINUTES_OF_DAY
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_ANY_WEEK = 100_000
_ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_FURTHEST_FROM_UTC = timedelta(days=2)
"""More than any zone is away from UTC, with room for the day that a zone may skip."""

_DAY_OF_WEEK = rf"({'|'.join(_DAYS)})"
_TIME_OF_DAY = r"([0-9]{1,2}:[0-9]{2})"
_TO = r"\s*[-–]\s*"
_DAILY = re.compile(
    rf"{_DAY_OF_WEEK}(?:{_TO}{_DAY_OF_WEEK})?\s+{_TIME_OF_DAY}{_TO}{_TIME_OF_DAY}", re.IGNORECASE
)
_WEEKLY = re.compile(
    rf"{_DAY_OF_WEEK}\s+{_TIME_OF_DAY}{_TO}{_DAY_OF_WEEK}\s+{_TIME_OF_DAY}", re.IGNORECASE
)
_EXPECTATION = 'open hours such as "Mon-Fri 09:00-17:00" or "Sun 14:00 - Fri 17:00"'


class Span(NamedTuple):
    """Open hours that come every week, in local minutes from Monday 00:00."""

    start: int
    length: int


class Interval(NamedTuple):
    """A half-open span of time in UTC: ``start`` belongs to it, ``end`` does not."""

    start: datetime
    end: datetime


class OpenWeek(NamedTuple):
    """The open intervals of one week of UTC, in order and apart, and how long they are together."""

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    total: timedelta


@dataclass(frozen=True, slots=True)
class Calendar:
    """Open hours in a time zone, closed all day on ``holidays``; made with ``Calendar.of``.

    ``in_shifts`` says that a holiday takes the spans that begin on it instead, to their end after
    midnight, and leaves the tail of the span before: so it is with a person's shifts. It is open
    whenever one ``beside`` it is, too, each of those by its own zone and holidays.
    """

    timezone: str
    spans: tuple[Span, ...]
    holidays: frozenset[date] = frozenset()
    in_shifts: bool = False
    beside: "tuple[Calendar, ...]" = ()

    @classmethod
    def of(cls, timezone: str, hours: Iterable[str], holidays: Iterable[date] = ()) -> Self:
        """Return the calendar that a policy or team file writes down.

        Raises ValueError with a sentence naming what is wrong: an unknown time zone, hours that
        cannot be read, or none at all.
        """
        zone_named(timezone)
        spans = tuple(sorted({span for text in hours for span in parse_hours(text)}))
        if not spans:
            raise ValueError(expected(f"at least one entry of {_EXPECTATION}", ()))
        return cls(timezone, spans, frozenset(holidays))


def together(calendars: Sequence[Calendar]) -> Calendar:
    """Return the calendar that is open whenever one of at least one ``calendars`` is.

    Its days are those of the first one's zone.
    """
    first, *others = calendars
    if not others:
        return first  # itself, by which what is known of it is found sooner than by its like
    return replace(first, beside=(*first.beside, *others))


def parse_hours(text: str) -> tuple[Span, ...]:
    """Return the weekly spans that one entry of ``open`` says.

    "Mon-Fri 09:00-17:00" is one a day, and an end at or before the start is on the next day;
    "Sun 14:00 - Fri 17:00" is one a week; 24:00 is the end of a day. Raises ValueError with a
    sentence that names the text.
    """
    written = text.strip()
    if daily := _DAILY.fullmatch(written):
        return _daily_spans(text, *daily.groups())
    if weekly := _WEEKLY.fullmatch(written):
        return (_weekly_span(text, *weekly.groups()),)
    raise ValueError(expected(_EXPECTATION, text))


def open_intervals(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """Yield the open intervals between two instants, in order, merged and cut to the two.

    Raises Refusal outside the years that can be reckoned.
    """
    pending: Interval | None = None
    for piece in _pieces(calendar, in_utc(start), in_utc(end)):
        if pending is None or pending.end < piece.start:
            if pending is not None:
                yield pending
            pending = piece
        else:
            pending = Interval(pending.start, piece.end)
    if pending is not None:
        yield pending


def spans_between(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Interval]:
    """Yield each span by itself that begins from ``start`` to before ``end``, whole, in order.

    Where they overlap or touch they are not merged. Of a calendar in shifts those are left out
    that its holidays take. Raises Refusal outside the years that can be reckoned.
    """
    for week in range(week_of(in_utc(start)), week_of(in_utc(end)) + 1):
        for one in _spans_of_week(calendar, week):
            if start <= one.start < end:
                yield one


def in_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC.

    Raises Refusal outside the years that can be reckoned, ValueError for a naive datetime.
    """
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone, and {instant} has none")
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise _out_of_range()
    return instant.astimezone(UTC)


def week_of(day: date) -> int:
    """Return the number of the week, Monday to Sunday, of a date or an instant in UTC."""
    return (day.toordinal() - 1) // 7


@lru_cache(maxsize=4096)
def open_week(calendar: Calendar, week: int) -> OpenWeek:
    """Return when ``calendar`` is open in a week of UTC, as numbered by ``week_of``.

    Weeks of UTC, and not of local time, so that a clock change at the turn of the week cannot put
    an instant into two of them. Raises Refusal outside the years that can be reckoned.
    """
    begin = _week_begin(week)
    end = begin + _WEEK
    parts = _stretches_near(calendar.timezone, begin)
    opened = _opened_near(calendar, begin, parts)
    for closed in () if calendar.in_shifts else _holidays_near(calendar, begin, parts):
        opened = _without(opened, closed)
    kept = [Interval(max(one.start, begin), min(one.end, end)) for one in opened]
    kept = [one for one in kept if one.start < one.end]
    if calendar.beside:
        kept = _merged([*kept, *_opened_beside(calendar, week)])
    return OpenWeek(
        tuple(one.start for one in kept),
        tuple(one.end for one in kept),
        sum((one.end - one.start for one in kept), timedelta(0)),
    )


def _opened_beside(calendar: Calendar, week: int) -> Iterator[Interval]:
    for other in calendar.beside:
        opened = open_week(other, week)
        yield from map(Interval, opened.starts, opened.ends)


def _pieces(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Interval]:
    for week in range(week_of(start), week_of(end) + 1):
        opened = open_week(calendar, week)
        for opening, closing in zip(opened.starts, opened.ends, strict=True):
            piece = Interval(max(opening, start), min(closing, end))
            if piece.start < piece.end:
                yield piece


def _week_begin(week: int) -> datetime:
    if not week_of(date(FIRST_YEAR, 1, 1)) <= week <= week_of(date(LAST_YEAR, 12, 31)):
        raise _out_of_range()
    return datetime.combine(date.fromordinal(week * 7 + 1), time(0), UTC)


def _out_of_range() -> Refusal:
    return Refusal(f"Open hours can be reckoned in the years {FIRST_YEAR} to {LAST_YEAR} only.")


def _spans_near(calendar: Calendar, begin: datetime, parts: list[Stretch]) -> list[Interval]:
    """Return what the weekly spans open in and around the week of UTC from ``begin``."""
    found: list[Interval] = []
    # A span lasts a week at most, and local time is less than a week from UTC.
    for monday in (begin + weeks * _WEEK for weeks in (-2, -1, 0, 1)):
        for start, length in calendar.spans:
            opening = monday + timedelta(minutes=start)
            if calendar.in_shifts and opening.date() in calendar.holidays:
                continue
            closing = opening + timedelta(minutes=length)
            one = Interval(first_showing(parts, opening), last_showing(parts, closing))
            if one.start < one.end:
                found.append(one)
    return found


@lru_cache(maxsize=4096)
def _spans_of_week(calendar: Calendar, week: int) -> tuple[Interval, ...]:
    """Return the spans that begin in a week of UTC, each by itself, in order."""
    begin = _week_begin(week)
    spans = _spans_near(calendar, begin, _stretches_near(calendar.timezone, begin))
    return tuple(sorted({one for one in spans if begin <= one.start < begin + _WEEK}))


@lru_cache(maxsize=4096)
def _stretches_near(timezone: str, begin: datetime) -> list[Stretch]:
    """Return the stretches of local time around the week of UTC from ``begin``."""
    end = begin + _WEEK
    return stretches(zone_named(timezone), begin - _FURTHEST_FROM_UTC, end + _FURTHEST_FROM_UTC)


def _opened_near(calendar: Calendar, begin: datetime, parts: list[Stretch]) -> list[Interval]:
    """Return what is open in and around the week of UTC from ``begin``, all-day holidays or not."""
    if len(parts) > 1 or (calendar.in_shifts and _is_holiday_near(calendar, begin)):
        return _merged(_spans_near(calendar, begin, parts))
    regular = _regular_week(calendar.spans, parts[0].offset)
    return [Interval(begin + opening, begin + closing) for opening, closing in regular]


@lru_cache(maxsize=4096)
def _regular_week(
    spans: tuple[Span, ...], offset: timedelta
) -> tuple[tuple[timedelta, timedelta], ...]:
    """Return what is open in every week without a clock change, reckoned from its beginning.

    Nearly all weeks are such a week, and this is what makes a year of a large team quick.
    """
    begin = _week_begin(_ANY_WEEK)
    opened = _merged(_spans_near(Calendar("UTC", spans), begin, [Stretch(*_ALWAYS, offset)]))
    inside = (one for one in opened if one.end > begin and one.start < begin + _WEEK)
    return tuple((one.start - begin, one.end - begin) for one in inside)


def _holidays_near(calendar: Calendar, begin: datetime, parts: list[Stretch]) -> list[Interval]:
    """Return all instants around the week from ``begin`` whose local date is a holiday."""
    if not calendar.holidays:
        return []
    days = (begin + number * _DAY for number in range(-2, 9))
    closed: list[Interval] = []
    for day in (one for one in days if one.date() in calendar.holidays):
        for since, until, offset in parts:
            one = Interval(max(since, day - offset), min(until, day + _DAY - offset))
            if one.start < one.end:
                closed.append(one)
    return closed


def _is_holiday_near(calendar: Calendar, begin: datetime) -> bool:
    """Return whether a holiday may take a span that opens in the week from ``begin``."""
    days = (begin + number * _DAY for number in range(-9, 10))
    return any(day.date() in calendar.holidays for day in days)


def _merged(intervals: list[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for one in sorted(intervals):
        if merged and one.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, one.end))
        else:
            merged.append(one)
    return merged


def _without(intervals: list[Interval], closed: Interval) -> list[Interval]:
    kept: list[Interval] = []
    for start, end in intervals:
        kept += [Interval(start, min(end, closed.start)), Interval(max(start, closed.end), end)]
    return [one for one in kept if one.start < one.end]


def _daily_spans(
    text: str, first: str, last: str | None, opening: str, closing: str
) -> tuple[Span, ...]:
    start, end = _minutes(text, opening), _minutes(text, closing)
    _check_start(text, start)
    if start == end:
        raise ValueError(expected("hours that end at another time than they start", text))
    length = (end - start) % _MINUTES_OF_DAY or _MINUTES_OF_DAY
    days = [_day(first)] if last is None else _days_from_to(text, _day(first), _day(last))
    return tuple(Span(day * _MINUTES_OF_DAY + start, length) for day in days)


def _weekly_span(text: str, first: str, opening: str, last: str, closing: str) -> Span:
    start, end = _minutes(text, opening), _minutes(text, closing)
    _check_start(text, start)
    if (first.title(), start) == (last.title(), end):
        raise ValueError(expected("hours that end at another time than they start", text))
    start += _day(first) * _MINUTES_OF_DAY
    end += _day(last) * _MINUTES_OF_DAY
    return Span(start, (end - start) % _MINUTES_OF_WEEK or _MINUTES_OF_WEEK)


def _day(name: str) -> int:
    return _DAYS.index(name.title())


def _days_from_to(text: str, first: int, last: int) -> list[int]:
    if first == last:
        raise ValueError(expected("a range of two different days", text))
    return [(first + number) % 7 for number in range((last - first) % 7 + 1)]


def _minutes(text: str, written: str) -> int:
    hours, minutes = (int(part) for part in written.split(":"))
    if minutes >= 60 or hours * 60 + minutes > _MINUTES_OF_DAY:  # noqa: PLR2004 - of an hour
        raise ValueError(expected("times from 00:00 to 24:00", text))
    return hours * 60 + minutes


def _check_start(text: str, start: int) -> None:
    if start == _MINUTES_OF_DAY:
        raise ValueError(expected("a start before 24:00, which is the end of a day", text))
