"""Who is scheduled and who is available, over a range of time: exact, never sampled.

"Scheduled = support members whose working hours include it (not a holiday of theirs); available =
scheduled, not out."
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.clocks.calendar import Calendar, Interval, open_intervals
from policy.clocks.intervals import joined, without
from policy.roster.members import Member, Roster
from policy.roster.shifts import in_shifts

INSTANT = timedelta(microseconds=1)
"""The shortest time there is: makes a half-open span of a single instant."""


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


def scheduled_hours(member: Member, start: datetime, end: datetime) -> Iterator[Interval]:
    """Yield when a member's working hours run between two instants, public holidays left out.

    A public holiday is a day off: it takes the shifts that begin on it.
    """
    return open_intervals(in_shifts(member.hours), start, end)


def available_hours(
    roster: Roster, member: Member, start: datetime, end: datetime
) -> Iterator[Interval]:
    """Yield when a member is scheduled and not out between two instants."""
    return without(scheduled_hours(member, start, end), roster.away(member.login))


def coverage(roster: Roster, start: datetime, end: datetime) -> Iterator[Cover]:
    """Yield the whole of ``start`` to ``end`` as spans in which nobody comes or goes.

    They come one by one, as a year of a large team is more than one wants to keep at once.
    """
    scheduled: _Toggles = defaultdict(set)
    available: _Toggles = defaultdict(set)
    for member in roster.support:
        hours = list(scheduled_hours(member, start, end))
        _toggle(scheduled, member.login, hours)
        _toggle(available, member.login, without(hours, roster.away(member.login)))
    return _spans(scheduled, available, start, end)


def cover_at(roster: Roster, instant: datetime) -> Cover:
    """Return who is scheduled and who is available at one instant, as a span of just that."""
    return next(coverage(roster, instant, instant + INSTANT))


def gaps(roster: Roster, calendar: Calendar, start: datetime, end: datetime) -> list[Interval]:
    """Return the gaps: "open hours of the calendar that nobody available covers"."""
    covered = joined(
        hours for member in roster.support for hours in available_hours(roster, member, start, end)
    )
    return list(without(open_intervals(calendar, start, end), covered))


def arrivals(roster: Roster, now: datetime, within: timedelta) -> list[Turn]:
    """Return who becomes available after ``now``, each with the first time, the soonest first."""
    turns = [
        Turn(login=member.login, at=arrival)
        for member in roster.support
        if (arrival := _arrives_at(roster, member, now, within)) is not None
    ]
    return sorted(turns, key=lambda turn: (turn.at, turn.login))


def leaves_at(roster: Roster, member: Member, now: datetime, within: timedelta) -> datetime | None:
    """Return when somebody available ``now`` stops being so, None when they are not available.

    For somebody who stays longer than ``within``, the end of that.
    """
    hours = next(available_hours(roster, member, now, now + within), None)
    return hours.end if hours is not None and hours.start == now else None


def arrived_at(roster: Roster, instant: datetime, within: timedelta) -> datetime | None:
    """Return when the last to arrive of those available at ``instant`` arrived, None without any.

    Not earlier than ``within`` before ``instant``.
    """
    end = instant + INSTANT
    since = (
        hours.start
        for member in roster.support
        for hours in available_hours(roster, member, instant - within, end)
        if hours.end == end
    )
    return max(since, default=None)


_Toggles = defaultdict[datetime, set[str]]
"""Who comes or goes at an instant; nobody does both, as the hours of one person never touch."""


def _arrives_at(
    roster: Roster, member: Member, now: datetime, within: timedelta
) -> datetime | None:
    hours = available_hours(roster, member, now, now + within)
    return next((each.start for each in hours if each.start > now), None)


def _toggle(changes: _Toggles, login: str, intervals: Iterable[Interval]) -> None:
    for start, end in intervals:
        changes[start].add(login)
        changes[end].add(login)


def _spans(
    scheduled: _Toggles, available: _Toggles, start: datetime, end: datetime
) -> Iterator[Cover]:
    nobody: frozenset[str] = frozenset()
    on_shift, free = nobody, nobody
    since = start
    for instant in sorted({*scheduled, *available, end}):
        if since < instant:
            yield Cover(start=since, end=instant, scheduled=on_shift, available=free)
            since = instant
        if instant in scheduled:
            on_shift ^= scheduled[instant]
        if instant in available:
            free ^= available[instant]
