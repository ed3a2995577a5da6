"""Which level held when, over some time that is past."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.calendar import Interval
from policy.capacity import Moment, level_of
from policy.clocks import is_open
from policy.hard_choices import QueueCount, moments
from policy.intervals import joined
from policy.roster import Roster
from policy.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelSpan:
    """A half-open span in UTC during which one level held."""

    start: datetime
    end: datetime
    level: int


def level_spans(
    rulebook: Rulebook, roster: Roster, counts: Sequence[QueueCount], during: Interval
) -> Iterator[LevelSpan]:
    """Yield the whole of ``during`` as spans of one level each, oldest first.

    ``counts`` are how many tickets stood in the queue, oldest first, from the last one before
    that time on. Who was scheduled is what the team's hours say today. Nothing without a team.
    """
    if not roster.support or during.start >= during.end:
        return
    levels: dict[tuple[int, int, int, bool], int] = {}
    since: datetime | None = None
    level = 0
    for moment in moments(rulebook, roster, counts, during):
        found = _level_at(rulebook, moment, levels)
        if since is not None and found != level:
            yield LevelSpan(start=since, end=moment.at, level=level)
        if since is None or found != level:
            since, level = moment.at, found
    if since is not None:
        yield LevelSpan(start=since, end=during.end, level=level)


def busy_spans(
    rulebook: Rulebook, roster: Roster, counts: Sequence[QueueCount], during: Interval
) -> list[Interval]:
    """Return when internal work was paused: "at level 3 and above internal work pauses".

    That is the level from which on choices get hard, whichever the policy says it is.
    """
    busy = rulebook.capacity.hard_choices_from
    spans = level_spans(rulebook, roster, counts, during)
    return joined(Interval(each.start, each.end) for each in spans if each.level >= busy)


def _level_at(
    rulebook: Rulebook, moment: Moment, levels: dict[tuple[int, int, int, bool], int]
) -> int:
    """Return the level at a moment, reckoned once for all that are alike."""
    opened = moment.scheduled == 0 and is_open(rulebook.contract_calendar, moment.at)
    alike = (moment.scheduled, moment.available, moment.tickets, opened)
    if alike not in levels:
        levels[alike] = level_of(rulebook, moment).level
    return levels[alike]
