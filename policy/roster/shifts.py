"""Shifts: what of a person's weekly hours is one, and which of them time off takes.

"A whole day off, and a public holiday, takes the shifts that **begin** on that day, to their end
after midnight; not the tail of the shift before."
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from policy.clocks.calendar import Calendar, Interval, Span, spans_between
from policy.clocks.intervals import common, joined, without
from policy.clocks.zones import zone_named

_SHORTEST = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_MINUTES_OF_DAY = 24 * 60
_MINUTES_OF_WEEK = 7 * _MINUTES_OF_DAY
SHIFT_REACH = 2 * _DAY
"""Longer than any shift: a day, and the hour that a clock change may add."""


class Absence(NamedTuple):
    """When somebody is away by one entry: from ``start`` to before ``end``, in UTC.

    Each end is the turn of a day where they live when ``from_day`` or ``until_day`` says so.
    """

    start: datetime
    end: datetime
    from_day: bool
    until_day: bool


@lru_cache(maxsize=4096)
def in_shifts(hours: Calendar) -> Calendar:
    """Return a person's weekly hours as shifts, which begin on one day and may end on the next.

    Each entry of the hours is a shift on each of its days. What is written in two pieces, as no
    day there goes past 24:00, is one from before midnight to after it; what lasts longer than a
    day is a shift a day.
    """
    pieces = {piece for span in hours.spans for piece in _by_day(span)}
    return replace(hours, spans=tuple(sorted(_over_midnight(pieces))), in_shifts=True)


def spans_away(hours: Calendar, absence: Absence) -> list[Interval]:
    """Return when somebody with these ``hours`` is away by one entry, in order and apart.

    A day at the beginning leaves the tail of the shift before it, one at the end takes its shifts
    to their end after midnight; an instant at either end cuts whatever shift runs.
    """
    shifts = in_shifts(hours)
    away = [Interval(absence.start, absence.end)]
    if not _reach_midnight(shifts):
        return away
    if absence.from_day:
        before = spans_between(shifts, absence.start - SHIFT_REACH, absence.start)
        away = list(without(away, joined(each for each in before if each.end > absence.start)))
    if absence.until_day:
        away = joined([*away, *_tails(shifts, absence)])
    return away


def spans_away_by_all(hours: Calendar, absences: Sequence[Absence]) -> list[Interval]:
    """Return when somebody with these ``hours`` is away by any of several entries, joined.

    Where two shifts of theirs overlap, each entry may leave the one that the other takes: then
    nobody is there, though no entry says so by itself.
    """
    away = [span for each in absences for span in spans_away(hours, each)]
    if len(absences) > 1 and _overlap(in_shifts(hours)):
        away += (span for each in absences for span in _taken_by_all(hours, each, absences))
    return joined(away)


def turns_a_day(instant: datetime, zone: ZoneInfo) -> bool:
    """Return whether a new day begins at ``instant`` in a zone."""
    return (instant - _SHORTEST).astimezone(zone).date() != instant.astimezone(zone).date()


def whole_days_if_unsaid(
    hours: Calendar, start: datetime, until: datetime | None
) -> tuple[bool, bool]:
    """Return which ends are the turns of days, of time off that does not say it itself.

    So older versions wrote it: from one local midnight to another, or without an end, it is days.
    """
    zone = zone_named(hours.timezone)
    days = turns_a_day(start, zone) and (until is None or turns_a_day(until, zone))
    return days, days and until is not None


def _tails(shifts: Calendar, absence: Absence) -> Iterator[Interval]:
    """Yield what is taken after the last day of shifts that begin by then."""
    end = absence.end
    running = [
        each
        for each in spans_between(shifts, end - SHIFT_REACH, end)
        if each.end > end and (each.start >= absence.start or not absence.from_day)
    ]
    later: Sequence[Interval] = list(spans_between(shifts, end, end + SHIFT_REACH))
    return without(joined(Interval(end, each.end) for each in running), joined(later))


def _taken_by_all(hours: Calendar, one: Absence, absences: Sequence[Absence]) -> Iterator[Interval]:
    """Yield where all shifts around the turns of days of ``one`` are taken, each by some entry."""
    for turn, is_day in ((one.start, one.from_day), (one.end, one.until_day)):
        if is_day:
            around = Interval(turn - SHIFT_REACH, turn + SHIFT_REACH)
            begin, end = around.start - SHIFT_REACH, around.end + SHIFT_REACH
            near = list(spans_between(in_shifts(hours), begin, end))
            left = (span for each in near for span in without([each], _taken(each, absences)))
            yield from common(without(joined(near), joined(left)), [around])


def _taken(shift: Interval, absences: Sequence[Absence]) -> list[Interval]:
    """Return what entries take of one shift: "those that begin on that day, to their end"."""
    return joined(
        Interval(max(shift.start, each.start), shift.end if each.until_day else each.end)
        for each in absences
        if not (each.from_day and shift.start < each.start)
        and not (each.until_day and shift.start >= each.end)
    )


@lru_cache(maxsize=4096)
def _overlap(shifts: Calendar) -> bool:
    """Return whether any shift begins while another one runs."""
    if not shifts.spans:
        return False
    begins = [start for start, _ in shifts.spans]
    next_begins = [*begins[1:], begins[0] + _MINUTES_OF_WEEK]
    pairs = zip(shifts.spans, next_begins, strict=True)
    return any(start + length > begin for (start, length), begin in pairs)


@lru_cache(maxsize=4096)
def _reach_midnight(shifts: Calendar) -> bool:
    """Return whether any shift goes on to midnight at least, which may come twice."""
    return any(
        start % _MINUTES_OF_DAY + length >= _MINUTES_OF_DAY for start, length in shifts.spans
    )


def _by_day(span: Span) -> Iterator[Span]:
    """Yield a span of up to a day as it is, a longer one in pieces from midnight to midnight."""
    start, length = span
    if length <= _MINUTES_OF_DAY:
        yield span
        return
    end = start + length
    while start < end:
        midnight = start - start % _MINUTES_OF_DAY + _MINUTES_OF_DAY
        yield Span(start % _MINUTES_OF_WEEK, min(midnight, end) - start)
        start = midnight


def _over_midnight(pieces: set[Span]) -> Iterator[Span]:
    """Yield the pieces, those joined that meet at midnight and together last less than a day."""
    first = {each.start: each for each in sorted(pieces)}  # of several the longest
    joined_to: set[Span] = set()
    longer: list[Span] = []
    for each in pieces:
        end = (each.start + each.length) % _MINUTES_OF_WEEK
        after = first.get(end)
        meets = each.start % _MINUTES_OF_DAY and not end % _MINUTES_OF_DAY and after is not None
        if meets and after is not None and each.length + after.length < _MINUTES_OF_DAY:
            joined_to.add(after)
            longer.append(Span(each.start, each.length + after.length))
        else:
            longer.append(each)
    return (each for each in longer if each not in joined_to)
