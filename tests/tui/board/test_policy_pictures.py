"""How the board looks under other teams' policies: with tiers and without, with long words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from policy.rulebook.book import text_in_the_book
from policy.rulebook.rulebook import load_rulebook
from tests.tui.board.test_board_pictures import Compare, quiet
from tests.tui.boards import NOW, board_app
from tui.demo.filling import DemoPolicy, fill
from tui.demo.trades import trade_of

NAMES = ("gitlab", "bu", "wikimedia")


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what gives the database of a policy's demonstration, made once for all sizes."""
    made: dict[str, Path] = {}

    def of(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name) / "demo.db"
            rulebook = load_rulebook(text_in_the_book(name), name)
            fill(str(made[name]), NOW, policy=DemoPolicy(rulebook, trade_of(name)))
        return made[name]

    return of


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize("name", NAMES)
def test_the_demonstration_under_a_policy(
    snap_compare: Compare, demonstration: Callable[[str], Path], name: str, size: tuple[int, int]
) -> None:
    app = board_app(demonstration(name))
    assert snap_compare(app, terminal_size=size, run_before=quiet)
