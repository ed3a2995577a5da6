"""Who works when: members with their weekly hours, and the time they are off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property
from types import MappingProxyType

from policy.clocks.calendar import Calendar, Interval
from policy.clocks.intervals import joined
from policy.refusal import Refusal, one_of, quoted
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
    when a person entered it.
    """

    id: int = 0
    login: str
    start: datetime
    until: datetime | None
    reason: str
    entered_by: str
    source: str | None = None

    @property
    def interval(self) -> Interval:
        """The same span, one without a known end going on for ever."""
        return Interval(self.start, FOREVER if self.until is None else self.until)

    def holds(self, instant: datetime) -> bool:
        """Return whether the member is out at ``instant``."""
        return self.interval.start <= instant < self.interval.end


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
        """The members by their logins."""
        return MappingProxyType({member.login: member for member in self.members})

    def known(self, login: str) -> Member:
        """Return the member with this login.

        Raises:
            Refusal: there is none; it names the login that is nearest.
        """
        if login in self.by_login:
            return self.by_login[login]
        raise Refusal(f"login: {quoted(login)}; expected {self._expected_instead_of(login)}")

    def off(self, login: str) -> Sequence[TimeOff]:
        """Return all time off of a member, in order of its start."""
        return self._time_off_of.get(login, ())

    def away(self, login: str) -> Sequence[Interval]:
        """Return when a member is out, in order and apart from each other."""
        return self._away_of.get(login, ())

    def out_at(self, login: str, instant: datetime) -> TimeOff | None:
        """Return the time off that a member is on at ``instant``, None when they are not out.

        Of several, as from a calendar and from the lead, the one that ends last.
        """
        holding = [each for each in self.off(login) if each.holds(instant)]
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
            found.setdefault(each.login, []).append(each)
        return found

    @cached_property
    def _away_of(self) -> Mapping[str, list[Interval]]:
        return {
            login: joined(each.interval for each in time_off)
            for login, time_off in self._time_off_of.items()
        }

    def _expected_instead_of(self, login: str) -> str:
        near = get_close_matches(login.casefold(), self._folded, n=1)
        if near:
            return f"a member of the team; did you mean {self._folded[near[0]]}?"
        logins = sorted(self.by_login)
        if 0 < len(logins) <= _FEW:
            return one_of(logins)
        return "a member of the team" if logins else "a member, and there is no team yet"

    @cached_property
    def _folded(self) -> Mapping[str, str]:
        return {login.casefold(): login for login in self.by_login}


_FEW = 12
"""So many logins can be listed in one line."""
