"""The report's plots, where the page is left before they are laid out, and where it stays."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.containers import Grid
from textual.widget import Widget
from textual_plot import PlotWidget

from tests.tui.boards import filled, opened_board, small_queue
from tui.board.report.report_plots import Bar, BarPlot, _Plot


def _bars(_: int) -> Sequence[Bar]:
    return [Bar(1, "one", "frame")]


@pytest.mark.parametrize("kind", [BarPlot, PlotWidget, Grid])
async def test_a_plot_that_is_left_while_a_part_of_it_is_laid_out_does_not_end_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Widget]
) -> None:
    compose = kind.compose
    async with opened_board(filled(tmp_path / "desk.db", small_queue())) as board:
        plot = BarPlot("A plot", _bars, "nothing")

        def left_meanwhile(part: Widget) -> ComposeResult:
            plot.remove()
            yield from compose(part)

        monkeypatch.setattr(kind, "compose", left_meanwhile)
        board.board.mount(plot)
        await board.settle()
        assert board.app.fault is None
        assert plot not in board.board.children


async def test_a_plot_that_stays_takes_no_more_room_than_its_names_need() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        plot = _Plot()
        await app.mount(plot)
        await pilot.pause()
        assert (plot.margin_top, plot.margin_bottom) == (0, 1)
