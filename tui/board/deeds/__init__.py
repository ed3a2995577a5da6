"""What each command does on the board: ask what must be asked, then one method of the desk."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from policy.ticket import Ticket
from tui.board.deeds import (
    bulk,
    engineering,
    history,
    look,
    look_for,
    merging,
    outward,
    past,
    team,
    tickets,
    time,
)

if TYPE_CHECKING:
    from tui.board.screen import BoardScreen

TICKET_DEEDS: Final[Mapping[str, Callable[["BoardScreen", Ticket], None]]] = {
    "take": tickets.take,
    "assign": tickets.assign,
    "reply": tickets.reply,
    "heard": tickets.heard,
    "status": tickets.status,
    "priority": tickets.priority,
    "deviate": tickets.deviate,
    "engineering": engineering.engineering,
    "comment": engineering.comment,
    "mark": lambda board, _: bulk.mark(board),
    "message": bulk.message,
    "merge": merging.merge,
    "split": merging.split,
    "copy": outward.copy,
    "open_link": outward.open_it,
}
"""What each command does to the ticket under the cursor."""

BULK_DEEDS: Final[Mapping[str, Callable[["BoardScreen", Sequence[int]], None]]] = {
    "take": bulk.take_each,
    "assign": bulk.assign_each,
    "status": bulk.set_status_each,
    "message": bulk.message_each,
}
"""What each command does to the marked tickets, by their numbers, while there are any."""

BOARD_DEEDS: Final[Mapping[str, Callable[["BoardScreen"], None]]] = {
    "out": team.out,
    "waits": team.waits,
    "capacity": team.capacity,
    "at_capacity": team.at_capacity,
    "timer": time.timer,
    "allocation": time.allocation,
    "new": look.new,
    "filter": lambda board: board.open_filter(),
    "declined": look.declined,
    "engineers_view": engineering.engineers_view,
    "go_to": look_for.go_to,
    "filters": look_for.filters,
    "handover_note": look_for.handover_note,
    "number_one": look.number_one,
    "report": look.report,
    "undo": history.undo,
    "redo": history.redo,
    "history": history.history,
    "past": past.past,
    "earlier": past.earlier,
    "later": past.later,
    "number_one_before": past.number_one_before,
    "number_one_after": past.number_one_after,
    "hour_earlier": past.hour_earlier,
    "hour_later": past.hour_later,
    "back": look.back,
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
    "open": look.open_it,
    "help": look.show_help,
    "palette": lambda board: board.app.action_command_palette(),
    "theme": look.theme,
    "quit": lambda board: board.leave(),
}
"""What each of the other commands does."""
