"""What changes what the board shows."""

from functools import partial
from typing import TYPE_CHECKING

from policy.ticket import Ticket
from tui.board.forms.new_ticket import NewTicketForm
from tui.board.help import HelpScreen
from tui.board.report_screen import ReportScreen
from tui.board.theme import DARK, LIGHT
from tui.board.view import DECLINED, View
from tui.settings import remember_theme

if TYPE_CHECKING:
    from policy.incoming import IncomingTicket
    from policy.rulebook import Rulebook
    from tui.board.screen import BoardScreen


def new(board: "BoardScreen") -> None:
    """Ask for a new ticket under the policy in force."""
    board.link.fetch("new", lambda desk: desk.rulebook(), partial(_open_new_ticket, board))


def _open_new_ticket(board: "BoardScreen", rulebook: "Rulebook") -> None:
    """Ask for a new ticket, and open it as the policy in force decides."""

    def answered(incoming: "IncomingTicket | None") -> None:
        if incoming is not None:
            board.link.act("new", lambda desk: _opened_as(desk.open_ticket(incoming)))

    board.app.push_screen(NewTicketForm(rulebook, board.setting.clock()), answered)


def _opened_as(ticket: Ticket) -> str:
    if ticket.declined is not None:
        return f"#{ticket.id} is kept, and declined: {ticket.declined}"
    return f"#{ticket.id} is open as {ticket.priority}."


def number_one(board: "BoardScreen") -> None:
    """Show the whole queue with the cursor on its first row."""
    if board.view.changed:
        board.look(View())
    board.panes.list.move_to(0)
    board.panes.focus_pane("queue")


def report(board: "BoardScreen") -> None:
    """Show what the last days looked like."""
    board.app.push_screen(ReportScreen(board))


def declined(board: "BoardScreen") -> None:
    """Show the declined tickets, or the queue again."""
    board.look(View() if board.view.declined else DECLINED)
    board.panes.focus_pane("queue")


def back(board: "BoardScreen") -> None:
    """Go back one step: what was said, to the list, without marks, without a filter, to now."""
    if board.dismiss_prompt():
        return
    if board.panes.current != "queue":
        board.panes.focus_pane("queue")
    elif board.panes.list.marked:
        board.unmark()
    elif board.past is not None and not board.view.changed:
        board.leave()
    else:
        board.look(DECLINED if board.view.typed and board.view.declined else View())


def open_it(board: "BoardScreen") -> None:
    """Go from the queue to the ticket, or from a person to what they are assigned."""
    if board.panes.current == "team":
        board.panes.team.choose()
    else:
        board.panes.focus_pane("ticket")


def show_help(board: "BoardScreen") -> None:
    """Show the help page."""
    board.app.push_screen(HelpScreen(board.setting.keys))


def theme(board: "BoardScreen") -> None:
    """Change between light and dark, and remember it."""
    chosen = LIGHT if board.app.theme == DARK else DARK
    board.app.theme = chosen
    folder = board.setting.state_folder
    board.run_worker(
        lambda: remember_theme(folder, chosen), name="theme", group="theme", thread=True
    )
