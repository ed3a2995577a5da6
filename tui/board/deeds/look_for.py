"""Going to what one looks for: a ticket by its number, a saved filter, the shift's note."""

from functools import partial
from typing import TYPE_CHECKING

from policy.refusal import Refusal
from policy.ticket import Ticket
from tui.board.forms.filters import FilterAnswer, FilterForm, Wanted
from tui.board.forms.line import LineForm
from tui.board.note_screen import NoteScreen
from tui.board.view import View, alone
from tui.saved_filters import SIGN, remove_filter, save_filter, saved_filters

if TYPE_CHECKING:
    from store.desk import Desk
    from store.views import ShiftNote
    from tui.board.screen import BoardScreen


def go_to(board: "BoardScreen") -> None:
    """Ask for a number, and go there."""

    def answered(reference: str | None) -> None:
        if reference is None:
            return

        def finding(desk: "Desk") -> tuple[Ticket, int | None]:
            ticket = desk.ticket(reference)
            return ticket, desk.position(ticket.id)

        board.link.fetch("go_to", finding, partial(_go, board))

    form = LineForm(
        "Go to which ticket?", "number", verb="go", placeholder="4127, or source:external_id"
    )
    board.app.push_screen(form, answered)


def _go(board: "BoardScreen", found: tuple[Ticket, int | None]) -> None:
    ticket, position = found
    board.look(alone(ticket.id) if position is None else View(), sought=ticket.id)
    board.panes.focus_pane("queue")


def filters(board: "BoardScreen") -> None:
    """Show the saved filters, and do with one what is asked."""
    folder = board.setting.state_folder
    board.link.fetch("filters", lambda _: saved_filters(folder), partial(_offer, board))


def _offer(board: "BoardScreen", saved: dict[str, str]) -> None:
    present = board.view.typed

    def answered(answer: FilterAnswer | None) -> None:
        if answer is None:
            return
        if answer.wanted is Wanted.SHOW:
            _show(board, saved[answer.name])
        else:
            _keep(board, answer, present, saved.get(answer.name, ""))

    board.app.push_screen(FilterForm(saved, present), answered)


def _show(board: "BoardScreen", typed: str) -> None:
    try:
        board.look(board.view.filtered(typed))
    except Refusal as refusal:  # of an older program, or written by hand
        board.refuse(refusal.reason)
    else:
        board.panes.focus_pane("queue")


def _keep(board: "BoardScreen", answer: FilterAnswer, present: str, before: str) -> None:
    """Save or remove a filter; what was before is said, so that it can be typed again."""
    folder, name = board.setting.state_folder, answer.name.removeprefix(SIGN)

    def keeping(_: "Desk") -> str:
        if answer.wanted is Wanted.SAVE:
            save_filter(folder, name, present)
            instead = f" instead of {before}" if before not in ("", present) else ""
            return f"{SIGN}{name} is saved{instead}; numberone list {SIGN}{name} knows it too."
        remove_filter(folder, name)
        return f"{SIGN}{name} is removed; it was: {before}"

    board.link.act("filters", keeping)


def handover_note(board: "BoardScreen") -> None:
    """Show what this person hands over at the end of the shift."""

    def show(note: "ShiftNote") -> None:
        board.app.push_screen(NoteScreen(board, note))

    board.link.fetch("handover_note", lambda desk: desk.handover_note(), show)
