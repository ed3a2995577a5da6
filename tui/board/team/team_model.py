"""What the team pane shows, as plain values: who is in, arriving and out, and who covers when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from policy.roster.coverage import Cover, arrivals, leaves_at
from policy.roster.members import FOREVER, Member, Roster, reasons
from policy.words import Role
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.clocks.calendar import Interval
    from store.read_models import CoverageView

HOURS_AHEAD: Final = 48
"""How far the strip of cover looks ahead."""

_HOUR: Final = timedelta(hours=1)
_LOOKED_AHEAD: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the team; ``at`` (UTC) is when they leave, arrive or are back, None if unknown.

    ``why`` is the reason of whoever is out; ``name`` is text that somebody typed, made harmless.
    """

    login: str
    name: str
    at: datetime | None
    at_capacity: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class CoverHour:
    """The fewest people of an hour that starts at ``start`` (UTC), and whether it has a gap."""

    start: datetime
    scheduled: int
    available: int
    gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """The team as it stands at one time; ``people`` is how many they are, 0 without a team.

    ``gaps`` are open hours that nobody available covers, within the hours that ``hours`` shows.
    """

    of: Roster | None = field(default=None, compare=False, repr=False)
    people: int = 0
    names: tuple[tuple[str, str], ...] = ()
    in_now: tuple[Person, ...] = ()
    arriving: tuple[Person, ...] = ()
    out: tuple[Person, ...] = ()
    hours: tuple[CoverHour, ...] = ()
    gaps: tuple[tuple[datetime, datetime], ...] = ()

    def role(self, login: str) -> Role | None:
        """Return the role of a login, None for who is not in the team."""
        member = None if self.of is None else self.of.by_login.get(login)
        return None if member is None else member.role

    def name(self, login: str) -> str:
        """Return a login's name as the board shows it, the login of who is not in the team."""
        return dict(self.names).get(login) or plain_line(login)


NO_TEAM: Final = TeamView()
"""The view before there is a team."""


class TeamRead(Protocol):
    """What is read of a team: of a whole desk's, or at a first look."""

    def coverage(self, start: datetime, end: datetime) -> "CoverageView":
        """Return who is scheduled and available from ``start`` to ``end``, and the gaps (UTC)."""
        ...


def read_team(roster: Roster, team: TeamRead, now: datetime, known: TeamView | None) -> TeamView:
    """Return the team at ``now`` (UTC); ``known``, read in the same minute, where it still holds.

    Reckons with hours and time off, so it is for a thread.
    """
    if known is not None and known.of is roster:
        return known
    if not roster.members:
        return TeamView(of=roster)
    start = now.replace(minute=0, second=0, microsecond=0)
    cover = team.coverage(start, start + HOURS_AHEAD * _HOUR)
    return team_view(roster, cover.covers, cover.gaps, now)


def team_view(
    roster: Roster, covers: Sequence[Cover], gaps: "Sequence[Interval]", now: datetime
) -> TeamView:
    """Return who is in, who arrives next and who is out at ``now`` (UTC), soonest first."""
    in_now = [
        _person(member, at)
        for member in roster.support
        if (at := leaves_at(roster, member, now, _LOOKED_AHEAD)) is not None
    ]
    there = {person.login for person in in_now}
    out = [
        _person(member, roster.out_until(member.login, now), reasons(holding))
        for member in roster.members
        if (holding := roster.holding(member.login, now))
    ]
    away = {person.login for person in out}
    arriving = [
        _person(roster.by_login[turn.login], turn.at)
        for turn in arrivals(roster, now, _LOOKED_AHEAD)
        if turn.login not in there | away
    ]
    coming = [gap for gap in gaps if gap.end > now]
    return TeamView(
        of=roster,
        people=len(roster.members),
        names=tuple((member.login, plain_line(member.name)) for member in roster.members),
        in_now=tuple(sorted(in_now, key=_soonest)),
        arriving=tuple(arriving),
        out=tuple(sorted(out, key=_soonest)),
        hours=cover_hours(covers, coming),
        gaps=tuple((max(gap.start, now), gap.end) for gap in coming),
    )


def cover_hours(covers: Sequence[Cover], gaps: "Sequence[Interval]") -> tuple[CoverHour, ...]:
    """Return the hours from the first cover's start to the last one's end, the fewest of each.

    Of an hour in which people come and go, what counts is where most are missing.
    """
    if not covers:
        return ()
    count = int((covers[-1].end - covers[0].start) / _HOUR)
    hours = []
    for start in (covers[0].start + number * _HOUR for number in range(count)):
        end = start + _HOUR
        within = [each for each in covers if each.start < end and each.end > start]
        worst = min((each for each in within if each.scheduled), key=_share, default=within[0])
        gap = any(each.start < end and each.end > start for each in gaps)
        hours.append(CoverHour(start, len(worst.scheduled), len(worst.available), gap))
    return tuple(hours)


def _share(cover: Cover) -> float:
    return len(cover.available) / len(cover.scheduled)


def _person(member: Member, at: datetime | None, why: str = "") -> Person:
    return Person(
        login=member.login,
        name=plain_line(member.name),
        at=at,
        at_capacity=member.at_capacity,
        why=plain_line(why),
    )


def _soonest(person: Person) -> tuple[datetime, str]:
    return (FOREVER if person.at is None else person.at, person.name)
