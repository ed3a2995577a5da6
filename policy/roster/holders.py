"""Who has a ticket and is away: then it counts as nobody's, though it keeps their login.

"A holder is away who is out, off until after the ticket's respond_by (where there is one), neither
support nor lead, or gone from the team. Until a team exists none of this holds."
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from functools import cached_property

from policy.names import comparable
from policy.roster.coverage import INSTANT, arrivals, available_hours, leaves_at
from policy.roster.members import FOREVER, Member, Roster
from policy.ticket import Ticket
from policy.words import Role

HOLDING_ROLES = frozenset({Role.SUPPORT, Role.LEAD})
"""Whose tickets are looked after; a ticket of anybody else counts as nobody's."""

LOOKED_AHEAD = timedelta(days=366)
"""How far it is looked for when somebody works again; later is not known."""


_SHIFT_AT_MOST = timedelta(days=7)
"""How far it is looked for when somebody leaves."""


class AwayReason(StrEnum):
    """Why a holder is away, in words that follow "is"."""

    OUT = "out"
    OFF = "off"
    """Outside their hours, until after the answer is due."""
    NOT_IN_SUPPORT = "not in support"
    NOT_IN_THE_TEAM = "not in the team"


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderAway:
    """Why whoever has a ticket is away; ``until`` (UTC) is when they are back, None if unknown."""

    why: AwayReason
    until: datetime | None


@dataclass(frozen=True)
class Holders:
    """Who of a team can be reckoned with for the tickets they have, at one time (UTC)."""

    roster: Roster
    now: datetime

    def away(self, ticket: Ticket) -> HolderAway | None:
        """Return why the ticket counts as nobody's though somebody has it, else None."""
        return self.away_for(ticket.assignee, ticket.respond_by)

    def away_for(self, login: str | None, respond_by: datetime | None) -> HolderAway | None:
        """Return why ``login`` is away for a ticket to be answered by ``respond_by`` (UTC).

        "Off until after the ticket's respond_by (where there is one)": who is in at that instant
        is not away, and without one nobody is for being off.
        """
        absence = None if login is None else self.absence(login)
        if absence is None or absence.why is not AwayReason.OFF:
            return absence
        if respond_by is None or (absence.until is not None and absence.until <= respond_by):
            return None
        return absence

    def absence(self, login: str) -> HolderAway | None:
        """Return why somebody is not here now, whatever the ticket; None for who is here.

        Who has no hours is not off, as nothing says when they work.
        """
        key = comparable(login)
        if key not in self._absences:
            self._absences[key] = self._absence(login)
        return self._absences[key]

    @cached_property
    def _absences(self) -> dict[str, HolderAway | None]:
        return {}

    def _absence(self, login: str) -> HolderAway | None:
        if not self.roster.members:
            return None
        member = self.roster.member(login)
        if member is None:
            return HolderAway(why=AwayReason.NOT_IN_THE_TEAM, until=None)
        if member.role not in HOLDING_ROLES:
            return HolderAway(why=AwayReason.NOT_IN_SUPPORT, until=None)
        if self.roster.out_at(member.login, self.now) is not None:
            back = self.roster.out_until(member.login, self.now)
            return HolderAway(why=AwayReason.OUT, until=back)
        if not member.hours.spans or self._is_in(member):
            return None
        return HolderAway(why=AwayReason.OFF, until=self._comes(member))

    def _is_in(self, member: Member) -> bool:
        return leaves_at(self.roster, member, self.now, INSTANT) is not None

    def _comes(self, member: Member) -> datetime | None:
        hours = available_hours(self.roster, member, self.now, self.now + LOOKED_AHEAD)
        return next((each.start for each in hours), None)


