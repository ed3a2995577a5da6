"""What the lead is told before somebody is marked out: what it leaves open, and who takes over.

"Ideally no more than one person of a block out at a time; whoever is out names a backup and hands
over what is open."
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from policy.clocks.calendar import Interval
from policy.clocks.intervals import common, without
from policy.clocks.zones import zone_named
from policy.names import same_name
from policy.refusal import one_of
from policy.roster.coverage import arrivals, cover_at, gaps, scheduled_hours
from policy.roster.members import Member, Roster
from policy.roster.time_off import TimeOffChange
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import Role, Status

LOOKED_AHEAD = timedelta(days=90)
"""How far into somebody's time off it is looked for what that leaves open."""

_NAMED_AT_MOST = 3
_OVER = frozenset({Status.SOLVED, Status.CLOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassignment:
    """A ticket of somebody who is away; ``to`` is whom to give it to, None if nobody is known."""

    ticket: Ticket
    to: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What marking somebody out leaves open.

    ``warnings`` are whole sentences; ``also_out`` the logins of the same region who are out at
    the same time, ``gaps`` those that it opens (UTC), ``hand_overs`` one for each ticket.
    """

    warnings: tuple[str, ...]
    also_out: tuple[str, ...]
    gaps: tuple[Interval, ...]
    hand_overs: tuple[Reassignment, ...]


def guidance(
    rulebook: Rulebook,
    roster: Roster,
    change: TimeOffChange,
    now: datetime,
    *,
    tickets: Sequence[Ticket],
    loads: Mapping[str, int],
    timezone: str,
) -> Guidance:
    """Return what the lead is to know before ``change``, which marks somebody out, is made.

    "Warns when that leaves more than one person out in the same region, opens a gap in the
    contract's hours, or leaves tickets assigned to somebody who is away." ``tickets`` are those
    of the member, ``loads`` how many each login has; ``timezone`` is that of whoever reads it.
    """
    absence = _AbsenceSpan(roster, change, now)
    also_out = tuple(absence.also_out())
    opened = tuple(absence.gaps_opened(rulebook))
    hand_overs = tuple(_hand_overs(absence, tickets, loads))
    warnings = [
        *_region_warnings(absence, also_out),
        *_gap_warnings(opened, zone_named(timezone)),
        *_hand_over_warnings(absence.member, hand_overs),
    ]
    return Guidance(warnings=tuple(warnings), also_out=also_out, gaps=opened, hand_overs=hand_overs)


class _AbsenceSpan:
    """The time from now on that somebody would be out, and the roster before and after."""

    def __init__(self, roster: Roster, change: TimeOffChange, now: datetime) -> None:
        (time_off,) = change.added
        self.before, self.after = roster, change.applied_to(roster)
        self.member = roster.known(time_off.login)
        spans = self.after.spans(time_off) or [time_off.interval]
        self._begin = max(spans[0].start, now)
        self._end = max(self._begin, min(spans[-1].end, self._begin + LOOKED_AHEAD))

    @property
    def whole(self) -> Interval:
        """All of it that is looked at."""
        return Interval(self._begin, self._end)

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is still to come."""
        return self._begin >= self._end

    def missed(self, member: Member) -> Iterator[Interval]:
        """Yield the working hours that a member misses during the absence."""
        hours = scheduled_hours(member, self._begin, self._end)
        return common(hours, self.after.away(member.login))

    def also_out(self) -> Iterator[str]:
        """Yield who of the same region is out while the member is and would both be working."""
        if self.member.role is not Role.SUPPORT:
            return
        for other in self.after.support:
            if other.region == self.member.region and other.login != self.member.login:
                both = list(common(self.after.away(other.login), [self.whole]))
                if _works_in(other, both) and _works_in(self.member, both):
                    yield other.login

    def gaps_opened(self, rulebook: Rulebook) -> Iterator[Interval]:
        """Yield the gaps that there were not before."""
        calendar = rulebook.contract_calendar
        after = gaps(self.after, calendar, self._begin, self._end)
        return without(after, gaps(self.before, calendar, self._begin, self._end))

    @property
    def handed_over_at(self) -> datetime:
        """When others have to take over: the first working hour that the member misses."""
        return next((hours.start for hours in self.missed(self.member)), self._begin)


def _works_in(member: Member, intervals: Sequence[Interval]) -> bool:
    return any(True for each in intervals for _ in scheduled_hours(member, each.start, each.end))


def _hand_overs(
    absence: _AbsenceSpan, tickets: Sequence[Ticket], loads: Mapping[str, int]
) -> Iterator[Reassignment]:
    """Yield whom each ticket may go to: the backup first, else the least loaded available."""
    member, team = absence.member, absence.after.taking_new
    if absence.is_over:
        return
    when = absence.handed_over_at
    free = sorted(cover_at(team, when).available)
    load = {login: loads.get(login, 0) for login in free}
    backup = team.by_login.get(member.backup or "")
    for ticket in tickets:
        theirs = same_name(absence.after.login_of(ticket.assignee or ""), member.login)
        if not theirs or ticket.status in _OVER or ticket.declined is not None:
            continue
        if backup is not None and team.out_at(backup.login, when) is None:
            yield Reassignment(ticket=ticket, to=backup.login, why=f"backup of {member.name}")
        elif free:
            least = min(free, key=lambda login: load[login])
            yield Reassignment(
                ticket=ticket, to=least, why=f"fewest tickets of those in, {load[least]}"
            )
            load[least] += 1
        else:
            yield _to_whoever_comes(team, ticket, when)


def _to_whoever_comes(team: Roster, ticket: Ticket, when: datetime) -> Reassignment:
    coming = arrivals(team, when, LOOKED_AHEAD)
    if not coming:
        return Reassignment(ticket=ticket, to=None, why="nobody is known to arrive")
    return Reassignment(ticket=ticket, to=coming[0].login, why="first to arrive")


def _region_warnings(absence: _AbsenceSpan, also_out: Sequence[str]) -> Iterator[str]:
    if also_out:
        names = one_of([absence.after.by_login[login].name for login in also_out], "and")
        verb = "is" if len(also_out) == 1 else "are"
        yield (
            f"{names} {verb} out at the same time in {absence.member.region}:"
            " ideally no more than one person of a region is."
        )


def _gap_warnings(opened: Sequence[Interval], zone: ZoneInfo) -> Iterator[str]:
    if opened:
        some = [_said(gap, zone) for gap in opened[:_NAMED_AT_MOST]]
        more = len(opened) - len(some)
        listed = one_of([*some, f"{more} more"] if more else some, "and")
        yield f"Opens a gap in the contract's hours: {listed} ({zone.key})."


def _hand_over_warnings(member: Member, hand_overs: Sequence[Reassignment]) -> Iterator[str]:
    if hand_overs:
        count = len(hand_overs)
        tickets = "1 ticket stays" if count == 1 else f"{count} tickets stay"
        numbers = [f"#{each.ticket.id}" for each in hand_overs[:_NAMED_AT_MOST]]
        more = [f"{count - len(numbers)} more"] if count > len(numbers) else []
        yield (
            f"{tickets} assigned to {member.name}, who is away:"
            f" {one_of([*numbers, *more], 'and')}; {_proposal(hand_overs)}."
        )


def _proposal(hand_overs: Sequence[Reassignment]) -> str:
    to = list(dict.fromkeys(each.to for each in hand_overs if each.to is not None))
    if not to:
        return "nobody is known to arrive who could take over"
    some, more = to[:_NAMED_AT_MOST], len(to) - _NAMED_AT_MOST
    who = one_of([*some, f"{more} more"] if more > 0 else some, "and")
    return f"hand over to {who}" + (f" ({hand_overs[0].why})" if len(to) == 1 else "")


def _said(gap: Interval, zone: ZoneInfo) -> str:
    start, end = gap.start.astimezone(zone), gap.end.astimezone(zone)
    day = f"{start:%a} {start.day} {start:%b}"
    same_day = start.date() == end.date()
    return (
        f"{day} {start:%H:%M} to {'' if same_day else f'{end:%a} {end.day} {end:%b} '}{end:%H:%M}"
    )
