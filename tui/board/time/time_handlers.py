"""What is done about time: the timer, and the screen of what was recorded."""

from typing import TYPE_CHECKING

from policy.phrases import span
from tui.board.screen import BoardScreen
from tui.board.time.entry_handlers import started
from tui.board.time.time_advice import spent_on
from tui.board.time.time_screen import TimeScreen
from tui.phrasing import times

if TYPE_CHECKING:
    from store.desk import Desk


def timer(board: BoardScreen) -> None:
    """Stop the timer that runs, or else start it on the ticket under the cursor.

    While the board says that it looks left running, it is stopped where it says.
    """
    ticket, zone = board.panes.list.ticket, board.context.zone
    left = board.time.mine.left_running if board.time and board.advice.offers("timer") else None

    def toggling(desk: "Desk") -> str:
        with desk.transaction():
            if desk.time.timer() is None and ticket is not None:
                return started(desk.time.start_timer(ticket.id).entry, ticket.subject)
            entry = desk.time.stop_timer(left)
        end = "" if left is None else f" as of {times.at(left, desk.now(), zone)}"
        return f"Stopped{end} after {span(entry.length(desk.now()))} on {spent_on(entry)}."

    board.client.act("timer", toggling)


def allocation(board: BoardScreen) -> None:
    """Show what was recorded, and how time is split."""
    board.app.push_screen(TimeScreen(board))
