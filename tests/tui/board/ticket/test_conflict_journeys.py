"""Two people decide on one ticket at once: the second sees both versions, and is asked."""

from contextlib import closing
from pathlib import Path

import pytest

from policy.words import Status
from store.desk import Desk
from tests.databases import address_of
from tests.tui.boards import NOW, Driver, filled, opened_board, small_queue
from tui.board.conflict_form import ConflictForm
from tui.board.ticket.assign_form import AssignForm


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a desk with the small queue."""
    return filled(tmp_path / "desk.db", small_queue())


def jo(path: Path) -> Desk:
    return Desk.open(address_of(path), actor="jo", clock=lambda: NOW)


def both(board: Driver) -> str:
    assert isinstance(board.app.screen, ConflictForm)
    return board.said(".both-versions")


async def test_what_was_typed_stays_and_holds_once_it_is_said_again(path: Path) -> None:
    async with opened_board(path) as board:
        with closing(jo(path)) as other:
            await board.press("a", *"luz")
            other.tickets.take(1)
            await board.press("enter")
            assert both(board) == "Theirs jo took it just now Yours Assign to somebody: luz"
            await board.press("enter")
            assert isinstance(board.app.screen, AssignForm)
            assert "changed meanwhile by jo" in board.said(".said")
            assert other.tickets.get(1).assignee == "jo"
            await board.press("enter")
            assert other.tickets.get(1).assignee == "luz"
            assert board.app.screen_stack[-1] is board.board


async def test_mine_is_kept_after_a_third_change_only_when_asked_again(path: Path) -> None:
    async with opened_board(path) as board:
        with closing(jo(path)) as other:
            await board.press("s")
            other.tickets.set_status(1, Status.OPEN)
            await board.press("h")
            assert "jo changed the status from new to open" in both(board)
            other.tickets.take(1)
            await board.press("m")
            assert both(board).startswith("Theirs jo took it")
            await board.press("m")
            assert other.tickets.get(1).status is Status.ON_HOLD
            assert board.app.screen is board.board
            assert board.toasts == ["#1 is on hold."]


async def test_a_bulk_step_asks_of_what_it_changes_alone(path: Path) -> None:
    async with opened_board(path) as board:
        with closing(jo(path)) as other:
            await board.press("space", "space")
            other.tickets.set_status(2, Status.OPEN)
            other.tickets.set_status(3, Status.OPEN)
            await board.press("t")
            assert both(board) == (
                "Theirs jo changed the status from new to open just now Yours Take the ticket"
            )
            assert board.said(".form-title") == "#2 was changed while you decided"
            await board.press("m")
            assert [other.tickets.get(each).assignee for each in (1, 2)] == ["mariam"] * 2
