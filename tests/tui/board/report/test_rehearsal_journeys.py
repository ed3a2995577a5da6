"""A lead rehearses a policy at the board: the file, progress, two columns, and how to stop it."""

from pathlib import Path
from threading import Semaphore

import pytest

from policy.refusal import Refusal
from policy.rehearsal.play_figures import Rehearsal
from store.history.rehearsal_desk import RehearsalReading
from tests.tui.boards import Driver, filled, opened_board
from tests.tui.shifts import played
from tui.board.report.rehearsal_screen import RehearsalScreen

pytestmark = pytest.mark.on_files("its shift is played once for all of them, into a file")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("shift") / "desk.db")


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("[b]urs").write_text('[response]\np2 = "30m"\n')
    return "[b]urs"


def columns(board: Driver) -> str:
    return board.said("#rehearsal-body .report-text")


async def name_the_file(board: Driver, file: str) -> None:
    await board.press("W")
    await board.pilot.press(*file)
    await board.press("enter")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_policy_is_played_beside_the_one_in_force(
    path: Path, ours: str, size: tuple[int, int]
) -> None:
    async with opened_board(path, size=size) as board:
        await name_the_file(board, ours)
        screen = board.app.screen
        assert isinstance(screen, RehearsalScreen)
        assert f"{ours} · 30 days" in board.said(".report-heading")
        assert "as it is rehearsed tickets" in columns(board)
        found = screen.rehearsal
        assert found is not None
        assert f"late {found.as_it_is.late} {found.rehearsed.late}" in columns(board)
        await board.press("w")
        assert "· 7 days" in board.said(".report-heading")
        await board.press("escape")
        assert board.rows[0].startswith("1 p")


async def test_a_file_that_is_none_is_said_in_the_form_and_kept(path: Path, ours: str) -> None:
    async with opened_board(path) as board:
        await board.press("R")
        await name_the_file(board, f"{ours}x")
        assert f"{ours}x: cannot be read" in board.said(".said")
        await board.press("backspace", "enter")
        assert isinstance(board.app.screen, RehearsalScreen)


async def test_nothing_to_play_is_said(tmp_path: Path, ours: str) -> None:
    async with opened_board(filled(tmp_path / "desk.db", [])) as board:
        await name_the_file(board, ours)
        assert "! team: there is none yet" in board.said(".report-heading")


async def test_it_says_how_far_it_is_and_stops_when_it_is_left(
    path: Path, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, shares, ended = Semaphore(0), list[float](), list[str]()
    whole = RehearsalReading.rehearse

    def slowly(self: RehearsalReading, *asked: object) -> Rehearsal:
        *first, step = asked

        def stepping(share: float) -> None:
            shares.append(share)
            go_on.acquire()
            step(share)  # type: ignore[operator] # what is told how far it is

        try:
            return whole(self, *first, stepping)  # type: ignore[call-arg, arg-type] # as they came
        except Refusal:
            raise
        except Exception as stopped:
            ended.append(type(stopped).__name__)
            raise

    monkeypatch.setattr(RehearsalReading, "rehearse", slowly)
    async with opened_board(path) as board:
        await board.press("W")
        await board.pilot.press(*ours)
        await board.pilot.press("enter")
        await board.until(lambda: len(shares) == 1)
        go_on.release()
        await board.until(lambda: "playing …" in board.said(".report-heading"))
        await board.pilot.press("escape")
        go_on.release(50)
        await board.until(lambda: ended == ["NoLongerWantedError"])
