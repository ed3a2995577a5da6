"""The file under an open board is moved and replaced: told in the header before the next step."""

from contextlib import closing
from pathlib import Path

import pytest

from store.desk import Desk
from tests.tui.boards import NOW, filled, opened_board, small_queue

pytestmark = pytest.mark.on_files("a file is moved and replaced")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return filled(tmp_path / "desk.db", small_queue())


async def test_a_file_that_was_moved_is_told_and_nothing_is_done_until_it_is_back(
    path: Path,
) -> None:
    async with opened_board(path) as board:
        moved = path.rename(path.with_name("moved.db"))
        await board.press("t")
        assert any("is gone: it was moved or deleted" in each for each in board.toasts)
        await board.until(lambda: "! no answer from the database" in board.header)
        assert not path.exists()
        moved.rename(path)
        await board.until(lambda: "LEVEL 1" in board.header)
        await board.press("t")
        assert board.toasts[-1].startswith("#1 is yours")


async def test_another_file_in_its_place_is_told_and_shown(path: Path, tmp_path: Path) -> None:
    other = filled(tmp_path / "other.db", small_queue()[2:3])
    async with opened_board(path) as board:
        assert board.cursor == 1
        path.rename(path.with_name("moved.db"))
        other.rename(path)
        await board.press("t")  # the board may have noticed before it, as it is told of files
        await board.until(lambda: board.title.startswith("Queue 1"))
        assert "Another file is in the database's place" in " ".join(board.toasts)
    with closing(Desk.open(str(path.with_name("moved.db")), actor="mo", clock=lambda: NOW)) as old:
        assert old.tickets.get(1).assignee is None
