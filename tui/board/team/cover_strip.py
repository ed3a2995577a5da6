"""Who covers the next hours: a chart with a scale, against who is scheduled, and the gaps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from policy.phrases import span
from tui.board.team.team_model import CoverHour, TeamView
from tui.board.widgets.styles import Span, content, cut, spread
from tui.phrasing import times

_BARS: Final = " ▁▂▃▄▅▆▇█"
_EIGHTHS: Final = 8
_ROWS: Final = 2
_OUT: Final = "░"
_GAP: Final = "!"
_HOUR: Final = timedelta(hours=1)
_A_CELL: Final = {1: 4, 2: 8, 3: 12, 4: 12}
"""How many hours a cell may stand for, and after how many the hour is named then."""

_SEEN_AT_LEAST: Final = 40
"""So many hours are seen, if one cell for several makes room for them."""


@dataclass(frozen=True, slots=True)
class CoverCells:
    """The hours as cells of ``per`` each, of which the worst one counts."""

    per: int
    cells: tuple[CoverHour, ...]

    @property
    def hours(self) -> int:
        """How many hours are seen."""
        return self.per * len(self.cells)

    @property
    def peak(self) -> int:
        """The most that are scheduled at a time; 1 at least."""
        return max(1, *(each.scheduled for each in self.cells), 1)


def cover_cells(view: TeamView, room: int) -> CoverCells:
    """Return the hours in at most ``room`` cells: one a cell, or several where there is less."""
    seen = min(_SEEN_AT_LEAST, len(view.hours))
    per = next((each for each in _A_CELL if max(1, room) * each >= seen), max(_A_CELL))
    groups = (view.hours[first : first + per] for first in range(0, len(view.hours), per))
    cells = tuple(map(_worst, groups))
    return CoverCells(per, cells[: max(1, room)])


def _worst(hours: Sequence[CoverHour]) -> CoverHour:
    """Return the hour of several in which most of those scheduled are missing; a gap is one."""
    staffed = [hour for hour in hours if hour.scheduled]
    worst = min(staffed, key=lambda hour: hour.available / hour.scheduled, default=hours[0])
    gap = any(hour.gap for hour in hours)
    return CoverHour(hours[0].start, worst.scheduled, worst.available, gap)


def cover_lines(
    view: TeamView, now: datetime, zone: tzinfo | None, cells: int, *, tall: bool = False
) -> list[list[Span]]:
    """Return heading, chart, axis and gap in lines of at most ``cells``, shown in ``zone``.

    With room for ``tall`` the chart is higher, and the gap is said in full.

    A bar is as high as people are in, by the scale at the left; ``░`` stands for those scheduled
    who are out, and ``!`` for hours with a gap: open hours that nobody covers.
    """
    if not view.hours:
        return []
    scale = len(f"{max(1, *(hour.scheduled for hour in view.hours), 1)}") + 1
    seen = cover_cells(view, cells - scale)
    legend: list[Span] = [("█", "frame"), (" in ", "dim"), (_OUT, "soon"), (" out", "dim")]
    lines = [spread([(f"Cover {seen.hours} h", "heading")], legend, cells)]
    rows = _ROWS + tall
    for row in range(rows - 1, -1, -1):
        label = f"{seen.peak}" if row == rows - 1 else ""
        mark = f"{label:>{scale - 1}}" + ("┤" if label else "│")
        lines.append([(mark, "dim"), *_bars(seen, row, rows)])
    axis = "".join(_axis(seen, zone))
    lines.append([(f"{0:>{scale - 1}}└", "dim"), (axis, "dim")])
    fitting = lines if scale < cells else lines[:1]
    return [*fitting, *_gap_lines(view, now, zone, cells, in_full=tall)]


def cover_row(view: TeamView, cells: int) -> list[Span]:
    """Return the chart in a single line of at most ``cells``, as high as people are in."""
    seen = cover_cells(view, cells)
    return _bars(seen, 0, 1) if view.hours else []


def _gap_lines(
    view: TeamView, now: datetime, zone: tzinfo | None, cells: int, *, in_full: bool
) -> list[list[Span]]:
    """Return which open hours nobody covers first, and how many more gaps there are."""
    if not view.gaps:
        return []
    start, end = view.gaps[0]
    more = len(view.gaps) - 1
    if not in_full:
        short = f"gap {gap_in_short(view, now, zone)}" + (f" +{more}" if more else "")
        return [cut([(f"{_GAP} ", "late-strong"), (short, "late")], cells)]
    said = f"nobody covers {gap_in_short(view, now, zone)}, {span(end - start)} of open hours"
    said += f", and {more} more" if more else ""
    first, *further = content([(said, "")]).wrap(max(1, cells - len(_GAP) - 1))
    lines: list[list[Span]] = [[(f"{_GAP} ", "late-strong"), (first.plain, "late")]]
    return [*lines, *([("  ", ""), (line.plain, "late")] for line in further)]


def gap_in_short(
    view: TeamView, now: datetime, zone: tzinfo | None, *, start_only: bool = False
) -> str:
    """Return the first gap as ``Sun 08:30–15:00``, or only its start; there is one."""
    start, end = view.gaps[0]
    began = times.at(start, now, zone)
    return began if start_only else f"{began}–{times.at(end, start, zone)}"


def _bars(seen: CoverCells, row: int, rows: int) -> list[Span]:
    """Return one line of the chart; ``row`` 0 is the lowest of ``rows``."""
    spans: list[Span] = []
    for hour in seen.cells:
        sign, role = _bar(hour, seen.peak, row, rows)
        if spans and spans[-1][1] == role:
            spans[-1] = (spans[-1][0] + sign, role)
        else:
            spans.append((sign, role))
    return spans


def _bar(hour: CoverHour, peak: int, row: int, rows: int) -> Span:
    scheduled, available = (
        -(-people * rows * _EIGHTHS // peak) for people in (hour.scheduled, hour.available)
    )
    floor = row * _EIGHTHS
    filled = min(_EIGHTHS, available - floor)
    if row == 0 and hour.gap:
        return (_GAP, "late-strong")
    if filled > 0:
        return (_BARS[filled], "frame")
    missing = scheduled > max(floor, available)
    return (_OUT, "soon") if missing else (" ", "")


def _axis(seen: CoverCells, zone: tzinfo | None) -> list[str]:
    """Return the cells of the axis: the days where they begin, and hours where there is room."""
    line = [" "] * len(seen.cells)
    labels = list(_labels(seen, zone))
    for place, label in sorted(labels, key=lambda each: each[1].isdigit()):
        end = place + len(label)
        around = line[max(0, place - 1) : end + 1]
        if end <= len(line) and all(cell == " " for cell in around):
            line[place:end] = label
    return line


def _labels(seen: CoverCells, zone: tzinfo | None) -> Iterator[tuple[int, str]]:
    """Yield where a day begins, or an hour that is named, and how it is called."""
    before: datetime | None = None
    for place, cell in enumerate(seen.cells):
        for hour in range(seen.per):
            local = (cell.start + hour * _HOUR).astimezone(zone)
            new_day = before is not None and local.date() != before.date()
            before = local
            if local.hour == 0 or new_day:
                yield place, f"{local:%a}"
            elif local.hour % _A_CELL[seen.per] == 0:
                yield place, f"{local:%H}"
