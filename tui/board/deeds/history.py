"""What is done about what happened: taking back, doing again, and looking at all of it."""

from typing import TYPE_CHECKING

from tui import happenings
from tui.board.history_screen import HistoryScreen

if TYPE_CHECKING:
    from tui.board.screen import BoardScreen


def undo(board: "BoardScreen") -> None:
    """Take back this person's last action, and say what it was."""
    board.link.act("undo", lambda desk: happenings.reversal("Took back", desk.undo()))


def redo(board: "BoardScreen") -> None:
    """Do again what this person took back last, and say what it was."""
    board.link.act("redo", lambda desk: happenings.reversal("Did again", desk.redo()))


def history(board: "BoardScreen") -> None:
    """Show what happened."""
    board.app.push_screen(HistoryScreen(board))
