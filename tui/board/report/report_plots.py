"""The plots of the report screen: bars in the theme's colours, drawn by textual-plot."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.color import Color
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.events import MouseScrollDown, MouseScrollUp
from textual.message import Message
from textual.widgets import Static
from textual_plot import HiResMode, NumericAxisFormatter, PlotWidget

from policy.clocks.calendar import Interval
from policy.report.days import longest_queue
from policy.report.first_responses import Nearness
from policy.report.levels_held import ModeSpan, time_in
from policy.report.report import Report
from policy.words import Mode
from tui.board.widgets.styles import content
from tui.report.report_sections import length

if TYPE_CHECKING:
    from policy.report.report import Report

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
    """Return the worst level by hours or days; where choices were hard the name says ``!``.

    None where the history had not begun: nobody knows it.
    """
    slots = list(_slots(report))
    bars = []
    for slot, name in zip(slots, _names(report, slots, room), strict=True):
        hard = time_in(Mode.HARD_CHOICES, report.modes, *slot) > _NO_TIME
        worst = max(span.level for span in report.modes if _meets(span, slot))
        if report.history_since is not None and slot.end <= report.history_since:
            hard, worst = False, 0
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


_LEFT: Final = 7
"""The cells left of a plot, for the numbers of its axis."""

_NAME_CELLS: Final = 8
"""How many cells the name of a day takes with the space around it."""

_TICKS: Final = 4
_BAR_WIDTH: Final = 0.7
"""How much of its place a bar takes; the rest is the gap to the next one."""

_MARGIN: Final = 0.5
"""How far from the middle of the first bar the axis begins: bars stand at 1, 2 and so on."""

_ABOVE: Final = 1.05
"""How far the axis goes beyond the highest bar."""

_WORST_LEVEL: Final = 8
"""The axis of levels always goes as far, so that a low one looks low."""

_STEPS: Final = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000)
_COLOURS: Final = {"frame": "board-accent", "soon": "board-soon", "late": "board-late"}
"""Which colour of the theme a bar's role is."""

Bars = Callable[[int], Sequence[Bar]]
"""Gives the bars, told for how many names there is room."""


@contextmanager
def _may_be_left(plot: PlotWidget) -> Iterator[None]:
    """Let a plot miss parts of itself when the report was left before all of it was laid out.

    Textual lays out no more of what it takes away, and yet tells it to begin and to draw itself.
    """
    try:
        yield
    except NoMatches:
        if not plot._pruning:
            raise


class BarPlot(Vertical):
    """A titled plot of bars, with a sentence instead of it when all are nothing."""

    def __init__(self, title: str, bars: Bars, nothing: str, *, at_least: int = 1) -> None:
        super().__init__(classes="plot")
        self._at_least = at_least
        self._title = title
        self._bars = bars
        self._nothing = nothing
        self._plot = _Plot(allow_pan_and_zoom=False)

    def compose(self) -> ComposeResult:
        """Lay out the plot under its title."""
        yield Static(content([(self._title, "heading")]), classes="plot-title", markup=False)
        if any(bar.height for bar in self._bars(1)):
            yield self._plot
        else:
            yield Static(content([(self._nothing, "dim")]), markup=False)

    def on_mount(self) -> None:
        """Draw the bars in the theme's colours, and again in those of another theme."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._draw())
        self._draw()

    def on_resize(self) -> None:
        """Draw as many names as there is room for now."""
        self._draw()

    def _draw(self) -> None:
        if self._plot.is_mounted:
            with _may_be_left(self._plot):
                self._draw_bars()

    def _draw_bars(self) -> None:
        bars = self._bars(max(1, (self.size.width - _LEFT) // _NAME_CELLS))
        colours = self.app.theme_variables
        self._plot.clear()
        self._plot.bar(
            [bar.name for bar in bars],
            [bar.height for bar in bars],
            bar_style=[_plotted(colours[_COLOURS[bar.role]]) for bar in bars],
            width=_BAR_WIDTH,
            hires_mode=HiResMode.HALFBLOCK,
        )
        self._plot.set_xticks([place for place, bar in enumerate(bars, start=1) if bar.name])
        self._plot.set_xlimits(_MARGIN, len(bars) + 1 - _MARGIN)
        highest = max(self._at_least, *(bar.height for bar in bars))
        self._plot.set_ylimits(0, highest * _ABOVE)
        self._plot.set_yticks(_whole_ticks(highest))


def _plotted(colour: str) -> str:
    """Return a colour of the theme as a plot takes it, which knows no colours of a terminal."""
    return Color.parse(colour).rich_color.name


class _Plot(PlotWidget, can_focus=False):
    """A plot that is looked at: it takes no keys, and leaves the wheel to the page."""

    async def _on_message(self, message: Message) -> None:
        with _may_be_left(self):
            await super()._on_message(message)

    def _post_mount(self) -> None:
        with _may_be_left(self):
            super()._post_mount()  # type: ignore[no-untyped-call] # Textual's own

    def notify_style_update(self) -> None:
        """Draw anew in the style of another theme."""
        with _may_be_left(self):
            super().notify_style_update()

    def on_mount(self) -> None:
        """Take no more room around the plot than its names and numbers need."""
        self.margin_top, self.margin_bottom, self.margin_left = 0, 1, _LEFT
        self.set_y_formatter(_WholeNumbers())

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Leave the wheel to the page."""
        event.prevent_default()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Leave the wheel to the page."""
        event.prevent_default()


class _WholeNumbers(NumericAxisFormatter):
    """Counts on an axis."""

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """Return the numbers as they are read."""
        return [f"{round(tick):,}" for tick in ticks]


def _whole_ticks(highest: int) -> list[float]:
    """Return a few whole numbers up to the highest bar, at steps that are easily read."""
    wanted = -(-highest // _TICKS)
    step = next((step for step in _STEPS if step >= wanted), wanted)
    return [float(tick) for tick in range(0, highest + 1, step)]


def plots(report: "Report") -> list[BarPlot]:
    """Return the plots of a report."""
    aim = length(report.first_responses.aim)
    return [
        BarPlot(
            f"First responses, in times the aim of {aim}",
            lambda _: nearness_bars(report),
            "No first response was given in this time.",
        ),
        BarPlot(
            "Number one, until somebody picked it up",
            lambda _: pick_up_bars(report),
            "No number one waited for somebody to pick it up.",
        ),
        BarPlot(
            "Queue at its longest",
            lambda room: queue_bars(report, room),
            "The queue was empty all the time.",
        ),
        BarPlot(
            "Worst level, ! where choices were hard",
            lambda room: level_bars(report, room),
            "",
            at_least=_WORST_LEVEL,
        ),
    ]
