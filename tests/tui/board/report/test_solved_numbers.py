"""The board's report says how many were solved without an answer, and who decided so."""

from contextlib import closing
from pathlib import Path

from policy.words import Status
from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import filled, minutes_ago, opened_board, small_queue


async def test_they_are_counted_and_named(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue(), minutes_ago(10))
    with closing(Desk.open(address_of(path), actor="gabe", clock=lambda: minutes_ago(5))) as desk:
        desk.tickets.reply(1, Status.SOLVED)
        desk.tickets.set_status(2, Status.SOLVED, unanswered="[b]spam[/b]")
    async with opened_board(path) as board:
        await board.press("R")
        assert "2 solved, 1 without an answer" in board.said("#report-body .report-text")
        _, exceptions = (
            " ".join(str(each.render()).split()) for each in board.app.screen.query(".report-text")
        )
        assert "#2 ended without an answer by gabe, Wed 4 Mar 14:00: [b]spam[/b]" in exceptions
