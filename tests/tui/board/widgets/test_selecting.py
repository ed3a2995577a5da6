"""What is dragged over is copied, wherever it is drawn; a clipboard is never emptied."""

from pathlib import Path

import pytest

from tests.tui.boards import Driver, filled, opened_board, small_queue
from tui.board.number_one.banner import Banner
from tui.board.queue.ticket_list import TicketList


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return filled(tmp_path / "desk.db", small_queue())


async def drag(board: Driver, kind: type, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag the mouse over a part of the board, from one of its cells to another."""
    await board.pilot.mouse_down(kind, offset=start)
    await board.pilot.hover(kind, offset=end)
    await board.pilot.mouse_up(kind, offset=end)
    await board.settle()


async def test_lines_of_the_queue_are_marked_and_copied(path: Path) -> None:
    async with opened_board(path) as board:
        lines = board.queue
        first, second = (number for number, line in enumerate(lines) if line.split()[0] in "23")
        await drag(board, TicketList, (0, first), (40, second))
        assert board.toasts[-1] == "2 lines are selected: ctrl+c copies."
        await board.press("ctrl+c")
        assert board.toasts[-1].startswith("2 lines are copied")
        copied = [lines[first], lines[second][:41].rstrip()]
        assert board.app.clipboard.splitlines() == copied
        await board.press("ctrl+c")
        assert "leaves the board" in board.toasts[-1]
        assert board.app.clipboard.splitlines() == copied


async def test_a_part_of_the_block_is_copied(path: Path) -> None:
    async with opened_board(path) as board:
        text = board.banner.splitlines()[0]
        column = text.index("#1")
        await drag(board, Banner, (column + 2, 1), (column + 4, 1))
        await board.press("ctrl+c")
        assert board.app.clipboard
        assert board.app.clipboard in text
        assert board.toasts[-1].startswith("1 line is copied")


async def test_nothing_that_is_dragged_over_copies_nothing(path: Path) -> None:
    async with opened_board(path) as board:
        board.app.copy_to_clipboard("kept")
        await board.pilot.click(TicketList, offset=(20, 20))
        await drag(board, TicketList, (4, 20), (30, 22))
        await board.press("ctrl+c")
        board.app.copy_to_clipboard("")
        assert board.app.clipboard == "kept"
        assert "leaves the board" in board.toasts[-1]
