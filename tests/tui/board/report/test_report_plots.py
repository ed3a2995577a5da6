"""The report's plots, where the page is left before it is laid out."""

from textual import events
from textual.app import App

from tui.board.report.report_plots import _Plot


async def test_a_plot_that_is_gone_before_it_is_laid_out_does_no_harm() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        plot = _Plot()
        await app.mount(plot)
        await plot.remove_children()
        plot.post_message(events.Mount())
        await pilot.pause()
        assert app.is_running


async def test_a_plot_that_stays_takes_no_more_room_than_its_names_need() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        plot = _Plot()
        await app.mount(plot)
        await pilot.pause()
        assert (plot.margin_top, plot.margin_bottom) == (0, 1)
