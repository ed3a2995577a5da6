"""What each command does on the board: ask what must be asked, then one method of the desk."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from policy.ticket import Ticket
from tui.board.deeds import look, team, tickets

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
    "copy_reply": tickets.copy_reply,
}
"""What each command does to the ticket under the cursor."""

BOARD_DEEDS: Final[Mapping[str, Callable[["BoardScreen"], None]]] = {
    "out": team.out,
    "waits": team.waits,
    "capacity": team.capacity,
    "at_capacity": team.at_capacity,
    "new": lambda board: board.link.ask_rulebook(),
    "filter": lambda board: board.open_filter(),
    "declined": look.declined,
    "number_one": look.number_one,
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
    "quit": lambda board: board.app.exit(),
}
"""What each of the other commands does."""
