"""How time is split between customers and our own goals, and who is offered time for the latter.

"80% of our time is spent on p2 work (with p0 and p1 work being rare). 20% of our time is spent on
internally identified goals/tasks/projects."
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from policy.clocks.calendar import Interval
from policy.clocks.intervals import without
from policy.names import comparable, same_name
from policy.phrases import span
from policy.refusal import one_of
from policy.roster.members import Roster
from policy.rulebook.sections import AllocationSection
from policy.ticket import Ticket
from policy.time.entries import TimeEntry
from policy.vocabulary import NO_WORDS, Vocabulary
from policy.words import Priority, Work

_NOTHING = timedelta(0)
_ROUNDING = 1e-9
"""So that a fifth is not less than 1 - 0.8, whatever binary fractions make of it."""


def _none() -> Mapping[Priority, timedelta]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How much time went to customers' work and how much to internal work.

    ``by_priority`` is what of the customers' work went to tickets of each priority; the rest went
    to none.
    """

    customer: timedelta = _NOTHING
    internal: timedelta = _NOTHING
    by_priority: Mapping[Priority, timedelta] = field(default_factory=_none)

    @property
    def recorded(self) -> timedelta:
        """Both together."""
        return self.customer + self.internal

    @property
    def customer_share(self) -> float | None:
        """The share of customer work from 0 to 1, None when nothing is recorded."""
        return self.customer / self.recorded if self.recorded else None

    @property
    def internal_share(self) -> float | None:
        """The share of internal work from 0 to 1, None when nothing is recorded."""
        return self.internal / self.recorded if self.recorded else None

    def share_of(self, priorities: Iterable[Priority]) -> float | None:
        """Return how much of the customers' work went to these, from 0 to 1; None of nothing.

        "Of the customer share, how much went to p0 and p1 (meant to be rare) and to p2."
        """
        went = sum((self.by_priority.get(each, _NOTHING) for each in set(priorities)), _NOTHING)
        return went / self.customer if self.customer else None

    def plus(self, work: Work, time: timedelta, priority: Priority | None = None) -> "Split":
        """Return the split with some more time of one kind, on a ticket of that priority if any."""
        if work is Work.INTERNAL:
            return replace(self, internal=self.internal + time)
        by_priority = self.by_priority
        if priority is not None:
            spent = by_priority.get(priority, _NOTHING) + time
            by_priority = MappingProxyType({**by_priority, priority: spent})
        return replace(self, customer=self.customer + time, by_priority=by_priority)

    def is_short(self, section: AllocationSection) -> bool:
        """Return whether less than its share went to internal work; never of nothing at all."""
        share = self.internal_share
        return share is not None and share < 1 - section.customer - _ROUNDING


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSplit:
    """One person's split."""

    login: str
    split: Split


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The split over the window, of the team and of each person.

    ``paused`` is whether internal work pauses now, ``internal_aim`` its share as the policy wants
    it. ``members`` are support in the team's order, then who was in support earlier in the window,
    and then whoever else recorded time. ``priorities`` are those of the policy in force at the end,
    ``urgent`` those of them that are "meant to be rare".
    """

    window: timedelta
    internal_aim: float
    team: Split
    members: tuple[MemberSplit, ...]
    paused: bool
    priorities: tuple[Priority, ...] = ()
    urgent: tuple[Priority, ...] = ()

    @property
    def usual(self) -> tuple[Priority, ...]:
        """The priorities between the urgent ones and the last: "80% of our time"."""
        return tuple(each for each in self.priorities[:-1] if each not in self.urgent)

    @property
    def kinds(self) -> tuple[tuple[Priority, ...], ...]:
        """The priorities by what is meant of them: the urgent ones, the usual ones, the last."""
        told = (self.urgent, self.usual)
        last = tuple(each for each in self.priorities[-1:] if each not in self.urgent)
        return tuple(kind for kind in (*told, last) if kind)

    def of(self, login: str) -> Split:
        """Return one person's split; nothing for somebody who recorded nothing."""
        return next((each.split for each in self.members if same_name(each.login, login)), Split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A person is offered an internal ticket as protected time; ``why`` is a sentence."""

    login: str
    ticket: Ticket
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedTimeInputs:
    """What protected time depends on beside the split.

    ``urgent`` is how many stand in the queue of those that ``words`` calls so, ``first`` the first
    internal ticket of the order that is nobody's or the person's own, ``running`` what their timer
    runs on.
    """

    words: Vocabulary

    urgent: int
    first: Ticket | None
    running: TimeEntry | None


def window_until(section: AllocationSection, now: datetime) -> Interval:
    """Return the time that the split is measured over: "over the last 7 days"."""
    return Interval(now - section.window, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The time that was recorded, and the priorities of the tickets that it went to, by number."""

    entries: Iterable[TimeEntry] = ()
    priorities: Mapping[int, Priority] = field(default_factory=dict)


def allocation(
    section: AllocationSection,
    rosters: Sequence[Roster],
    recorded: Recorded,
    now: datetime,
    *,
    words: Vocabulary = NO_WORDS,
    busy: Sequence[Interval] = (),
    paused: bool = False,
) -> Allocation:
    """Return the split over the window that ends ``now``, per person and for the team.

    "80% customer work, 20% internal, over the last 7 days, per person and team." Entries count as
    far as they lie in the window, a running one until now. "At level 3 and above internal work
    pauses and the split is not held against anyone": what was recorded during ``busy``, the spans
    in which such a level held, is left out altogether, so that neither the customer work that
    everybody did then makes their internal share short nor does anybody owe it afterwards.
    ``rosters`` are the teams of the window, the latest last: "today's team is never used for
    yesterday", and who has left it since counts as long as they were in it.
    """
    window, team = window_until(section, now), Split()
    support = _support_of(rosters)
    spelled = {comparable(login): login for login in support}
    found: dict[str, Split] = {}
    for entry in recorded.entries:
        time = _measured(entry, window, busy)
        if time:
            login = spelled.setdefault(comparable(entry.login), _spelled(entry.login, rosters))
            priority = None if entry.ticket is None else recorded.priorities.get(entry.ticket)
            found[login] = found.get(login, Split()).plus(entry.work, time, priority)
            team = team.plus(entry.work, time, priority)
    logins = [*support, *sorted(found.keys() - set(support))]
    return Allocation(
        window=section.window,
        internal_aim=round(1 - section.customer, 10),
        team=team,
        members=tuple(MemberSplit(login=each, split=found.get(each, Split())) for each in logins),
        paused=paused,
        priorities=words.priorities,
        urgent=words.urgent,
    )


def _support_of(rosters: Sequence[Roster]) -> list[str]:
    """Return who is in support, and then who was, the teams of long ago last."""
    logins: dict[str, str] = {}
    for roster in reversed(rosters):
        for member in roster.support:
            logins.setdefault(comparable(member.login), member.login)
    return list(logins.values())


def _spelled(login: str, rosters: Sequence[Roster]) -> str:
    """Return a login as the latest team that knows it writes it."""
    known = (roster.member(login) for roster in reversed(rosters))
    return next((member.login for member in known if member is not None), login)


def suggestion(
    section: AllocationSection,
    roster: Roster,
    measured: Allocation,
    login: str,
    offer: ProtectedTimeInputs,
) -> Suggestion | None:
    """Return the internal ticket that a person is offered as protected time, None for no offer.

    "Otherwise a person whose internal share is short, with no p0 or p1 waiting, is offered the
    first internal item as protected time." Nobody who recorded nothing yet, who is at capacity
    ("works only on their own tickets, takes no more"), or whose timer runs on internal work.
    """
    member = roster.by_login.get(login)
    split = measured.of(login)
    if (
        measured.paused
        or offer.urgent
        or offer.first is None
        or not split.is_short(section)
        or (member is not None and member.at_capacity)
        or (offer.running is not None and offer.running.work is Work.INTERNAL)
    ):
        return None
    return Suggestion(login=login, ticket=offer.first, why=_why(split, measured, offer.words))


def _measured(entry: TimeEntry, window: Interval, busy: Sequence[Interval]) -> timedelta:
    """Return how much of an entry counts: within the window, outside the busy spans."""
    start = max(entry.started_at, window.start)
    end = min(entry.until(window.end), window.end)
    if start >= end:
        return _NOTHING
    return sum((each.end - each.start for each in without([Interval(start, end)], busy)), _NOTHING)


def _why(split: Split, measured: Allocation, words: Vocabulary) -> str:
    went = int(100 * (split.internal_share or 0))  # rounded up it might say that it is enough
    said = (
        f"{went} % of your last {said_window(measured.window)} was internal,"
        f" {round(100 * measured.internal_aim)} % is meant"
    )
    return f"{said}, and no {one_of(words.urgent)} waits." if words.urgent else f"{said}."


def said_window(window: timedelta) -> str:
    """Return the window as people say it after "the last": ``7 days``."""
    days, rest = divmod(window, timedelta(days=1))
    return f"{days} days" if days > 1 and not rest else span(window)
