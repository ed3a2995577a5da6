"""The bars of a report's plots: how high each is, what it is called, and how it looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from policy.calendar import Interval
from policy.report.days import longest_queue
from policy.report.first_responses import Nearness
from policy.report.levels import ModeSpan, time_in
from policy.report.report import Report
from policy.words import Mode

_HOUR: Final = timedelta(hours=1)
_NO_TIME: Final = timedelta(0)
_SHORT: Final = timedelta(days=2)
"""A time as short as this is shown by the hour, a longer one by the day."""

_NEARNESS: Final = {
    Nearness.HALF: ("≤½", "frame"),
    Nearness.AIM: ("≤1", "frame"),
    Nearness.TWICE: ("≤2", "soon"),
    Nearness.FOUR_TIMES: ("≤4", "soon"),
    Nearness.LATER: (">4", "late"),
}
_PICKED_UP: Final = (
    ("≤5m", timedelta(minutes=5), "frame"),
    ("≤15m", timedelta(minutes=15), "frame"),
    ("≤30m", timedelta(minutes=30), "frame"),
    ("≤1h", timedelta(hours=1), "soon"),
    (">1h", timedelta.max, "late"),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its height, its name under the axis (empty for none), and its role."""

    height: int
    name: str
    role: str


def nearness_bars(report: Report) -> list[Bar]:
    """Return the first responses by how long they took, in parts of the aim."""
    found = report.first_responses.by_nearness
    return [_counted(name, found[each], role) for each, (name, role) in _NEARNESS.items()]


def pick_up_bars(report: Report) -> list[Bar]:
    """Return the number ones that were picked up by how long they waited."""
    left = [each.took for each in report.number_one.reigns.pick_ups]
    bars = []
    for name, most, role in _PICKED_UP:
        bars.append(_counted(name, sum(took <= most for took in left), role))
        left = [took for took in left if took > most]
    return bars


def queue_bars(report: Report, room: int) -> list[Bar]:
    """Return how many tickets stood in the queue at most, by hours or days.

    ``room`` is for how many names there is room.
    """
    slots = list(_slots(report))
    names = _names(report, slots, room)
    return [
        Bar(longest_queue(report.queue, slot), name, "frame")
        for slot, name in zip(slots, names, strict=True)
    ]


def level_bars(report: Report, room: int) -> list[Bar]:
    """Return the worst level by hours or days; where choices were hard the name says ``!``."""
    slots = list(_slots(report))
    bars = []
    for slot, name in zip(slots, _names(report, slots, room), strict=True):
        hard = time_in(Mode.HARD_CHOICES, report.modes, *slot) > _NO_TIME
        worst = max(span.level for span in report.modes if _meets(span, slot))
        mark = "!" if hard and name else ""
        bars.append(Bar(worst, f"{name}{mark}", "soon" if hard else "frame"))
    return bars


def _meets(span: ModeSpan, slot: Interval) -> bool:
    return span.start < slot.end and span.end > slot.start


def _counted(name: str, count: int, role: str) -> Bar:
    return Bar(count, f"{name}: {count:,}", role)


def _slots(report: Report) -> Iterator[Interval]:
    """Yield the hours of a short report, the days of another."""
    if report.end - report.start > _SHORT:
        yield from (Interval(day.start, day.end) for day in report.days)
        return
    since = report.start
    while since < report.end:
        until = min(_full_hour_after(since, report.zone), report.end)
        yield Interval(since, until)
        since = until


def _full_hour_after(instant: datetime, zone: tzinfo) -> datetime:
    local = instant.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return instant - past + _HOUR


def _names(report: Report, slots: Sequence[Interval], room: int) -> list[str]:
    """Return the names of the slots, every so many of them empty that there is room for all."""
    every = max(1, -(-len(slots) // max(1, room)))
    by_hour = report.end - report.start <= _SHORT
    names = []
    for place, slot in enumerate(slots):
        local = slot.start.astimezone(report.zone)
        name = f"{local:%H}" if by_hour else f"{local:%a} {local.day}"
        names.append(name if place % every == 0 else "")
    return names