class CandidateState(IntEnum):
    """Whether somebody takes a ticket on now; the lower, the sooner they are thought of."""

    IN = 0
    OFF = 1
    AT_CAPACITY = 2
    OUT = 3

    @property
    def takes_new(self) -> bool:
        """Whether they take new tickets, now or once they come."""
        return self <= CandidateState.OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody a ticket can be given to.

    ``until`` (UTC) is when who is in leaves, and when who is not comes or is back; None where that
    is not known. ``tickets`` is how many they have in the queue.
    """

    login: str
    name: str
    state: CandidateState
    until: datetime | None
    tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentWarning:
    """What speaks against giving a ticket to somebody, and who is proposed in their place.

    ``away`` is why they are away, ``at_capacity`` whether they take no new tickets; ``instead`` is
    who is in with the fewest tickets, else who comes first, None where nobody is known.
    """

    login: str
    away: HolderAway | None
    at_capacity: bool
    instead: Candidate | None


def candidates(holders: Holders, loads: Mapping[str, int]) -> tuple[Candidate, ...]:
    """Return the people of support, those first who are in with the fewest tickets.

    Then who comes soonest, then who is at capacity, and who is out last. ``loads`` is how many
    tickets each login has in the queue. Without a team it is whoever has any.
    """
    if not holders.roster.members:
        return tuple(sorted(map(_unknown, loads.items()), key=_sooner))
    comes = {turn.login: turn.at for turn in arrivals(holders.roster, holders.now, LOOKED_AHEAD)}
    had = {comparable(login): tickets for login, tickets in loads.items()}
    found = (
        _candidate(holders, member, had.get(comparable(member.login), 0), comes.get(member.login))
        for member in holders.roster.support
    )
    return tuple(sorted(found, key=_sooner))


def warning_of(
    holders: Holders,
    login: str,
    respond_bys: Iterable[datetime | None],
    others: Iterable[Candidate],
) -> AssignmentWarning | None:
    """Return what speaks against giving tickets to ``login``, None where nothing does.

    ``respond_bys`` are the tickets' own (UTC): away is who is away for one of them. Whoever is at
    capacity "takes no new tickets". Who is proposed is the first of the ``others`` who takes any.
    """
    member = holders.roster.member(login)
    due = [each for each in respond_bys if each is not None]
    away = holders.away_for(login, min(due, default=None))
    at_capacity = member is not None and member.at_capacity
    if away is None and not at_capacity:
        return None
    named = login if member is None else member.login
    instead = next((each for each in others if each.login != named and _is_to_come(each)), None)
    return AssignmentWarning(login=named, away=away, at_capacity=at_capacity, instead=instead)


def _candidate(holders: Holders, member: Member, tickets: int, comes: datetime | None) -> Candidate:
    roster, now = holders.roster, holders.now
    leaves = leaves_at(roster, member, now, _SHIFT_AT_MOST)
    absence = holders.absence(member.login)
    if absence is not None and absence.why is AwayReason.OUT:
        state, until = CandidateState.OUT, absence.until
    elif member.at_capacity:
        state, until = CandidateState.AT_CAPACITY, comes if leaves is None else leaves
    elif leaves is not None:
        state, until = CandidateState.IN, leaves
    else:
        state, until = CandidateState.OFF, comes
    return Candidate(
        login=member.login, name=member.name, state=state, until=until, tickets=tickets
    )


def _sooner(candidate: Candidate) -> tuple[int, datetime, int, str]:
    """Return what candidates are sorted by: of who is in only the tickets count, not the hours."""
    until = FOREVER if candidate.until is None else candidate.until
    here = candidate.state in (CandidateState.IN, CandidateState.AT_CAPACITY)
    return (candidate.state, FOREVER if here else until, candidate.tickets, candidate.login)


def _is_to_come(candidate: Candidate) -> bool:
    """Return whether somebody takes new tickets now, or is known to come who does."""
    is_off = candidate.state is CandidateState.OFF and candidate.until is not None
    return is_off or candidate.state is CandidateState.IN


def _unknown(load: tuple[str, int]) -> Candidate:
    """Return somebody of whom only their tickets are known."""
    login, tickets = load
    return Candidate(login=login, name=login, state=CandidateState.IN, until=None, tickets=tickets)
