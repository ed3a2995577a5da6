"""How much of the team is there for how much work: the level, and when choices get hard."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.calendar import open_intervals
from policy.clocks import is_open, next_opening
from policy.coverage import Turn, arrivals, coverage
from policy.phrases import span
from policy.roster import Roster
from policy.rulebook import Rulebook
from policy.rulebook_sections import CapacityLevel

AHEAD = timedelta(days=14)
"""How far ahead the next arrival is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The team's capacity at one instant: the level, why, and what it means for everybody."""

    level: int
    why: str
    contingency: str
    scheduled: tuple[str, ...]
    available: tuple[str, ...]
    actionable: int
    next_arrivals: tuple[Turn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCount:
    """How many tickets stood in the queue from a time (UTC) on."""

    at: datetime
    tickets: int


def capacity(rulebook: Rulebook, roster: Roster, actionable: int, now: datetime) -> Capacity:
    """Return the capacity at ``now`` with ``actionable`` tickets in the queue."""
    cover = coverage(roster, now, now + _INSTANT)[0]
    moment = Moment(now, len(cover.scheduled), len(cover.available), actionable)
    level = level_of(rulebook, roster, moment)
    return Capacity(
        level=level.level,
        why=_why(rulebook, roster, moment, level),
        contingency=level.contingency,
        scheduled=tuple(sorted(cover.scheduled)),
        available=tuple(sorted(cover.available)),
        actionable=actionable,
        next_arrivals=tuple(arrivals(roster, now, AHEAD)),
    )


def hard_choices_now(
    rulebook: Rulebook, roster: Roster, counts: Sequence[QueueCount], now: datetime
) -> bool:
    """Return whether choices are hard at ``now``, when nobody has set the mode by hand.

    "hard_choices from level 3 up, left again only when the level has been lower for 15 minutes":
    that is, while any instant of the last 15 minutes was at that level. So the answer needs no
    memory but how many tickets stood in the queue when: ``counts``, oldest first, of which the
    first holds from the beginning of those minutes.
    """
    threshold = rulebook.capacity.hard_choices_from
    return any(
        level_of(rulebook, roster, moment).level >= threshold
        for moment in _moments(rulebook, roster, counts, now)
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """What the level depends on, at one instant in UTC."""

    at: datetime
    scheduled: int
    available: int
    tickets: int


def _moments(
    rulebook: Rulebook, roster: Roster, counts: Sequence[QueueCount], now: datetime
) -> Iterator[Moment]:
    """Yield every moment of the calm time at which the level can have become another one.

    The calm time is open at its start: what ended there has been over for all of it.
    """
    start = now - rulebook.capacity.calm_for + _INSTANT
    covers = coverage(roster, start, now + _INSTANT)
    opens = (each.start for each in open_intervals(rulebook.contract_calendar, start, now))
    changes = {start, *(cover.start for cover in covers), *opens}
    changes |= {count.at for count in counts if start <= count.at <= now}
    for instant in sorted(changes):
        cover = next(each for each in covers if each.start <= instant < each.end)
        tickets = [count.tickets for count in counts if count.at <= instant]
        yield Moment(
            instant, len(cover.scheduled), len(cover.available), tickets[-1] if tickets else 0
        )


_INSTANT = timedelta(microseconds=1)
"""The shortest time there is here: makes a half-open span of a single instant."""


def level_of(rulebook: Rulebook, roster: Roster, moment: Moment) -> CapacityLevel:
    """Return the level at a moment: "first from the top (worst first) that holds".

    "Level 8: nobody available while somebody is scheduled, or work waits inside the calendar's
    open hours and nobody is scheduled. Outside them, with nobody scheduled, the desk is closed:
    level 1." Without a team there is nothing to measure: level 1.
    """
    levels = sorted(rulebook.capacity.levels, key=lambda each: each.level)
    if not roster.support:
        return levels[0]
    if moment.scheduled == 0:
        waits = moment.tickets > 0 and is_open(rulebook.contract_calendar, moment.at)
        return levels[-1] if waits else levels[0]
    return next((level for level in reversed(levels) if _holds(level, moment)), levels[0])


def _holds(level: CapacityLevel, moment: Moment) -> bool:
    few = level.available_at_most is not None and (
        moment.available <= level.available_at_most * moment.scheduled + _ROUNDING
    )
    much = level.cases_over is not None and (moment.tickets > level.cases_over * moment.available)
    return (few and much) if level.all else (few or much)


_ROUNDING = 1e-9
"""So that 9 of 10 is a share of at most 0.9, whatever binary fractions make of it."""


def _why(rulebook: Rulebook, roster: Roster, moment: Moment, level: CapacityLevel) -> str:
    """Return the reason for the level in words."""
    if not roster.support:
        return "No team is known yet, so nothing is measured."
    if moment.scheduled == 0 and level.level == 1:
        if is_open(rulebook.contract_calendar, moment.at):
            return "Nobody is scheduled, and nothing waits."
        opening = next_opening(rulebook.contract_calendar, moment.at)
        return f"The desk is closed; it opens in {span(opening - moment.at)}."
    if moment.scheduled == 0:
        return f"{_waiting(moment.tickets)} inside our hours, and nobody is scheduled."
    there = f"{moment.available} of {moment.scheduled} scheduled are in"
    if moment.available == 0:
        return f"{there}."
    each = moment.tickets / moment.available
    return f"{there}, and {_waiting(moment.tickets)}: {each:.1f} for each."


def _waiting(tickets: int) -> str:
    return "1 ticket waits" if tickets == 1 else f"{tickets} tickets wait"
