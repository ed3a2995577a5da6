"""Where each member is: in, out or off, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from policy.roster.coverage import available_hours, leaves_at
from policy.roster.members import Member, Roster, TimeOff, reasons

_LOOKED_AHEAD: Final = timedelta(days=30)


class Whereabouts(StrEnum):
    """Whether somebody is working now."""

    IN = "in"
    OUT = "out"
    OFF = "off"
    """Outside their hours, and not marked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Where a member is; ``until`` (UTC) is when that ends, None when it is not known.

    ``holding`` is the time off that each of which has them out.
    """

    member: Member
    whereabouts: Whereabouts
    until: datetime | None
    holding: tuple[TimeOff, ...] = ()

    @property
    def reason(self) -> str:
        """Why a member is out, as far as anybody said."""
        return reasons(self.holding)


def standing(roster: Roster, member: Member, now: datetime) -> Presence:
    """Return where a member is at ``now`` (UTC)."""
    holding = tuple(roster.holding(member.login, now))
    if holding:
        until = roster.out_until(member.login, now)
        return Presence(member=member, whereabouts=Whereabouts.OUT, until=until, holding=holding)
    leaves = leaves_at(roster, member, now, _LOOKED_AHEAD)
    if leaves is not None:
        return Presence(member=member, whereabouts=Whereabouts.IN, until=leaves)
    hours = available_hours(roster, member, now, now + _LOOKED_AHEAD)
    arrives = next((each.start for each in hours), None)
    return Presence(member=member, whereabouts=Whereabouts.OFF, until=arrives)
