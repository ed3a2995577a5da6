"""How work in bulk looks: marks, forms and the page that is handed over."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.board.test_board_pictures import lively_queue, pressing
from tests.tui.boards import NOW, board_app, filled, minutes_ago

Compare = Callable[..., bool]
SIZES = [(80, 24), (120, 36), (160, 45)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with a lively queue, and two tickets that may be one."""
    subjects = ("Login is slow since noon", "[/] **Login** \x1b[31m slow")
    twice = [
        incoming(number, subject=subject, received_at=minutes_ago(30), body="It began today.")
        for number, subject in enumerate(subjects, start=200)
    ]
    path = filled(tmp_path / "desk.db", [*lively_queue(), *twice])
    with closing(Desk.open(address_of(path), actor="mariam", clock=lambda: NOW)) as desk:
        desk.tickets.take(1)
    return path


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_marked_tickets(snap_compare: Compare, path: Path, size: tuple[int, int]) -> None:
    keys = ("down", "space", "space", "down", "space", "up")
    assert snap_compare(board_app(path), terminal_size=size, run_before=pressing(*keys))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_page_that_is_handed_over(
    snap_compare: Compare, path: Path, size: tuple[int, int]
) -> None:
    assert snap_compare(board_app(path), terminal_size=size, run_before=pressing("N"))


@pytest.mark.parametrize(
    "keys", [("space", "space", "a"), ("m",), ("S",), ("y",)], ids=["assign", "merge", "split", "y"]
)
def test_a_form(snap_compare: Compare, path: Path, keys: tuple[str, ...]) -> None:
    assert snap_compare(board_app(path), terminal_size=(80, 24), run_before=pressing(*keys))
