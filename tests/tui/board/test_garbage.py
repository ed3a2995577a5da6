"""A board's start is not held up by a look for garbage; afterwards Python looks as it should."""

import gc
from pathlib import Path

from textual.strip import Strip
from textual.widget import Widget

from tests.tui.boards import filled, opened_board, small_queue
from tui.board import garbage
from tui.board.desk_screen import DeskScreen


def test_it_is_looked_for_again_once_the_board_stands() -> None:
    before = gc.get_threshold()
    with garbage.put_off():
        gc.enable()  # as whoever opens a desk does
        assert gc.get_threshold()[0] == 0
        garbage.settle()
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 0
    gc.unfreeze()
    assert gc.get_threshold() == before


def test_a_board_within_another_program_leaves_its_ways_alone() -> None:
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    garbage.settle()
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, frozen)


async def test_of_screens_that_were_left_nothing_is_kept(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    async with opened_board(path) as board:
        below = board.app.screen
        assert isinstance(below, DeskScreen)
        lines: list[dict[int, Strip]] = []
        for key in ("w", "E", "question_mark"):
            await board.press(key)
            over = board.app.screen
            assert list(below._over) == [over]
            lines.extend(each._styles_cache._cache for each in over.walk_children(Widget))
            assert any(lines)
            await board.press("escape")
        assert not below._over
        assert not any(lines)
