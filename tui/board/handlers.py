"""What each command does on the board: ask what must be asked, then one method of the desk."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from policy.ticket import Ticket
from tui.board import view_handlers
from tui.board.conversation import (
    answer_handlers,
    attachment_handlers,
    conversation_handlers,
)
from tui.board.engineering import engineering_handlers, review_handlers
from tui.board.past import past_handlers
from tui.board.screen import BoardHandlers, BoardScreen
from tui.board.team import team_handlers
from tui.board.ticket import bulk_handlers, ticket_handlers
from tui.board.time import time_handlers

TICKET_HANDLERS: Final[Mapping[str, Callable[[BoardScreen, Ticket], None]]] = {
    "take": ticket_handlers.take,
    "assign": ticket_handlers.assign,
    "reply": conversation_handlers.reply,
    "heard": ticket_handlers.heard,
    "status": ticket_handlers.status,
    "priority": ticket_handlers.priority,
    "deviate": ticket_handlers.deviate,
    "engineering": engineering_handlers.engineering,
    "comment": review_handlers.comment,
    "conversation": conversation_handlers.conversation,
    "fold_quotes": conversation_handlers.fold_quotes,
    "attachments": attachment_handlers.attachments,
    "refused_answer": answer_handlers.refused,
    "mark": lambda board, _: bulk_handlers.mark(board),
    "message": bulk_handlers.message,
    "merge": ticket_handlers.merge,
    "split": ticket_handlers.split,
    "copy": ticket_handlers.copy,
    "open_link": ticket_handlers.open_it,
}
"""What each command does to the ticket under the cursor."""

BULK_HANDLERS: Final[Mapping[str, Callable[[BoardScreen, Sequence[int]], None]]] = {
    "take": bulk_handlers.take_each,
    "assign": bulk_handlers.assign_each,
    "status": bulk_handlers.set_status_each,
    "message": bulk_handlers.message_each,
}
"""What each command does to the marked tickets, by their numbers, while there are any."""

BOARD_HANDLERS: Final[Mapping[str, Callable[[BoardScreen], None]]] = {
    "out": team_handlers.out,
    "waits": team_handlers.waits,
    "capacity": team_handlers.capacity,
    "mode": team_handlers.mode,
    "at_capacity": team_handlers.at_capacity,
    "timer": time_handlers.timer,
    "allocation": time_handlers.allocation,
    "new": view_handlers.new,
    "filter": lambda board: board.open_filter(),
    "mine": view_handlers.mine,
    "mine_pending": view_handlers.mine_pending,
    "declined": view_handlers.declined,
    "engineers_view": engineering_handlers.engineers_view,
    "go_to": view_handlers.go_to,
    "filters": view_handlers.filters,
    "handover_note": view_handlers.handover_note,
    "number_one": view_handlers.number_one,
    "report": view_handlers.report,
    "rehearse": view_handlers.rehearse,
    "undo": view_handlers.undo,
    "redo": view_handlers.redo,
    "history": view_handlers.history,
    "past": past_handlers.past,
    "earlier": past_handlers.earlier,
    "later": past_handlers.later,
    "number_one_before": past_handlers.number_one_before,
    "number_one_after": past_handlers.number_one_after,
    "hour_earlier": past_handlers.hour_earlier,
    "hour_later": past_handlers.hour_later,
    "back": view_handlers.back,
    "down": lambda board: board.panes.move(rows=1),
    "up": lambda board: board.panes.move(rows=-1),
    "page_down": lambda board: board.panes.move(pages=1),
    "page_up": lambda board: board.panes.move(pages=-1),
    "first": lambda board: board.panes.move_to_end(first=True),
    "last": lambda board: board.panes.move_to_end(first=False),
    "next_pane": lambda board: board.panes.focus_next(1),
    "previous_pane": lambda board: board.panes.focus_next(-1),
    "queue": lambda board: board.panes.focus_pane("queue"),
    "ticket": lambda board: board.panes.focus_pane("ticket"),
    "team": lambda board: board.panes.focus_pane("team"),
    "open": view_handlers.open_it,
    "help": view_handlers.show_help,
    "palette": lambda board: board.app.action_command_palette(),
    "theme": view_handlers.theme,
    "quit": lambda board: board.leave(),
}
"""What each of the other commands does."""

HANDLERS: Final = BoardHandlers(
    on_ticket=TICKET_HANDLERS,
    on_marked=BULK_HANDLERS,
    on_board=BOARD_HANDLERS,
    look_at=past_handlers.go_to,
)
"""What the board does with its commands."""
