"""Which level and which mode there was when: exact over a span of time, never sampled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from policy.capacity.hard_choices import QueueCount
from policy.capacity.level_history import busy_spans, level_spans
from policy.capacity.mode import ModeSetting
from policy.clocks.calendar import Interval
from policy.clocks.intervals import common, joined
from policy.report.ticket_changes import Since, turns, value_at, with_ends
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.words import Mode

_NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What level and mode follow from, as it was in force when.

    ``rulebooks``, ``rosters`` and ``settings`` (modes set by hand, None for none) have at least
    one each; ``counts`` are oldest first, from the last one before the time that is asked about,
    and the calm time before it, on.
    """

    rulebooks: Sequence[Since[Rulebook]]
    rosters: Sequence[Since[Roster]]
    settings: Sequence[Since[ModeSetting | None]]
    counts: Sequence[QueueCount]


class ModeSpan(NamedTuple):
    """A half-open span in UTC of one level and one mode."""

    start: datetime
    end: datetime
    level: int
    mode: Mode


class ModeHeld(NamedTuple):
    """A mode that was set by hand, and when it ended (UTC); None while it is in force."""

    setting: ModeSetting
    ended_at: datetime | None


def modes_by_hand(
    settings: Sequence[Since[ModeSetting | None]], start: datetime, end: datetime
) -> list[ModeHeld]:
    """Return the modes set by hand that were in force from ``start`` to before ``end``, in order.

    "Wherever the mode is shown it then says by whom, why and until when."
    """
    held: list[ModeHeld] = []
    spans = with_ends(settings)
    for place, (_, setting) in enumerate(spans):
        if setting is None:
            continue
        following = spans[place + 1].at if place + 1 < len(spans) else None
        ended_at = None if following is None or following >= end else following
        begins = max(spans[place].at, setting.since)
        if begins < end and (ended_at is None or max(begins, start) < ended_at):
            held.append(ModeHeld(setting, ended_at))
    return held


def mode_spans(circumstances: Circumstances, start: datetime, end: datetime) -> list[ModeSpan]:
    """Return ``start`` to before ``end`` as spans of one level and one mode each.

    The mode is the one set by hand, until its end, else the automatic one: "hard_choices from
    level 3 up, left again only when the level has been lower for 15 minutes".
    """
    settings = with_ends(circumstances.settings)
    instants = {start, end, *turns(settings, start, end)}
    instants.update(turns(circumstances.rulebooks, start, end))
    instants.update(turns(circumstances.rosters, start, end))
    edges = sorted(instants)
    return _together(
        span
        for since, until in pairwise(edges)
        for span in _unchanged(circumstances, value_at(settings, since), since, until)
    )


def pauses(
    rulebooks: Sequence[Since[Rulebook]],
    rosters: Sequence[Since[Roster]],
    counts: Sequence[QueueCount],
    within: Interval,
) -> list[Interval]:
    """Return when internal work was paused: "at level 3 and above internal work pauses".

    By the policies and teams that were in force when; ``counts`` are oldest first, from the last
    one before that time on.
    """
    edges = sorted({*within, *turns(rulebooks, *within), *turns(rosters, *within)})
    return joined(
        span
        for start, end in pairwise(edges)
        for span in busy_spans(
            value_at(rulebooks, start), value_at(rosters, start), counts, start, end
        )
    )


def _unchanged(
    circumstances: Circumstances, setting: ModeSetting | None, start: datetime, end: datetime
) -> Iterator[ModeSpan]:
    """Yield the spans of a time in which policy, team and mode set by hand are the same."""
    rulebook, roster = (
        value_at(circumstances.rulebooks, start),
        value_at(circumstances.rosters, start),
    )
    capacity = rulebook.capacity
    levels = list(
        level_spans(rulebook, roster, circumstances.counts, start - capacity.calm_for, end)
    )
    busy = joined(
        Interval(span.start, span.end + capacity.calm_for)
        for span in levels
        if span.level >= capacity.hard_choices_from
    )
    for span in levels:
        within = Interval(max(span.start, start), span.end)
        if within.start >= within.end:
            continue
        if setting is not None:
            yield ModeSpan(*within, span.level, setting.mode)
        else:
            yield from _by_level(within, span.level, busy)


def _by_level(span: Interval, level: int, busy: Sequence[Interval]) -> Iterator[ModeSpan]:
    since = span.start
    for hard in common([span], busy):
        if since < hard.start:
            yield ModeSpan(since, hard.start, level, Mode.NORMAL)
        yield ModeSpan(*hard, level, Mode.HARD_CHOICES)
        since = hard.end
    if since < span.end:
        yield ModeSpan(since, span.end, level, Mode.NORMAL)


def _together(spans: Iterator[ModeSpan]) -> list[ModeSpan]:
    """Return the spans with those made one that touch and are alike."""
    result: list[ModeSpan] = []
    for span in spans:
        if result and (result[-1].level, result[-1].mode) == (span.level, span.mode):
            result[-1] = result[-1]._replace(end=span.end)
        else:
            result.append(span)
    return result


def time_in(mode: Mode, spans: Sequence[ModeSpan], start: datetime, end: datetime) -> timedelta:
    """Return how long a mode was in force from ``start`` to ``end``."""
    return sum(
        (
            max(min(span.end, end) - max(span.start, start), _NO_TIME)
            for span in spans
            if span.mode is mode
        ),
        _NO_TIME,
    )
