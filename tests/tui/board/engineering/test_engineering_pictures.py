"""How the engineer's view and its forms look: pictures to be looked at when they change."""

from pathlib import Path

import pytest

from tests.tui.board.test_board_pictures import Compare, pressing
from tests.tui.boards import board_app
from tests.tui.engineering import p2s, staffed_with_hand_overs
from tests.tui.teams import nine_in_a_room, staffed
from tui.board.widgets.theme import DARK, LIGHT


@pytest.mark.parametrize(
    ("size", "theme"),
    [((80, 24), DARK), ((120, 36), LIGHT), ((160, 45), DARK)],
    ids=["80x24", "120x36-light", "160x45"],
)
def test_what_waits_for_engineering(
    snap_compare: Compare, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    path = staffed_with_hand_overs(tmp_path / "desk.db", urgent=True)
    app = board_app(path, theme=theme, actor="erin")
    assert snap_compare(app, terminal_size=size, run_before=pressing("j", "j"))


def test_nothing_waits_for_engineering(snap_compare: Compare, tmp_path: Path) -> None:
    path = staffed(tmp_path / "desk.db", nine_in_a_room(), p2s())
    app = board_app(path, actor="erin")
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing())


@pytest.mark.parametrize(
    ("actor", "keys"),
    [("erin", ("s",)), ("m1", ("G", "e")), ("m1", ("G", "e", "f"))],
    ids=["decision", "menu", "context"],
)
def test_what_is_asked(
    snap_compare: Compare, tmp_path: Path, actor: str, keys: tuple[str, ...]
) -> None:
    path = staffed_with_hand_overs(tmp_path / "desk.db")
    app = board_app(path, actor=actor)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing(*keys))
