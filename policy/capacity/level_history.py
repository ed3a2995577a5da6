"""Which level held when, over some time that is past: exact, never sampled."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from policy.capacity.hard_choices import QueueCount, moments_between
from policy.capacity.levels import Moment, level_of
from policy.clocks.business_time import is_open
from policy.clocks.calendar import Interval
from policy.clocks.intervals import joined
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook


class LevelSpan(NamedTuple):
    """A half-open span in UTC during which one level held."""

    start: datetime
    end: datetime
    level: int


def level_spans(
    rulebook: Rulebook,
    roster: Roster,
    counts: Sequence[QueueCount],
    start: datetime,
    end: datetime,
) -> Iterator[LevelSpan]:
    """Yield the whole of ``start`` to ``end`` as spans of one level each, oldest first.

    ``counts`` are how many tickets stood in the queue, oldest first, from the last one before
    that time on. Who was scheduled is what the team's hours say now. Without a team there is
    nothing to measure: level 1.
    """
    if not roster.support:
        yield LevelSpan(start, end, 1)
        return
    since, level = start, 0
    known: dict[_Alike, int] = {}
    for moment in moments_between(rulebook, roster, counts, start, end):
        other = _level_at(rulebook, moment, known)
        if other != level:
            if since < moment.at:
                yield LevelSpan(since, moment.at, level)
            since, level = moment.at, other
    yield LevelSpan(since, end, level)


def busy_spans(
    rulebook: Rulebook,
    roster: Roster,
    counts: Sequence[QueueCount],
    start: datetime,
    end: datetime,
) -> list[Interval]:
    """Return when internal work was paused: "at level 3 and above internal work pauses".

    That is the level from which on choices get hard, whichever the policy says it is.
    """
    busy = rulebook.capacity.hard_choices_from
    spans = level_spans(rulebook, roster, counts, start, end)
    return joined(Interval(each.start, each.end) for each in spans if each.level >= busy)


_Alike = tuple[int, int, int, bool]
"""Scheduled, available, cases, and for nobody scheduled whether our hours run."""


def _level_at(rulebook: Rulebook, moment: Moment, known: dict[_Alike, int]) -> int:
    """Return the level at a moment, reckoned once for all that are alike."""
    opened = moment.scheduled == 0 and is_open(rulebook.contract_calendar, moment.at)
    alike = (moment.scheduled, moment.available, moment.cases, opened)
    if alike not in known:
        known[alike] = level_of(rulebook, moment).level
    return known[alike]
