"""Who works when: members with their weekly hours, and the time they are off."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property
from typing import Generic, TypeVar

from policy.clocks.calendar import Calendar, Interval
from policy.clocks.intervals import joined
from policy.names import comparable
from policy.refusal import Refusal, one_of, quoted
from policy.roster.shifts import (
    SHIFT_REACH,
    Absence,
    spans_away,
    spans_away_by_all,
    whole_days_if_unsaid,
)
from policy.words import Role

FOREVER = datetime.max.replace(tzinfo=UTC)
"""Ends what has no known end, wherever an end is reckoned with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of the team.

    ``hours`` are their working hours in their own zone, closed on their public holidays, which
    ``holidays`` names the country of; ``backup`` is the login of whoever stands in for them.
    """

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
    """A half-open span in UTC during which a member is out; ``until`` None when not known yet.

    ``id`` is 0 until it is written down; ``source`` names the calendar that it comes from, None
    when a person entered it. ``starts_with_day`` and ``ends_with_day`` say that an end is the turn
    of a day where the member lives, so that whole shifts are taken, and not an instant; None that
    an older version wrote it, which did not say.
    """

    id: int = 0
    login: str
    start: datetime
    until: datetime | None
    reason: str
    entered_by: str
    source: str | None = None
    starts_with_day: bool | None = None
    ends_with_day: bool | None = None

    @property
    def interval(self) -> Interval:
        """The same span, one without a known end going on for ever."""
        return Interval(self.start, FOREVER if self.until is None else self.until)

    def days(self, hours: Calendar) -> tuple[bool, bool]:
        """Return whether it starts and ends with a day, for a member with these ``hours``."""
        if self.starts_with_day is None and self.ends_with_day is None:
            return whole_days_if_unsaid(hours, self.start, self.until)
        return bool(self.starts_with_day), bool(self.ends_with_day)

    def spans(self, hours: Calendar) -> list[Interval]:
        """Return when a member with these ``hours`` is out by it, in order and apart.

        Of whole days that is the shifts that begin on them, and what lies between.
        """
        return spans_away(hours, self.absence(hours))

    def absence(self, hours: Calendar) -> Absence:
        """Return when it is, and which ends are days, for a member with these ``hours``."""
        return Absence(*self.interval, *self.days(hours))


def reasons(time_off: Iterable[TimeOff]) -> str:
    """Return why somebody is out by several entries, each reason once."""
    return "; ".join(dict.fromkeys(each.reason for each in time_off if each.reason))


Kept = TypeVar("Kept")


class ByLogin(Mapping[str, Kept], Generic[Kept]):
    """Values by logins, which "compare without case"; each login stands as it was spelled first."""

    def __init__(self, values: Iterable[tuple[str, Kept]]) -> None:
        self._kept = {comparable(login): (login, value) for login, value in values}

    def __getitem__(self, login: str) -> Kept:
        """Return the value of a login, however it is spelled."""
        return self._kept[comparable(login)][1]

    def __iter__(self) -> Iterator[str]:
        """Yield the logins as they were spelled first."""
        return (login for login, _ in self._kept.values())

    def __len__(self) -> int:
        """Return how many logins there are."""
        return len(self._kept)


@dataclass(frozen=True)
class Roster:
    """The team and its time off, as one value."""

    members: tuple[Member, ...] = ()
    time_off: tuple[TimeOff, ...] = ()

    @cached_property
    def support(self) -> tuple[Member, ...]:
        """The members whose hours count: "scheduled = support members"."""
        return tuple(member for member in self.members if member.role is Role.SUPPORT)

    @cached_property
    def taking_new(self) -> "Roster":
        """The roster of those only who take new tickets: who is at capacity "takes no more"."""
        taking = tuple(member for member in self.members if not member.at_capacity)
        return self if len(taking) == len(self.members) else replace(self, members=taking)

    @cached_property
    def by_login(self) -> Mapping[str, Member]:
        """The members by their logins, however these are spelled."""
        return ByLogin((member.login, member) for member in self.members)

    def member(self, named: str) -> Member | None:
        """Return whom a login or an e-mail address names: "logins compare without case".

        None where it is nobody's, or an address is several members'.
        """
        if named in self.by_login:
            return self.by_login[named]
        found = self._by_email.get(comparable(named), ())
        return found[0] if len(found) == 1 else None

    def login_of(self, named: str) -> str:
        """Return the login of the member that is named, else the name: "it is kept as it is"."""
        member = self.member(named)
        return named if member is None else member.login

    def nearest(self, named: str) -> Member | None:
        """Return whom a name nearly names: "a name that is nearly one is asked about"."""
        near = get_close_matches(comparable(named), self._near, n=1)
        return self._near[near[0]] if near else None

    def known(self, named: str) -> Member:
        """Return the member with this login or e-mail address.

        Raises:
            Refusal: there is none; it names the login that is nearest.
        """
        member = self.member(named)
        if member is None:
            raise Refusal(f"login: {quoted(named)}; expected {self._expected_instead_of(named)}")
        return member

    def holder(self, named: str) -> str:
        """Return the login of whom a person gives a ticket to: "only to logins of the team".

        "Until a team exists none of this holds": then it is the name itself.

        Raises:
            Refusal: there is a team, and nobody of it is named; it names the login that is nearest.
        """
        return self.known(named).login if self.members else named

    def off(self, login: str) -> Sequence[TimeOff]:
        """Return all time off of a member, in order of its start."""
        return self._time_off_of.get(login, ())

    def away(self, login: str) -> Sequence[Interval]:
        """Return when a member is out, in order and apart from each other."""
        return self._away_of.get(login, ())

    def spans(self, off: TimeOff) -> Sequence[Interval]:
        """Return when its member is out by one entry, in order and apart from each other."""
        member = self.by_login.get(off.login)
        return [off.interval] if member is None else off.spans(member.hours)

    def begins(self, off: TimeOff) -> datetime:
        """Return from when on its member is out by one entry."""
        return next((span.start for span in self.spans(off)), off.start)

    def holding(self, login: str, instant: datetime) -> Sequence[TimeOff]:
        """Return all time off that a member is on at ``instant``, in order of its start.

        "A person is out while any holds."
        """
        return [each for each in self.off(login) if self._holds(each, instant)]

    def coming(self, login: str, instant: datetime) -> Sequence[TimeOff]:
        """Return a member's time off that has not begun at ``instant``, in order of its start."""
        near = instant - SHIFT_REACH
        return [
            each for each in self.off(login) if each.start > near and self.begins(each) > instant
        ]

    def out_at(self, login: str, instant: datetime) -> TimeOff | None:
        """Return the time off that a member is on at ``instant``, None when they are not out.

        Of several the one that ends last.
        """
        holding = self.holding(login, instant)
        return max(holding, key=lambda each: each.interval.end, default=None)

    def out_until(self, login: str, instant: datetime) -> datetime | None:
        """Return when a member who is out at ``instant`` is back, None when that is not known.

        One time off right after another is being out until the end of both. A member who is in
        is back at ``instant``.
        """
        end = next(
            (each.end for each in self.away(login) if each.start <= instant < each.end), instant
        )
        return None if end == FOREVER else end

    def with_time_off(
        self, added: Iterable[TimeOff] = (), *, removed: Iterable[TimeOff] = ()
    ) -> "Roster":
        """Return the roster as it would be with some time off added and some taken away."""
        gone = set(removed)
        kept = (each for each in self.time_off if each not in gone)
        return replace(self, time_off=(*kept, *added))

    @cached_property
    def _time_off_of(self) -> Mapping[str, list[TimeOff]]:
        found: dict[str, list[TimeOff]] = {}
        for each in sorted(self.time_off, key=lambda each: (each.start, each.id)):
            found.setdefault(comparable(each.login), []).append(each)
        return ByLogin(found.items())

    @cached_property
    def _away_of(self) -> Mapping[str, list[Interval]]:
        return ByLogin(
            (login, self._away(login, time_off)) for login, time_off in self._time_off_of.items()
        )

    def _away(self, login: str, time_off: Sequence[TimeOff]) -> list[Interval]:
        member = self.by_login.get(login)
        if member is None:
            return joined(each.interval for each in time_off)
        return spans_away_by_all(member.hours, [each.absence(member.hours) for each in time_off])

    def _holds(self, off: TimeOff, instant: datetime) -> bool:
        if off.start > instant or off.interval.end <= instant - SHIFT_REACH:
            return False  # without asking for shifts, which takes a while for a year of days off
        return any(start <= instant < end for start, end in self.spans(off))

    def _expected_instead_of(self, named: str) -> str:
        sharing = self._by_email.get(comparable(named), ())
        if sharing:
            whose = one_of([f"{member.login}'s" for member in sharing], "and")
            return f"a login, as that address is {whose}"
        near = self.nearest(named)
        if near is not None:
            return f"a member of the team; did you mean {near.login}?"
        logins = sorted(self.by_login)
        if 0 < len(logins) <= _FEW:
            return one_of(logins)
        return "a member of the team" if logins else "a member, and there is no team yet"

    @cached_property
    def _by_email(self) -> Mapping[str, Sequence[Member]]:
        found: dict[str, list[Member]] = {}
        for member in self.members:
            if member.email is not None:
                found.setdefault(comparable(member.email), []).append(member)
        return found

    @cached_property
    def _near(self) -> Mapping[str, Member]:
        """What a name is held against: the addresses, the names and, before both, the logins."""
        addresses = {comparable(each.email): each for each in self.members if each.email}
        names = {comparable(each.name): each for each in self.members}
        logins = {comparable(each.login): each for each in self.members}
        return addresses | names | logins


_FEW = 12
"""So many logins can be listed in one line."""
