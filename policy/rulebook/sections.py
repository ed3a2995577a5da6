"""The tables of a policy file as frozen values, key by key as ``handbook.toml`` has them."""

from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from policy.clocks.calendar import Calendar
from policy.rulebook.fields import (
    AnyLevel,
    BusyLevel,
    CasesEach,
    Criteria,
    EveryTier,
    Flag,
    Holidays,
    Line,
    Names,
    NoticeBody,
    NoticeSubject,
    OpenHours,
    PriorityWord,
    Share,
    SomeOpeners,
    SomeSeverities,
    SomeTiers,
    Tiers,
    Time,
    ZoneName,
)
from policy.words import OpenedBy, Severity, Tier


class PolicySection(BaseModel):
    """A table of the policy file: nothing in it may be changed, and no other key is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
    """``[tiers]``: "we follow this order of priority: pre-sales customers first …"."""

    order: EveryTier
    paying: Tiers


class When(PolicySection):
    """What a ticket must be for an intake rule to decide it; what is left out does not matter."""

    tier: SomeTiers | None = None
    severity: SomeSeverities | None = None
    opened_by: SomeOpeners | None = None
    paying: Flag | None = None


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

    def holds(self, tier: Tier, severity: Severity, opened_by: OpenedBy, paying: bool) -> bool:
        """Return whether this rule decides such a ticket: "all given must hold"."""
        when = self.when
        return (
            (when.tier is None or tier in when.tier)
            and (when.severity is None or severity in when.severity)
            and (when.opened_by is None or opened_by in when.opened_by)
            and (when.paying is None or paying == when.paying)
        )


class ResponseSection(PolicySection):
    """``[response]``: the contract's first response, in open time, and what we strive for."""

    aim: Time
    p0: Time
    p1: Time
    p2: Time
    p3: Time
    no_contract: Tiers


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
    levels: Annotated[tuple[CapacityLevel, ...], AfterValidator(_each_level_once)]


class HandlingSection(PolicySection):
    """``[handling]``: how long one ticket of each priority takes a person, for the forecast."""

    p0: Time
    p1: Time
    p2: Time
    p3: Time


class WaitsSection(PolicySection):
    """``[waits]``: the wait notice, as string.Template texts."""

    subject: NoticeSubject
    body: NoticeBody


class EngineeringSection(PolicySection):
    """``[engineering]``: the context that support fills, and the timings that engineers decide."""

    context: Names
    timings: Names


class StatusesSection(PolicySection):
    """``[statuses]``: when a solved ticket closes by itself, counted from being solved."""

    close_after: Time


class AllocationSection(PolicySection):
    """``[allocation]``: the share of customer work, and the time it is measured over."""

    customer: Share
    window: Time
