"""What the shift looked like, at the board: numbers, plots, other spans, and taking it out."""

from datetime import datetime, tzinfo
from pathlib import Path
from threading import Semaphore

import pytest
from textual.events import MouseScrollDown
from textual.widget import Widget

from policy.refusal import Refusal
from policy.report.report import Report, ReportStage, Step
from tests.tui.boards import Driver, filled, opened_board
from tests.tui.shifts import played
from tui.board.report.report_plots import BarPlot
from tui.board.report.report_screen import ReportScreen

pytestmark = pytest.mark.on_files("its shift is played once for all of them, into a file")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("shift") / "desk.db")


def screen(board: Driver) -> ReportScreen:
    found = board.app.screen
    assert isinstance(found, ReportScreen)
    return found


def numbers(board: Driver) -> str:
    return board.said("#report-body .report-text")


async def test_a_lead_looks_back_over_a_week_a_day_and_four(path: Path) -> None:
    async with opened_board(path) as board:
        await board.press("R")
        assert "Wed 25 Feb 14:05 to Wed 4 Mar 14:05 · 7 days" in board.said(".report-heading")
        week = screen(board).report
        assert week is not None
        assert f"{week.first_responses.contract.within} of" in numbers(board)
        assert "within the aim of 2 h" in numbers(board)
        assert len(screen(board).query(BarPlot)) == 4
        await board.press("d")
        assert "· 1 day" in board.said(".report-heading")
        day = screen(board).report
        assert day is not None
        assert day.first_responses.count < week.first_responses.count
        await board.press("m")
        assert "· 28 days" in board.said(".report-heading")
        assert "d a day" in board.footer
        await board.press("escape")
        assert board.rows[0].startswith("1 p")


async def test_a_report_is_copied_and_saved_as_markdown(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened_board(path) as board:
        await board.press("R", "y")
        assert board.app.clipboard.startswith("# Support report, Wed 25 Feb 2026 14:05")
        await board.press("s")
        saved = tmp_path / "report-2026-03-04-1405-7d.md"
        assert saved.read_text("utf-8") == board.app.clipboard
        assert any(str(saved) in toast for toast in board.toasts)


async def test_nothing_happened_is_a_sentence(tmp_path: Path) -> None:
    empty = filled(tmp_path / "desk.db", [])
    async with opened_board(empty) as board:
        await board.press("R")
        assert "Nothing happened in this time" in numbers(board)
        assert not screen(board).query(BarPlot)


async def test_the_page_is_scrolled_and_shows_what_is_rare(path: Path) -> None:
    async with opened_board(path, size=(80, 24)) as board:
        await board.press("R")
        body = screen(board).query_one("#report-body")
        await board.press("G")
        assert body.scroll_offset.y == body.max_scroll_y > 24
        await board.press("home", "j")
        assert body.scroll_offset.y == 1
        await board.press("pagedown")
        assert body.scroll_offset.y > 10
        await board.press("T")
        assert screen(board).report is not None


async def test_plots_leave_the_wheel_to_the_page(path: Path) -> None:
    async with opened_board(path, size=(80, 24)) as board:
        await board.press("R")
        body = screen(board).query_one("#report-body")
        canvas = screen(board).query("#plot").first()
        canvas.post_message(_wheel(canvas))
        await board.until(lambda: body.scroll_offset.y > 0)


def _wheel(widget: Widget) -> MouseScrollDown:
    return MouseScrollDown(
        widget, x=5, y=2, delta_x=0, delta_y=1, button=0, shift=False, meta=False, ctrl=False
    )


async def test_a_report_says_how_far_it_is_and_stops_when_another_is_wanted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened_board(path) as board:
        slow = Slow(board, monkeypatch)
        await board.pilot.press("R")
        await board.until(lambda: slow.stages == [ReportStage.HISTORY])
        slow.go_on.release()
        await board.until(lambda: "the history …" in board.said(".report-heading"))
        await board.until(lambda: slow.stages[-1] is ReportStage.TICKETS)
        await board.pilot.press("d")
        slow.go_on.release(20)
        await board.settle()
        assert "· 1 day" in board.said(".report-heading")
        assert slow.stages.count(ReportStage.TICKETS) == 2
        assert slow.stages.count(ReportStage.LEVELS) == 1  # the week's was stopped before


async def test_leaving_stops_a_report(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened_board(path) as board:
        slow = Slow(board, monkeypatch)
        await board.pilot.press("R")
        await board.until(lambda: slow.stages == [ReportStage.HISTORY])
        await board.pilot.press("escape")
        await board.until(lambda: len(board.app.screen_stack) == 1)
        slow.go_on.release(20)
        await board.settle()
        assert slow.stages == [ReportStage.HISTORY]


async def test_why_there_is_no_report_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> Report:
        raise Refusal("the database did not answer")

    def broken(*_: object) -> Report:
        raise RuntimeError("a fault")

    async with opened_board(path) as board:
        desk = board.app.board.client.desk
        assert desk is not None
        monkeypatch.setattr(desk.reports, "report", refused)
        await board.press("R")
        assert "! the database did not answer" in board.said(".report-heading")
        await board.press("y")
        assert "the report is not there yet" in " ".join(board.toasts)
        monkeypatch.setattr(desk.reports, "report", broken)
        await board.press("w")
        assert "that did not work" in board.said(".report-heading")


class Slow:
    """Makes the reports of a board's desk wait before each stage until they are let go on."""

    def __init__(self, board: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = board.app.board.client.desk
        assert desk is not None
        self.go_on = Semaphore(0)
        self.stages: list[ReportStage] = []
        self._report = desk.reports.report
        monkeypatch.setattr(desk.reports, "report", self._slowly)

    def _slowly(self, start: datetime, end: datetime, zone: tzinfo, step: Step) -> Report:
        def waiting(stage: ReportStage) -> None:
            self.stages.append(stage)
            assert self.go_on.acquire(timeout=60)
            step(stage)

        return self._report(start, end, zone, waiting)
