"""Who works when: members with their weekly hours, and the time they are off."""

from dataclasses import dataclass
from datetime import datetime

from policy.calendar import Calendar
from policy.words import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of the team; ``hours`` are in their own zone, their public holidays left out."""

    login: str
    name: str
    role: Role
    region: str
    hours: Calendar
    email: str | None = None
    holidays: str | None = None
    at_capacity: bool = False
    backup: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOff:
    """A half-open span in UTC during which a member is out; ``until`` None when not known yet."""

    id: int
    login: str
    start: datetime
    until: datetime | None
    reason: str
    entered_by: str
    source: str | None = None

    def holds(self, instant: datetime) -> bool:
        """Return whether the member is out at ``instant``."""
        return self.start <= instant and (self.until is None or instant < self.until)


@dataclass(frozen=True, slots=True)
class Roster:
    """The team and its time off, as one value."""

    members: tuple[Member, ...] = ()
    time_off: tuple[TimeOff, ...] = ()

    @property
    def support(self) -> tuple[Member, ...]:
        """The members whose hours count: "scheduled = support members"."""
        return tuple(member for member in self.members if member.role is Role.SUPPORT)

    def member(self, login: str) -> Member | None:
        """Return the member with this login, None when there is none."""
        return next((member for member in self.members if member.login == login), None)

    def out_at(self, login: str, instant: datetime) -> TimeOff | None:
        """Return the time off that ``instant`` falls into for ``login``, None when they are in."""
        return next(
            (off for off in self.time_off if off.login == login and off.holds(instant)), None
        )
