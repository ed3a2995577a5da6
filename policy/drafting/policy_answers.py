"""What a team has answered of its own policy so far, and what holds where it has not answered yet.

A policy can be made of any such answers, so that what each of them does is shown as it is given.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from policy.clocks.target_time import TargetTime
from policy.facts import FLAG
from policy.rulebook.contract_sections import CONTRACT_CALENDAR, FIRST_RESPONSE, RESOLUTION
from policy.rulebook.rulebook import handbook
from policy.words import Criterion, FactKind, Priority, Severity, Status, Tier

WhenTable = Mapping[str, object]
"""What a ticket must be, as ``when`` of a policy file says it."""

PLAN: Final = "plan"
"""What people call a customer's tier, where they say by what times differ."""

CUSTOMERS: Final = "customers"
"""The calendar that has the hours of ``[calendar]`` where each customer is."""

ALWAYS: Final = "always"
ROUND_THE_CLOCK: Final[tuple[str, ...]] = ("Mon-Sun 00:00-24:00",)

TOLD_NOTHING: Final = "none"
"""Who says nothing of the fact by which times differ is promised nothing, either."""

DimensionValue = str | bool | None
"""A plan, a word of a fact or whether a flag is set; None where times differ by nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixAnswer:
    """Two facts and the priority of each pair: for each word of ``rows`` one by ``columns``."""

    rows: str
    columns: str
    cells: Mapping[str, tuple[Priority, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRule:
    """The priority of the tickets that one of ``whens`` means; ``said`` is how it was typed."""

    priority: Priority
    whens: tuple[WhenTable, ...]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedGroup:
    """A group of tickets for the order: those that one of ``whens`` means."""

    name: str
    whens: tuple[WhenTable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursAnswer:
    """When the desk is open; ``holidays_of`` is the country whose ``holidays`` these are."""

    timezone: str
    open: tuple[str, ...]
    holidays: tuple[date, ...] = ()
    holidays_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHours:
    """Hours beside the desk's own, in its time zone, and the priorities that go by them."""

    name: str
    open: tuple[str, ...]
    priorities: tuple[Priority, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAnswers:
    """The answers, each with what it is before it is given.

    ``plans`` are the tiers; those of ``ours`` are our own work. ``by_severity`` has the priorities
    of the severities in their order, by plan where they differ by it, else under None.
    ``times_by`` is ``plan`` or a fact by which promised times differ; ``times`` has a time for each
    priority by target and value of that. ``untold`` is the value as which a ticket counts that says
    nothing of the fact, or ``TOLD_NOTHING``. An order None is the usual one.
    """

    plans: tuple[Tier, ...] = ()
    paying: tuple[Tier, ...] = ()
    trial: tuple[Tier, ...] = ()
    trial_by_ce: bool = False
    ours: tuple[Tier, ...] = ()
    priorities: tuple[Priority, ...]
    urgent: tuple[Priority, ...] | None = None
    severities: tuple[Severity, ...] = ()
    facts: tuple[tuple[str, FactKind], ...] = ()
    matrix: MatrixAnswer | None = None
    severities_by_plan: bool = False
    by_severity: Mapping[Tier | None, tuple[Priority, ...]] = field(default_factory=dict)
    rules: tuple[PriorityRule, ...] = ()
    otherwise: Priority | None = None
    hours: HoursAnswer
    where_customers_are: bool = False
    other_hours: tuple[OtherHours, ...] = ()
    times_by: str | None = None
    untold: str | None = None
    targets: tuple[str, ...] = ()
    times: Mapping[tuple[str, DimensionValue], tuple[TargetTime, ...]] = field(default_factory=dict)
    stops_in: tuple[Status, ...] = ()
    aim: timedelta
    groups: tuple[NamedGroup, ...] = ()
    hard_choices: tuple[Criterion, ...] | None = None
    normal: tuple[Criterion, ...] | None = None

    @property
    def customers_plans(self) -> tuple[Tier, ...]:
        """The plans that are not our own work."""
        return tuple(plan for plan in self.plans if plan not in self.ours)

    @property
    def fact_kinds(self) -> Mapping[str, FactKind]:
        """What each fact may be, by its name."""
        return MappingProxyType(dict(self.facts))

    @property
    def lists_of_words(self) -> Mapping[str, tuple[str, ...]]:
        """The facts that have a list of words, by name."""
        return {name: kind for name, kind in self.facts if isinstance(kind, tuple)}

    @property
    def promised(self) -> tuple[str, ...]:
        """The targets that are promised: the first response, and what else was named."""
        return (FIRST_RESPONSE, *self.targets)

    @property
    def values_of_times(self) -> tuple[DimensionValue, ...]:
        """What the promised times are told for one by one; (None,) where they differ by nothing."""
        if self.times_by is None:
            return (None,)
        if self.times_by == PLAN:
            return self.customers_plans
        kind = self.fact_kinds[self.times_by]
        return (True, False) if kind == FLAG else tuple(kind)

    @property
    def says_nothing_as(self) -> str | None:
        """As which value a ticket counts that says nothing of the fact by which times differ.

        None where every ticket says something of it.
        """
        if self.times_by is None or self.times_by not in self.lists_of_words:
            return None
        return self.untold or self.lists_of_words[self.times_by][0]

    def calendar_of(self, priority: Priority) -> str:
        """Return the name of the calendar that a priority's times go by."""
        usual = CUSTOMERS if self.where_customers_are else CONTRACT_CALENDAR
        return next((each.name for each in self.other_hours if priority in each.priorities), usual)

    def times_of(self, target: str, value: DimensionValue) -> tuple[TargetTime, ...]:
        """Return the time of a target for each priority, as answered or as it is before."""
        return self.times.get((target, value)) or usual_times(target, len(self.priorities))

    def urgent_ones(self) -> tuple[Priority, ...]:
        """Return the priorities that call someone in, as answered or as it is before.

        The handbook's where they are named so; else the first of several.
        """
        if self.urgent is not None:
            return self.urgent
        known = tuple(word for word in handbook().priorities.urgent if word in self.priorities)
        return known or self.priorities[: 1 if len(self.priorities) > 1 else 0]

    def priorities_of(self, plan: Tier | None) -> tuple[Priority, ...]:
        """Return the priority of each severity for a plan, as answered or by rank."""
        return self.by_severity.get(plan) or by_rank(self.severities, self.priorities)

    def row_of(self, matrix: MatrixAnswer, word: str) -> tuple[Priority, ...]:
        """Return a row of a matrix, as answered or so that priorities fall from corner to corner.

        The first row and column have the first priority, the last ones the last.
        """
        if word in matrix.cells:
            return matrix.cells[word]
        rows, columns = (self.lists_of_words[name] for name in (matrix.rows, matrix.columns))
        last, steps = len(self.priorities) - 1, max(1, len(rows) + len(columns) - 2)
        down = rows.index(word)
        return tuple(
            self.priorities[(down + right) * last // steps] for right in range(len(columns))
        )

    def order_in(self, *, hard_choices: bool) -> tuple[Criterion, ...]:
        """Return an order, as answered or the handbook's, as far as it says something here.

        In the handbook's a time to solve is looked at behind the answer due where one is promised.
        Groups are asked for after the order, and until then nobody is in one.
        """
        given = self.hard_choices if hard_choices else self.normal
        says_nothing = {
            Criterion.TIER: not self.plans,
            Criterion.GROUP: not self.groups,
            Criterion.RESOLVE_BY: RESOLUTION not in self.targets,
        }
        order = _usual_order(hard_choices=hard_choices) if given is None else given
        return tuple(each for each in order if not says_nothing.get(each, False))


def _usual_order(*, hard_choices: bool) -> Iterator[Criterion]:
    usual = handbook().order
    for criterion in usual.hard_choices if hard_choices else usual.normal:
        yield criterion
        if criterion is Criterion.RESPOND_BY:
            yield Criterion.RESOLVE_BY


def by_rank(severities: Sequence[Severity], priorities: Sequence[Priority]) -> tuple[Priority, ...]:
    """Return a priority for each severity: the first for the worst, from the last on the last."""
    last = len(priorities) - 1
    return tuple(priorities[min(rank, last)] for rank in range(len(severities)))


def usual_times(target: str, priorities: int) -> tuple[TargetTime, ...]:
    """Return the handbook's time for each priority by rank, beyond its last as that.

    Of what the handbook does not promise, none.
    """
    if target != FIRST_RESPONSE:
        return (TargetTime(),) * priorities
    times = [TargetTime(open_time=time) for time in handbook().contract_time.values()]
    return tuple(times[min(rank, len(times) - 1)] for rank in range(priorities))
