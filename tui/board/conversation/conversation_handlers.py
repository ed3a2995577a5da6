"""What is done with the conversation of a ticket: read whole, folded, answered."""

from typing import TYPE_CHECKING

from policy.ticket import Ticket
from tui.board.conversation.answer_handlers import answer
from tui.board.conversation.conversation_screen import ConversationScreen
from tui.board.screen import BoardScreen
from tui.board.ticket import ticket_handlers

if TYPE_CHECKING:
    from store.desk import DeskReading


def conversation(board: BoardScreen, ticket: Ticket) -> None:
    """Show all that was written in a ticket."""

    def on_ticket(command: str, its: Ticket) -> None:
        board.handlers.on_ticket[command](board, its)

    board.app.push_screen(ConversationScreen(board, ticket, on_ticket, board.sending))


def fold_quotes(board: BoardScreen, _: Ticket) -> None:
    """Show what only repeats an earlier message, or fold it."""
    board.panes.text.fold()


def reply(board: BoardScreen, ticket: Ticket) -> None:
    """Open the editor where the answer can be sent, else record that we answered elsewhere."""

    def on_ticket(command: str, its: Ticket) -> None:
        board.handlers.on_ticket[command](board, its)

    def begin(connection: str | None) -> None:
        if connection is None:
            ticket_handlers.reply(board, ticket)
        else:
            answer(board, ticket, on_ticket)

    card = board.panes.text.card(ticket.id)
    if card is not None:
        begin(card.conversation.connection)
        return

    def where(desk: "DeskReading") -> str | None:
        return desk.tickets.card(ticket.id).conversation.connection

    board.client.fetch("reply", where, begin)
