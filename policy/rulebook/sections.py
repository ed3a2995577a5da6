"""The tables of a policy file as frozen values, key by key as ``handbook.toml`` has them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    model_serializer,
    model_validator,
)

from policy.clocks.calendar import Calendar
from policy.contract.conditions import all_hold
from policy.facts import NO_FACTS
from policy.refusal import one_of
from policy.rulebook.fields import (
    AnyLevel,
    BusyLevel,
    CasesEach,
    CountedCasesWord,
    Criteria,
    FewestWords,
    Flag,
    Holidays,
    Line,
    Names,
    OpenHours,
    Share,
    Time,
    ZoneName,
)
from policy.rulebook.keys_by_word import with_these_keys
from policy.rulebook.policy_section import PolicySection, wrong_places
from policy.rulebook.when import When
from policy.rulebook.word_fields import (
    PolicyWords,
    Priorities,
    PriorityOrder,
    PriorityWord,
    SeverityNames,
    SeverityOrder,
    TierBadges,
    TierNames,
    TierOrder,
    Tiers,
)
from policy.words import FactValue, OpenedBy, Priority, Severity, Tier


class TimesByPriority(PolicySection):
    """A table with a time for each priority of the policy, under the priority's own word."""

    model_config = ConfigDict(frozen=True, extra="allow")
    __pydantic_extra__: dict[str, Time]

    @model_validator(mode="wrap")
    @classmethod
    def _has_one_for_each(
        cls, table: object, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        if not isinstance(info.context, PolicyWords) or not isinstance(table, dict):
            return handler(table)
        return with_these_keys(table, handler, cls, cls._keys_wanted(info.context))

    @classmethod
    def _keys_wanted(cls, words: PolicyWords) -> Sequence[Priority] | None:
        """Return the priorities that must be keys, None where they are not known."""
        return words.priorities

    @property
    def by_priority(self) -> Mapping[Priority, timedelta]:
        """The times, by the priority's word."""
        return MappingProxyType(self.__pydantic_extra__)


class CalendarSection(PolicySection):
    """``[calendar]``: when contract time runs."""

    timezone: ZoneName
    open: OpenHours
    holidays: Holidays

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar that these words say."""
        return Calendar.of(self.timezone, self.open, self.holidays)


class TiersSection(PolicySection):
    """``[tiers]``: "we follow this order of priority: pre-sales customers first …".

    No ``order`` says that the desk has none. ``trial`` are the tiers for which a CE opens
    tickets, ``internal`` those of our own work. ``names`` and ``short`` say how a tier is called
    and how its badge reads, where that is not the word itself and its first letters.
    """

    order: TierOrder
    paying: Tiers
    trial: Tiers
    internal: Tiers
    names: TierNames
    short: TierBadges


class PrioritiesSection(PolicySection):
    """``[priorities]``: what we assign, the first coming first.

    ``urgent`` names "those that call someone in and may have engineering drop everything".
    """

    order: PriorityOrder
    urgent: Priorities


class SeveritiesSection(PolicySection):
    """``[severities]``: what the contract calls the reported problem, the worst first.

    No ``order`` says that the desk has none. ``names`` say what each means, under its own text.
    """

    order: SeverityOrder
    names: SeverityNames


class IntakeRule(PolicySection):
    """``[[intake]]``: assigns a priority or declines, and says why."""

    when: When
    assign: PriorityWord | None = None
    decline: Line | None = None
    because: Line

    @model_validator(mode="after")
    def _decides_one_way(self) -> Self:
        if (self.assign is None) == (self.decline is None):
            given = "neither" if self.assign is None else "both"
            raise ValueError(f"expected either assign or decline, not {given}")
        return self

    def holds(
        self,
        tier: Tier | None,
        severity: Severity | None,
        opened_by: OpenedBy,
        paying: bool,
        facts: Mapping[str, FactValue] = NO_FACTS,
    ) -> bool:
        """Return whether this rule decides such a ticket: "all given must hold"."""
        when = self.when
        return (
            (when.tier is None or tier in when.tier)
            and (when.severity is None or severity in when.severity)
            and (when.opened_by is None or opened_by in when.opened_by)
            and (when.paying is None or paying == when.paying)
            and all_hold(when.fact_conditions, facts.get)
        )


class ResponseSection(TimesByPriority):
    """``[response]``: the contract's first response, in open time, and what we strive for.

    Beside ``aim`` and ``no_contract`` it has a key for each priority of the policy.
    """

    aim: Time
    no_contract: Tiers

    @classmethod
    def _keys_wanted(cls, words: PolicyWords) -> Sequence[Priority] | None:
        # "A file with [[contract]] rows replaces them."
        return () if words.has_contract else words.priorities

    @model_serializer(mode="wrap")
    def _aim_first(self, dumped: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = dumped(self)
        no_contract = told.pop("no_contract")
        return {**told, "no_contract": no_contract}


class OrderSection(PolicySection):
    """``[order]``: what both orders look at, one after the other; the id always comes last."""

    normal: Criteria
    hard_choices: Criteria


class CapacityLevel(PolicySection):
    """``[[capacity.levels]]``: from when on a level holds, and what the team does then.

    ``available_at_most`` is a share of the scheduled, ``cases_over`` a number of actionable
    tickets per available member; ``all`` says that both must hold. Level 1 has neither.
    """

    level: AnyLevel
    available_at_most: Share | None = None
    cases_over: CasesEach | None = None
    all: Flag = False
    contingency: Line

    @model_validator(mode="after")
    def _holds_from_somewhere(self) -> Self:
        given = [self.available_at_most, self.cases_over]
        if self.level == 1:
            if given != [None, None] or self.all:
                raise ValueError(
                    "expected no threshold for level 1, which holds when no other does"
                )
        elif given == [None, None]:
            raise ValueError("expected available_at_most, cases_over or both")
        elif self.all and None in given:
            raise ValueError("expected both available_at_most and cases_over where all is true")
        return self


def _each_level_once(levels: tuple[CapacityLevel, ...]) -> tuple[CapacityLevel, ...]:
    numbers = [level.level for level in levels]
    for place, number in enumerate(numbers):
        if number in numbers[:place]:
            raise ValueError(f"expected each level once, and level {number} comes again")
    return levels


class CapacitySection(PolicySection):
    """``[capacity]``: when there is too much work to keep it simple."""

    hard_choices_from: BusyLevel
    calm_for: Time
    count: CountedCasesWord
    levels: Annotated[tuple[CapacityLevel, ...], AfterValidator(_each_level_once)]


class HandlingSection(TimesByPriority):
    """``[handling]``: how long one ticket of each priority keeps a person busy, without history."""


class AnsweringSection(TimesByPriority):
    """``[answering]``: "from picking a ticket up to its first answer", without history."""


class EngineeringSection(PolicySection):
    """``[engineering]``: the context that support fills, and the timings that engineers decide.

    "The policy can say for each a fewest number of words and an example": ``fewest_words`` and
    ``examples``, each by a name of the context. What they leave out needs only to be filled.
    """

    context: Names
    timings: Names
    fewest_words: dict[str, FewestWords] = Field(default_factory=dict)
    examples: dict[str, Line] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _are_of_the_context(self) -> Self:
        wrong = [
            ((table, name), f"expected {one_of(self.context)}")
            for table in ("fewest_words", "examples")
            for name in getattr(self, table)
            if name not in self.context
        ]
        if wrong:
            raise wrong_places("EngineeringSection", wrong)
        return self


class StatusesSection(PolicySection):
    """``[statuses]``: when a solved ticket closes by itself, counted from being solved."""

    close_after: Time


class AllocationSection(PolicySection):
    """``[allocation]``: the share of customer work, and the time it is measured over."""

    customer: Share
    window: Time
