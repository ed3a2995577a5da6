"""The plots of the report screen: bars in the theme's colours, drawn by textual-plot.

It is imported only when a report is there: its numpy is heavy.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import MouseScrollDown, MouseScrollUp
from textual.widgets import Static
from textual_plot import HiResMode, NumericAxisFormatter, PlotWidget

from tui.board.paint import content
from tui.board.report_slots import Bar, level_bars, nearness_bars, pick_up_bars, queue_bars
from tui.report.phrases import length

if TYPE_CHECKING:
    from policy.report.report import Report

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
        if not self._plot.is_mounted:
            return
        bars = self._bars(max(1, (self.size.width - _LEFT) // _NAME_CELLS))
        colours = self.app.theme_variables
        self._plot.clear()
        self._plot.bar(
            [bar.name for bar in bars],
            [bar.height for bar in bars],
            bar_style=[colours[_COLOURS[bar.role]] for bar in bars],
            width=_BAR_WIDTH,
            hires_mode=HiResMode.HALFBLOCK,
        )
        self._plot.set_xticks([place for place, bar in enumerate(bars, start=1) if bar.name])
        self._plot.set_xlimits(_MARGIN, len(bars) + 1 - _MARGIN)
        highest = max(self._at_least, *(bar.height for bar in bars))
        self._plot.set_ylimits(0, highest * _ABOVE)
        self._plot.set_yticks(_whole_ticks(highest))


class _Plot(PlotWidget, can_focus=False):
    """A plot that is looked at: it takes no keys, and leaves the wheel to the page."""

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
