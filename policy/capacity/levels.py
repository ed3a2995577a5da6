"""How much of the team is there for how much work: the level, why, and what follows from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.clocks.business_time import is_open, next_opening
from policy.phrases import span
from policy.roster.coverage import Turn, arrivals, cover_at
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.rulebook.sections import CapacityLevel
from policy.words import CountedCases

AHEAD = timedelta(days=30)
"""How far ahead the next arrival is looked for."""

_AS_PLANNED = CapacityLevel(level=1, contingency="As planned.")
"""Level 1 of a policy file that does not name it: it holds when no other does."""

_ROUNDING = 1e-9
"""So that 9 of 10 is a share of at most 0.9, whatever binary fractions make of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The team's capacity at one instant: the level, why, and what it means for everybody.

    ``closed_until`` is when the desk opens (UTC) while it is closed, None while it is not;
    ``next_arrivals`` are the soonest of each member who arrives within ``AHEAD``.
    """

    level: int
    why: str
    contingency: str
    scheduled: tuple[str, ...]
    available: tuple[str, ...]
    actionable: int
    owed: int
    next_arrivals: tuple[Turn, ...]
    closed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the level depends on, at one instant in UTC: how many people, how many cases."""

    at: datetime
    scheduled: int
    available: int
    cases: int


def capacity(
    rulebook: Rulebook, roster: Roster, actionable: int, owed: int, now: datetime
) -> Capacity:
    """Return the capacity at ``now`` with ``actionable`` tickets in the queue, so many ``owed``.

    Without a team there is nothing to measure: level 1.
    """
    cover = cover_at(roster, now)
    coming = tuple(arrivals(roster, now, AHEAD))
    counted = rulebook.capacity.count
    moment = Moment(
        at=now,
        scheduled=len(cover.scheduled),
        available=len(cover.available),
        cases=owed if counted is CountedCases.OWED else actionable,
    )
    level = level_of(rulebook, moment) if roster.support else _levels(rulebook)[0]
    closed_until = _closed_until(rulebook, moment, coming) if roster.support else None
    return Capacity(
        level=level.level,
        why=_why(moment, level, closed_until, counted) if roster.support else _NO_TEAM,
        contingency=level.contingency,
        scheduled=tuple(sorted(cover.scheduled)),
        available=tuple(sorted(cover.available)),
        actionable=actionable,
        owed=owed,
        next_arrivals=coming,
        closed_until=closed_until,
    )


def level_of(rulebook: Rulebook, moment: Moment) -> CapacityLevel:
    """Return the level of a team at a moment: "first from the top (worst first) that holds".

    "Level 8: nobody available while somebody is scheduled, or work waits inside the calendar's
    open hours and nobody is scheduled. Outside them, with nobody scheduled, the desk is closed:
    level 1." Levels of a policy file that go less far end with the worst of theirs instead of 8.
    """
    levels = _levels(rulebook)
    if moment.scheduled == 0:
        waits = moment.cases > 0 and is_open(rulebook.contract_calendar, moment.at)
        return levels[-1] if waits else levels[0]
    if moment.available == 0:
        return levels[-1]
    return next(
        (level for level in reversed(levels) if _holds(level, moment)),
        levels[0],
    )


_NO_TEAM = "No team is known yet, so nothing is measured."


def _levels(rulebook: Rulebook) -> list[CapacityLevel]:
    """Return the levels of the policy from the best to the worst, the first being level 1."""
    levels = sorted(rulebook.capacity.levels, key=lambda each: each.level)
    return levels if levels and levels[0].level == 1 else [_AS_PLANNED, *levels]


def _holds(level: CapacityLevel, moment: Moment) -> bool:
    few, much = _few(level, moment), _much(level, moment)
    return (few and much) if level.all else (few or much)


def _few(level: CapacityLevel, moment: Moment) -> bool:
    share = level.available_at_most
    return share is not None and moment.available <= share * moment.scheduled + _ROUNDING


def _much(level: CapacityLevel, moment: Moment) -> bool:
    return level.cases_over is not None and moment.cases > level.cases_over * moment.available


def _closed_until(rulebook: Rulebook, moment: Moment, coming: tuple[Turn, ...]) -> datetime | None:
    """Return when the closed desk opens: with the contract's hours, or with whoever comes first."""
    if moment.scheduled or is_open(rulebook.contract_calendar, moment.at):
        return None
    opening = next_opening(rulebook.contract_calendar, moment.at)
    return min(opening, coming[0].at) if coming else opening


def _why(
    moment: Moment, level: CapacityLevel, closed_until: datetime | None, counted: CountedCases
) -> str:
    """Return the reason for the level in words."""
    if closed_until is not None:
        return f"The desk is closed; it opens in {span(closed_until - moment.at)}."
    if moment.scheduled == 0:
        return f"Nobody is scheduled in the contract's hours, with {_work(moment, counted)}."
    if moment.available == 0:
        return f"{_nobody_of(moment.scheduled)}, with {_work(moment, counted)}."
    only = "only " if _few(level, moment) else ""
    return _sentence(
        f"{only}{_people(moment)}, with {_work(moment, counted)}.{_begins(level, moment)}"
    )


def _nobody_of(scheduled: int) -> str:
    return (
        "The only one scheduled is out" if scheduled == 1 else f"All {scheduled} scheduled are out"
    )


def _people(moment: Moment) -> str:
    if moment.scheduled == 1:
        return "the one scheduled is in"
    if moment.available == moment.scheduled:
        return f"all {moment.scheduled} scheduled are in"
    verb = "is" if moment.available == 1 else "are"
    return f"{moment.available} of {moment.scheduled} scheduled {verb} in"


def _work(moment: Moment, counted: CountedCases) -> str:
    if moment.cases == 0:
        return "nothing owed" if counted is CountedCases.OWED else "an empty queue"
    where = "owed an answer" if counted is CountedCases.OWED else "in the queue"
    tickets = "1 ticket" if moment.cases == 1 else f"{moment.cases} tickets"
    if moment.available < 2:  # noqa: PLR2004 - what one person has is the whole queue
        return f"{tickets} {where}"
    return f"{tickets} {where}, {_number(moment.cases / moment.available)} each"


def _begins(level: CapacityLevel, moment: Moment) -> str:
    """Return from when on the level holds, as far as that is what makes it hold."""
    begins = []
    if level.available_at_most is not None and _few(level, moment):
        begins.append(f"at {_number(level.available_at_most * 100)} % of the scheduled")
    if level.cases_over is not None and _much(level, moment):
        begins.append(f"above {_number(level.cases_over)} each")
    return f" Level {level.level} begins {' and '.join(begins)}." if begins else ""


def _number(value: float) -> str:
    """Return a number with two digits after its point at most, and none that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
