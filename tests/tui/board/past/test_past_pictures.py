"""How the history and the past look: pictures kept beside this file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.board.past.test_past_journeys import living
from tests.tui.board.test_board_pictures import pressing
from tests.tui.boards import board_app
from tui.board.widgets.theme import DARK, LIGHT

Compare = Callable[..., bool]


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), DARK), ((120, 36), DARK), ((160, 45), DARK), ((120, 36), LIGHT)],
    ids=["80x24", "120x36", "160x45", "120x36-light"],
)
def test_the_past(snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str) -> None:
    app = board_app(living(tmp_path / "desk.db"), theme=theme)
    assert snap_compare(app, terminal_size=size, run_before=pressing("P", "enter"))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
def test_the_history(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    app = board_app(living(tmp_path / "desk.db"))
    assert snap_compare(app, terminal_size=size, run_before=pressing("H", "j", "t"))


def test_which_time(snap_compare: Compare, tmp_path: Path) -> None:
    app = board_app(living(tmp_path / "desk.db"))
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing("P"))
