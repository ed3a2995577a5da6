"""How the report looks: pictures to be looked at when they change."""

from pathlib import Path

import pytest

from tests.tui.board.test_board_pictures import Compare, pressing
from tests.tui.boards import board_app, filled
from tests.tui.shifts import played
from tui.board.widgets.theme import DARK, LIGHT


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("shift") / "desk.db")


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), DARK), ((120, 36), LIGHT), ((160, 45), DARK)],
    ids=["80x24", "120x36-light", "160x45"],
)
def test_a_week(snap_compare: Compare, path: Path, size: tuple[int, int], theme: str) -> None:
    app = board_app(path, theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=pressing("R"))


def test_a_day_further_down(snap_compare: Compare, path: Path) -> None:
    app = board_app(path)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("R", "d", "pagedown"))


def test_nothing_happened(snap_compare: Compare, tmp_path: Path) -> None:
    app = board_app(filled(tmp_path / "desk.db", []))
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("R"))
