"""Who else is at a ticket is shown beside it, and others see where this board rests."""

from pathlib import Path

import pytest

from store.presence import AtTicket, Doing
from tests.tui.boards import Driver, filled, opened_board, small_queue
from tui.board.change_follower import CompanyChanged
from tui.board.resting_place import AWAY_AFTER, RestingPlace
from tui.board.widgets.pane import Pane


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with the small queue."""
    return filled(tmp_path / "desk.db", small_queue())


def title(board: Driver) -> str:
    return board.board.query_one("#ticket", Pane).render_line(0).text


async def comes(board: Driver, *others: AtTicket) -> None:
    board.board.post_message(CompanyChanged(others))
    await board.settle()


async def test_who_else_is_there_stands_beside_the_ticket(path: Path) -> None:
    async with opened_board(path) as board:
        quiet = title(board)
        await comes(
            board,
            AtTicket(1, "gabe", Doing.LOOKS),
            AtTicket(1, "luz[/]", Doing.ANSWERS),
            AtTicket(2, "kenji", Doing.NOTES),
        )
        assert "luz[/] writing · gabe looking" in title(board)
        assert "luz[/] is writing an answer" in board.banner
        await board.press("j")
        assert "kenji is writing a note" in title(board)
        assert "luz[/] is writing an answer" in board.banner
        await board.press("k")
        await comes(board)
        assert title(board) == quiet
        assert "nobody has it" in board.banner


def test_only_where_somebody_rests_is_said() -> None:
    rests, one, two = RestingPlace(), (1, Doing.LOOKS), (2, Doing.LOOKS)
    assert rests.look(one, 1.0, used=True) is None
    assert rests.look(one, 2.0, used=False) == one
    assert rests.look(two, 3.0, used=True) == one
    assert rests.look(one, 4.0, used=True) == one
    assert rests.look(two, 5.0, used=True) == one
    assert rests.look(two, 6.0, used=False) == two
    assert rests.look(two, 5.0 + AWAY_AFTER, used=False) == two
    assert rests.look(two, 5.1 + AWAY_AFTER, used=False) is None
    assert rests.look(two, 600.0, used=True) == two
    assert rests.look(None, 601.0, used=True) is None
