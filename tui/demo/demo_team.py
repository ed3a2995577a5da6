"""The made-up team: its people around the world, and hours so that most of them are in now.

Like everything in the demonstration the hours are relative to now: a person's shift is fixed, in
hours before or after now, and they live where such a shift begins in the morning.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from policy.roster.team_file import MemberEntry
from policy.words import Role
from store.team.public_holidays import holiday_dates
from tui.demo.parts import CastMember, Home, homes, members

_HOUR: Final = timedelta(hours=1)
_SHIFT: Final = 8.5 * _HOUR
_MORNING: Final = 9.0
_WORKING_DAYS: Final = 5
_HOLIDAYS_AROUND: Final = 2 * timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Shift:
    """A member's shift that begins at ``start`` (UTC), and where that is in the morning."""

    member: CastMember
    home: Home
    start: datetime

    @property
    def local_start(self) -> datetime:
        return self.start.astimezone(ZoneInfo(self.home.zone))

    @property
    def local_end(self) -> datetime:
        return (self.start + _SHIFT).astimezone(ZoneInfo(self.home.zone))


def team(now: datetime) -> list[MemberEntry]:
    """Return the team as it is at ``now`` (UTC): whoever was on shift at the time is again."""
    shifts = [_shift(member, now) for member in members()]
    weekdays = all(shift.local_start.weekday() < _WORKING_DAYS for shift in shifts)
    return [_entry(shift, "Mon-Fri" if weekdays else "Mon-Sun", now) for shift in shifts]


def _shift(member: CastMember, now: datetime) -> _Shift:
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    start = hour + member.begins * _HOUR
    home = min(homes(), key=lambda home: _from_morning(start, home.zone))
    return _Shift(member, home, start)


def _from_morning(start: datetime, zone: str) -> float:
    """Return how many hours a time is away from nine in the morning, in a zone."""
    local = start.astimezone(ZoneInfo(zone))
    away = abs(local.hour + local.minute / 60 - _MORNING)
    return min(away, 24 - away)


def _entry(shift: _Shift, days: str, now: datetime) -> MemberEntry:
    member, home = shift.member, shift.home
    return MemberEntry(
        login=member.login,
        name=member.name,
        role=Role(member.role),
        region=home.region,
        timezone=home.zone,
        hours=(f"{days} {shift.local_start:%H:%M}-{shift.local_end:%H:%M}",),
        holidays=None if _holiday_is_near(home, now) else home.country,
        email=f"{member.login}@desk.example",
        backup=member.backup,
    )


def _holiday_is_near(home: Home, now: datetime) -> bool:
    """Return whether a public holiday would keep somebody from the demonstration."""
    days = holiday_dates(home.country, range(now.year - 1, now.year + 2))
    return any(abs(day - now.date()) <= _HOLIDAYS_AROUND for day in days)
