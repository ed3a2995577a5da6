"""What others change comes to the board by itself: the number one at once, all else in its turn."""

from contextlib import closing
from pathlib import Path

import pytest

from store.desk import Desk
from tests.databases import address_of
from tests.examples import incoming
from tests.tui.boards import NOW, Driver, filled, minutes_ago, opened_board, small_queue
from tui.board import change_follower, present_screen
from tui.board.change_follower import Pause

NEVER = 3_600.0


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a board that has read once rest for longer than any test lasts."""
    rest = Pause(times=1, at_least=NEVER, at_most=NEVER)
    monkeypatch.setattr(change_follower, "_READS_AFTER", rest)
    monkeypatch.setattr(present_screen, "_READ_AT_LEAST_EVERY", NEVER)


def revision(board: Driver) -> int:
    """Return the revision of what is shown."""
    assert board.board.state is not None
    return board.board.state.overview.revision


async def change(board: Driver, other: Desk, number: int, **said: object) -> None:
    """Let somebody else bring a ticket, and wait until the board has looked at the number one."""
    looks = board.board._follower._looks  # type: ignore[attr-defined] # of the present
    before = looks._answered
    other.transfer.take_in([incoming(number, **said)])
    await board.until(lambda: looks._answered > before)
    await board.settle()


@pytest.mark.usefixtures("rests")
async def test_another_number_one_ends_the_rest_of_a_board(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    async with opened_board(path) as board:
        with closing(Desk.open(address_of(path), actor="gabe", clock=lambda: NOW)) as other:
            shown = revision(board)
            await change(board, other, 7, subject="A hint", tier="free")
            assert revision(board) == shown
            await change(
                board, other, 8, subject="All is dark", severity=0, received_at=minutes_ago(300)
            )
            assert "All is dark" in board.banner
            assert revision(board) == other.history.revision()
            assert any("A hint" in line for line in board.queue)


@pytest.mark.usefixtures("rests")
async def test_a_number_one_that_stands_otherwise_is_read_at_once_too(tmp_path: Path) -> None:
    path = filled(tmp_path / "desk.db", small_queue())
    async with opened_board(path) as board:
        with closing(Desk.open(address_of(path), actor="gabe", clock=lambda: NOW)) as other:
            assert "nobody has it" in board.banner
            other.tickets.take(1)
            await board.until(lambda: "gabe has it" in board.banner)
            assert revision(board) == other.history.revision()
