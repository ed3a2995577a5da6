"""The team and its time off, as they are read."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from policy.roster.members import Member, Roster, TimeOff
from policy.roster.team_file import MemberEntry, member_of
from store.quick.reads import Read, Reads
from store.team.public_holidays import holiday_dates

_YEARS_BACK, _YEARS_AHEAD = 1, 3
"""For which years around now public holidays are looked up."""

_MEMBERS = Read("members")
_TIME_OFF = Read("time off")


def entries_of(reads: Reads) -> tuple[MemberEntry, ...]:
    """Return the members as the team file says them, in its order."""
    return tuple(MemberEntry.read(entry) for entry in _MEMBERS.column(reads))


def roster_of(reads: Reads, now: datetime) -> Roster:
    """Return the team and all of its time off, with the public holidays of the years around now."""
    return roster_with(entries_of(reads), all_time_off(reads), now)


def roster_with(
    entries: Iterable[MemberEntry], time_off: Iterable[TimeOff], now: datetime
) -> Roster:
    """Return these members with their time off; without any there is no time off either."""
    years = range(now.year - _YEARS_BACK, now.year + _YEARS_AHEAD + 1)
    members = tuple(_member(entry, years) for entry in entries)
    return Roster(members, tuple(time_off)) if members else Roster()


def all_time_off(reads: Reads) -> tuple[TimeOff, ...]:
    """Return all time off that is kept, in the order in which it was written down."""
    return tuple(_time_off(row) for row in _TIME_OFF.rows(reads))


@lru_cache(maxsize=1024)
def _member(entry: MemberEntry, years: range) -> Member:
    holidays = frozenset() if entry.holidays is None else holiday_dates(entry.holidays, years)
    return member_of(entry, holidays)


def _time_off(row: Any) -> TimeOff:
    return TimeOff(
        id=row.id,
        login=row.login,
        start=row.start,
        until=row.until,
        reason=row.reason,
        entered_by=row.entered_by,
        source=row.source,
        starts_with_day=row.starts_with_day,
        ends_with_day=row.ends_with_day,
    )
