"""The days of a span of time, and what each of them was like."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from policy.capacity.hard_choices import QueueCount
from policy.clocks.calendar import Interval
from policy.clocks.zones import first_showing, stretches
from policy.report.levels_held import ModeSpan, time_in
from policy.words import Mode

_DAY = timedelta(days=1)
_AROUND = timedelta(days=3)
"""Further than a local day can be away from the same day of UTC, a clock change included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDay:
    """One local day, or as much of it as was asked about; ``start`` and ``end`` are UTC.

    ``arrived`` are the tickets received that were ours, ``declined`` those that were not,
    ``answered`` the first responses, ``solved`` the tickets solved. ``longest_queue`` is how many
    stood in the queue at most, ``hard_choices`` how long choices were hard.
    """

    day: date
    start: datetime
    end: datetime
    arrived: int
    declined: int
    answered: int
    solved: int
    longest_queue: int
    worst_level: int
    hard_choices: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """When things happened, each in the order of time (UTC); see ``Day`` for what they are."""

    arrived: Sequence[datetime] = ()
    declined: Sequence[datetime] = ()
    answered: Sequence[datetime] = ()
    solved: Sequence[datetime] = ()


def local_days(zone: tzinfo, start: datetime, end: datetime) -> Iterator[tuple[date, Interval]]:
    """Yield the days of a zone from ``start`` to before ``end``, the first and the last cut."""
    since = start
    day = start.astimezone(zone).date()
    while since < end:
        until = min(_midnight(day + _DAY, zone), end)
        if since < until:
            yield day, Interval(since, until)
            since = until
        day += _DAY


def days_of(
    zone: tzinfo,
    happened: Instants,
    counts: Sequence[QueueCount],
    modes: Sequence[ModeSpan],
) -> Iterator[ReportDay]:
    """Yield what each day of the time of ``modes`` was like; ``counts`` are oldest first."""
    for day, within in local_days(zone, modes[0].start, modes[-1].end) if modes else ():
        yield ReportDay(
            day=day,
            start=within.start,
            end=within.end,
            arrived=_number(happened.arrived, within),
            declined=_number(happened.declined, within),
            answered=_number(happened.answered, within),
            solved=_number(happened.solved, within),
            longest_queue=longest_queue(counts, within),
            worst_level=max(_levels(modes, within), default=1),
            hard_choices=time_in(Mode.HARD_CHOICES, modes, *within),
        )


def longest_queue(counts: Sequence[QueueCount], within: Interval) -> int:
    """Return how many tickets stood in the queue at most; before the first count it was empty."""
    first = bisect_right(counts, within.start, key=_when)
    beyond = bisect_left(counts, within.end, key=_when)
    return max((each.tickets for each in counts[max(first - 1, 0) : beyond]), default=0)


def _when(count: QueueCount) -> datetime:
    return count.at


def _number(instants: Sequence[datetime], within: Interval) -> int:
    return bisect_left(instants, within.end) - bisect_left(instants, within.start)


def _levels(modes: Sequence[ModeSpan], within: Interval) -> Iterator[int]:
    return (span.level for span in modes if span.start < within.end and span.end > within.start)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return the first instant (UTC) at which a local day has begun."""
    midnight = datetime.combine(day, time(0), UTC)
    return first_showing(stretches(zone, midnight - _AROUND, midnight + _AROUND), midnight)
