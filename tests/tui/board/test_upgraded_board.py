"""A board that opens an older database says which customers it brought back into the queue."""

from pathlib import Path

from tests.tui.boards import filled, opened_board, small_queue
from tests.tui.older_databases import made_older


async def test_it_says_who_is_back_until_it_is_dismissed(tmp_path: Path) -> None:
    path = made_older(filled(tmp_path / "desk.db", small_queue()), [3, 5])
    async with opened_board(path) as board:
        said = board.prompt
        assert "2 tickets are back in the queue" in said
        assert "no list showed them before the upgrade: #3 and #5." in said
        assert len(board.rows) == 5, "all of them are in the queue"
        await board.press("escape")
        assert board.board.advice.said is None
    async with opened_board(path) as board:
        assert board.board.advice.said is None
