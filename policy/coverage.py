"""Who is scheduled and who is available, over a range of time: exact, never sampled.

"Scheduled = support members whose working hours include it (not a holiday of theirs); available =
scheduled, not out."
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.calendar import Calendar, Interval, open_intervals
from policy.intervals import joined, without
from policy.roster import Member, Roster


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """A half-open span in UTC during which the same people are scheduled and available."""

    start: datetime
    end: datetime
    scheduled: frozenset[str]
    available: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Somebody becomes available (arrives) or stops being so (leaves), at a time in UTC."""

    login: str
    at: datetime


def scheduled_hours(member: Member, start: datetime, end: datetime) -> list[Interval]:
    """Return when a member's working hours run between two instants, holidays left out."""
    return list(open_intervals(member.hours, start, end))


def available_hours(
    roster: Roster, member: Member, start: datetime, end: datetime
) -> list[Interval]:
    """Return when a member is scheduled and not out between two instants."""
    off = joined(
        Interval(each.start, end if each.until is None else each.until)
        for each in roster.time_off
        if each.login == member.login
    )
    return without(scheduled_hours(member, start, end), off)


def coverage(roster: Roster, start: datetime, end: datetime) -> tuple[Cover, ...]:
    """Return the whole of ``start`` to ``end`` as spans in which nobody comes or goes."""
    if start >= end:
        return ()
    scheduled: dict[datetime, set[str]] = defaultdict(set)
    available: dict[datetime, set[str]] = defaultdict(set)
    for member in roster.support:
        _toggle(scheduled, member.login, scheduled_hours(member, start, end))
        _toggle(available, member.login, available_hours(roster, member, start, end))
    return tuple(_spans(scheduled, available, start, end))


def gaps(roster: Roster, calendar: Calendar, start: datetime, end: datetime) -> list[Interval]:
    """Return the gaps: "open hours of the calendar that nobody available covers"."""
    covered = joined(
        hours for member in roster.support for hours in available_hours(roster, member, start, end)
    )
    return without(list(open_intervals(calendar, start, end)), covered)


def arrivals(roster: Roster, now: datetime, within: timedelta) -> list[Turn]:
    """Return who becomes available after ``now``, each with the first time, the soonest first."""
    turns = [
        Turn(login=member.login, at=hours.start)
        for member in roster.support
        if (hours := next(_later(roster, member, now, within), None))
    ]
    return sorted(turns, key=lambda turn: (turn.at, turn.login))


def leaves_at(roster: Roster, member: Member, now: datetime, within: timedelta) -> datetime | None:
    """Return when somebody available ``now`` stops being so, None when they are not available."""
    for hours in available_hours(roster, member, now, now + within):
        return hours.end if hours.start == now else None
    return None


def _later(roster: Roster, member: Member, now: datetime, within: timedelta) -> Iterator[Interval]:
    hours = available_hours(roster, member, now, now + within)
    return (each for each in hours if each.start > now)


def _toggle(changes: dict[datetime, set[str]], login: str, intervals: Iterable[Interval]) -> None:
    for start, end in intervals:
        changes[start].symmetric_difference_update({login})
        changes[end].symmetric_difference_update({login})


def _spans(
    scheduled: dict[datetime, set[str]],
    available: dict[datetime, set[str]],
    start: datetime,
    end: datetime,
) -> Iterator[Cover]:
    nobody: frozenset[str] = frozenset()
    on_shift, free = nobody, nobody
    since = start
    for instant in sorted({*scheduled, *available, end}):
        if since < instant:
            yield Cover(start=since, end=instant, scheduled=on_shift, available=free)
            since = instant
        on_shift ^= scheduled.get(instant, nobody)
        free ^= available.get(instant, nobody)
