"""What each command does on the board: ask what must be asked, then one method of the desk.

A handler is named by its place in ``tui.board``: its forms and screens are imported when it is
first used.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Final, TypeVar

from policy.ticket import Ticket
from tui.board.screen import BoardHandlers, BoardScreen
from tui.environment.own_commands import OwnCommand

Handler = TypeVar("Handler")

_ON_TICKET: Final = {
    "take": "ticket.ticket_handlers.take",
    "assign": "ticket.ticket_handlers.assign",
    "reply": "conversation.conversation_handlers.reply",
    "heard": "ticket.ticket_handlers.heard",
    "status": "ticket.ticket_handlers.status",
    "priority": "ticket.ticket_handlers.priority",
    "deviate": "ticket.ticket_handlers.deviate",
    "engineering": "engineering.engineering_handlers.engineering",
    "comment": "engineering.review_handlers.comment",
    "conversation": "conversation.conversation_handlers.conversation",
    "fold_quotes": "conversation.conversation_handlers.fold_quotes",
    "attachments": "conversation.attachment_handlers.attachments",
    "refused_answer": "conversation.answer_handlers.refused",
    "mark": "ticket.bulk_handlers.mark",
    "message": "ticket.bulk_handlers.message",
    "merge": "ticket.ticket_handlers.merge",
    "split": "ticket.ticket_handlers.split",
    "copy": "ticket.ticket_handlers.copy",
    "open_link": "ticket.ticket_handlers.open_it",
}
"""What each command does to the ticket under the cursor."""

_ON_MARKED: Final = {
    "take": "ticket.bulk_handlers.take_each",
    "assign": "ticket.bulk_handlers.assign_each",
    "status": "ticket.bulk_handlers.set_status_each",
    "message": "ticket.bulk_handlers.message_each",
}
"""What each command does to the marked tickets, by their numbers, while there are any."""

_ON_BOARD: Final[Mapping[str, str | Callable[[BoardScreen], None]]] = {
    "out": "team.team_handlers.out",
    "waits": "team.team_handlers.waits",
    "capacity": "team.team_handlers.capacity",
    "mode": "team.team_handlers.mode",
    "at_capacity": "team.team_handlers.at_capacity",
    "timer": "time.time_handlers.timer",
    "allocation": "time.time_handlers.allocation",
    "new": "view_handlers.new",
    "filter": lambda board: board.open_filter(),
    "mine": "view_handlers.mine",
    "mine_pending": "view_handlers.mine_pending",
    "declined": "view_handlers.declined",
    "engineers_view": "engineering.engineering_handlers.engineers_view",
    "go_to": "view_handlers.go_to",
    "filters": "view_handlers.filters",
    "handover_note": "view_handlers.handover_note",
    "number_one": "view_handlers.number_one",
    "report": "view_handlers.report",
    "rehearse": "view_handlers.rehearse",
    "undo": "view_handlers.undo",
    "redo": "view_handlers.redo",
    "history": "view_handlers.history",
    "past": "past.past_handlers.past",
    "earlier": "past.past_handlers.earlier",
    "later": "past.past_handlers.later",
    "number_one_before": "past.past_handlers.number_one_before",
    "number_one_after": "past.past_handlers.number_one_after",
    "hour_earlier": "past.past_handlers.hour_earlier",
    "hour_later": "past.past_handlers.hour_later",
    "back": "view_handlers.back",
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
    "open": "view_handlers.open_it",
    "help": "view_handlers.show_help",
    "palette": lambda board: board.app.action_command_palette(),
    "theme": "view_handlers.theme",
    "quit": lambda board: board.leave(),
}
"""What each of the other commands does."""


class _OnceUsed(Mapping[str, Handler]):
    """What commands do, by their names; its module is imported when a command is first used."""

    def __init__(self, known: Mapping[str, str | Handler]) -> None:
        self._known = dict(known)

    def __getitem__(self, command: str) -> Handler:
        known = self._known[command]
        if not isinstance(known, str):
            return known
        module, _, name = known.rpartition(".")
        found: Handler = getattr(import_module(f"tui.board.{module}"), name)
        self._known[command] = found
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _go_to(board: BoardScreen, time: datetime) -> None:
    """Look at the desk as it was at ``time`` (UTC)."""
    from tui.board.past.past_handlers import go_to  # noqa: PLC0415 - as the others

    go_to(board, time)


def _run_own(board: BoardScreen, ticket: Ticket, own: OwnCommand) -> None:
    """Start a person's own program with a ticket."""
    from tui.board.ticket.own_handlers import run  # noqa: PLC0415 - as the others

    run(board, ticket, own)


HANDLERS: Final = BoardHandlers(
    on_ticket=_OnceUsed[Callable[[BoardScreen, Ticket], None]](_ON_TICKET),
    on_marked=_OnceUsed[Callable[[BoardScreen, Sequence[int]], None]](_ON_MARKED),
    on_board=_OnceUsed[Callable[[BoardScreen], None]](_ON_BOARD),
    look_at=_go_to,
    run_own=_run_own,
)
"""What the board does with its commands."""
