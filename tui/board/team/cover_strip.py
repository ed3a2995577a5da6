"""Who covers the next hours: a chart with a cell an hour, against who is scheduled."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import pairwise
from typing import Final

from tui.board.team.team_model import CoverHour, TeamView
from tui.board.widgets.styles import Span, cut, spread
from tui.phrasing import times

_BARS: Final = " ▁▂▃▄▅▆▇█"
_EIGHTHS: Final = 8
_ROWS: Final = 2
_OUT: Final = "░"
_GAP: Final = "!"
_LABEL_EVERY: Final = 4
_WIDTHS: Final = (48, 24, 12)
"""How many hours may stand in one row: all, a day, half a day."""


def cover_lines(view: TeamView, now: datetime, zone: tzinfo | None, cells: int) -> list[list[Span]]:
    """Return heading, chart and axis in lines of at most ``cells``; times are shown in ``zone``.

    A bar is as high as people are in, ``░`` stands for those scheduled who are out, and ``!``
    for an hour with a gap: open hours that nobody covers.
    """
    if not view.hours:
        return []
    width = next((each for each in _WIDTHS if each <= cells), cells)
    lines = [_heading(cells)]
    peak = max(1, *(hour.scheduled for hour in view.hours))
    for first in range(0, len(view.hours), width):
        hours = view.hours[first : first + width]
        lines += [_bars(hours, peak, row) for row in range(_ROWS - 1, -1, -1)]
        lines.append(_axis(hours, zone))
    return [*lines, *_gap_lines(view, now, zone, cells)]


def _heading(cells: int) -> list[Span]:
    legend: list[Span] = [("█", "frame"), (" in ", "dim"), (_OUT, "soon"), (" out", "dim")]
    return spread([("Cover 48 h", "heading")], legend, cells)


def _bars(hours: Sequence[CoverHour], peak: int, row: int) -> list[Span]:
    """Return one line of the chart; ``row`` 0 is the lowest."""
    spans: list[Span] = []
    for hour in hours:
        sign, role = _bar(hour, peak, row)
        if spans and spans[-1][1] == role:
            spans[-1] = (spans[-1][0] + sign, role)
        else:
            spans.append((sign, role))
    return spans


def _bar(hour: CoverHour, peak: int, row: int) -> Span:
    scheduled, available = _height(hour.scheduled, peak), _height(hour.available, peak)
    floor = row * _EIGHTHS
    filled = min(_EIGHTHS, available - floor)
    if row == 0 and hour.gap:
        return (_GAP, "late-strong")
    if filled > 0:
        return (_BARS[filled], "frame")
    missing = scheduled > max(floor, available)
    return (_OUT, "soon") if missing else (" ", "")


def _height(people: int, peak: int) -> int:
    return -(-people * _ROWS * _EIGHTHS // peak)


def _axis(hours: Sequence[CoverHour], zone: tzinfo | None) -> list[Span]:
    line = [" "] * len(hours)
    for place, (before, hour) in enumerate(pairwise([hours[0], *hours])):
        local = hour.start.astimezone(zone)
        new_day = place > 0 and local.date() != before.start.astimezone(zone).date()
        if local.hour % _LABEL_EVERY and not new_day:
            continue
        label = f"{local:%a}" if local.hour == 0 or new_day else f"{local:%H}"
        if place + len(label) <= len(line):
            line[place : place + len(label)] = label
    return [("".join(line), "dim")]


def _gap_lines(view: TeamView, now: datetime, zone: tzinfo | None, cells: int) -> list[list[Span]]:
    if not view.gaps:
        return []
    start, end = view.gaps[0]
    when = f"{times.at(start, now, zone)} to {times.at(end, start, zone)}"
    more = len(view.gaps) - 1
    roomy = f"gap: nobody covers {when}" + (f", and {more} more" if more else "")
    short = f"gap {when.replace(' to ', '–')}" + (f" +{more}" if more else "")
    said = roomy if len(roomy) + 2 <= cells else short
    return [cut([(f"{_GAP} ", "late-strong"), (said, "late")], cells)]
