"""A backup is restored while a board is open: the board shows what is there again, and goes on."""

from contextlib import closing
from pathlib import Path

from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, filled, opened_board, small_queue


async def test_an_open_board_shows_what_was_restored(tmp_path: Path) -> None:
    place = filled(tmp_path / "desk.db", small_queue())
    backup = tmp_path / "backup.db"
    with closing(Desk.open(address_of(place), actor="gabe", clock=lambda: NOW)) as gabe:
        gabe.transfer.back_up(backup)
        gabe.tickets.take(1)
        async with opened_board(place) as board:
            assert "gabe" in board.banner
            gabe.transfer.restore(backup)
            await board.until(lambda: "nobody has it" in board.banner)
            await board.press("t")
            assert "#1 is yours." in " ".join(board.toasts)
            assert gabe.tickets.get(1).assignee == "mariam"
