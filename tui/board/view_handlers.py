"""What changes what the board shows: lists, screens over it, what one looks for."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from policy.refusal import Refusal
from policy.roster.permissions import opening
from policy.ticket import Ticket
from policy.words import Status
from tui.actions import timeline
from tui.board.form_answers import ask, ask_to_read, carry_out
from tui.board.help_screen import HelpScreen
from tui.board.history.history_screen import HistoryScreen
from tui.board.queue.filters_form import FilterAnswer, FilterChoice, FilterForm
from tui.board.queue.queue_view import DECLINED, View, alone
from tui.board.report.note_screen import NoteScreen
from tui.board.report.rehearsal_screen import RehearsalScreen, ToRehearse
from tui.board.report.report_screen import ReportScreen
from tui.board.screen import BoardScreen
from tui.board.ticket.new_ticket_form import NewTicketForm, Opening
from tui.board.widgets.line_forms import LineForm
from tui.board.widgets.theme import COUNTERPARTS, DARK, LIGHT, is_light
from tui.environment.config import remember_theme
from tui.environment.saved_filters import SIGN, remove_filter, save_filter, saved_filters
from tui.report.rehearsed_path import rehearsed_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy.intake.incoming import IncomingTicket
    from store.desk import Desk, DeskReading
    from store.history.shift_models import ShiftNote


def new(board: BoardScreen) -> None:
    """Ask for a new ticket under the policy in force."""

    def reading(desk: "DeskReading") -> Opening:
        with desk.snapshot():
            rulebook = desk.policy.rulebook()
            words = rulebook.vocabulary
            tiers = words.tiers or (None,)
            reasons = {tier: desk.team.refusal_of(opening(tier, words)) for tier in tiers}
            refusals = {tier: reason for tier, reason in reasons.items() if reason is not None}
            return Opening(rulebook, desk.team.role(), refusals)

    board.client.fetch("new", reading, partial(_open_new_ticket, board))


def _open_new_ticket(board: BoardScreen, found: Opening) -> None:
    """Ask for a new ticket, and open it as the policy in force decides; until then it is asked."""

    def opening_it(desk: "Desk", incoming: "IncomingTicket") -> str:
        return _opened_as(desk.tickets.open_ticket(incoming))

    ask(board, NewTicketForm(found, board.context.clock()), "new", opening_it)


def _opened_as(ticket: Ticket) -> str:
    if ticket.declined is not None:
        return f"#{ticket.id} is kept, and declined: {ticket.declined}"
    return f"#{ticket.id} is open as {ticket.priority}."


def number_one(board: BoardScreen) -> None:
    """Show the whole queue with the cursor on its first row."""
    if board.view.changed:
        board.look(View())
    board.panes.list.move_to(0)
    board.panes.focus_pane("queue")


def report(board: BoardScreen) -> None:
    """Show what the last days looked like."""
    board.app.push_screen(ReportScreen(board))


def rehearse(board: BoardScreen) -> None:
    """Ask for the file of a policy or of a team, and show what the last days were under it."""

    def reading(named: str, _: "DeskReading") -> ToRehearse:
        path = Path(named).expanduser()
        return ToRehearse(rehearsed_at(str(path)), path.name)

    def shown(found: ToRehearse) -> None:
        board.app.push_screen(RehearsalScreen(board, found))

    form = LineForm(
        "Rehearse the last days",
        "file",
        verb="rehearse",
        placeholder="ours.toml",
        said="A policy, or a team as numberone team --export writes it. Nothing is changed.",
    )
    ask_to_read(
        board,
        form,
        "rehearse",
        reading,
        shown,
    )


def declined(board: BoardScreen) -> None:
    """Show the declined tickets, or the queue again."""
    board.look(View() if board.view.declined else DECLINED)
    board.panes.focus_pane("queue")


def mine(board: BoardScreen) -> None:
    """Show what of the queue is this person's, or the queue again."""
    _toggle(board, "assignee:me")


def mine_pending(board: BoardScreen) -> None:
    """Show which tickets of this person's wait for their customers, or the queue again."""
    _toggle(board, f"assignee:me status:{Status.PENDING}")


def _toggle(board: BoardScreen, typed: str) -> None:
    """Show what a filter finds, or the queue again where it is shown already."""
    is_shown = board.view.typed == typed and not board.view.declined
    board.look(View() if is_shown else View().filtered(typed, board.words))
    board.panes.focus_pane("queue")


def back(board: BoardScreen) -> None:
    """Go back one step: what was said, to the list, without marks, without a filter, to now."""
    if board.dismiss_advice():
        return
    if board.panes.current != "queue":
        board.panes.focus_pane("queue")
    elif board.panes.list.marked:
        board.unmark()
    elif board.past is not None and not board.view.changed:
        board.leave()
    else:
        board.look(DECLINED if board.view.typed and board.view.declined else View())


def open_it(board: BoardScreen) -> None:
    """Go from the queue to the ticket, or from a person to what they are assigned."""
    if board.panes.current == "team":
        board.panes.team.choose()
    else:
        board.panes.focus_pane("ticket")


def show_help(board: BoardScreen) -> None:
    """Show the help page."""
    board.app.push_screen(HelpScreen(board))


def theme(board: BoardScreen) -> None:
    """Change between light and dark, and remember it."""
    board.app.theme = COUNTERPARTS[board.app.theme]
    chosen = LIGHT if is_light(board.app.theme) else DARK
    folder = board.context.state_folder
    board.run_worker(
        lambda: remember_theme(folder, chosen), name="theme", group="theme", thread=True
    )


def go_to(board: BoardScreen) -> None:
    """Ask for a number, and go there."""

    def finding(reference: str, desk: "DeskReading") -> tuple[Ticket, int | None]:
        with desk.snapshot():
            ticket = desk.tickets.get(desk.tickets.resolve(reference))
            return ticket, desk.queue.position(ticket.id)

    form = LineForm(
        "Go to which ticket?", "number", verb="go", placeholder="4127, or source:external_id"
    )
    ask_to_read(board, form, "go_to", finding, partial(_go, board))


def _go(board: BoardScreen, found: tuple[Ticket, int | None]) -> None:
    ticket, position = found
    board.look(alone(ticket.id) if position is None else View(), sought=ticket.id)
    board.panes.focus_pane("queue")


def filters(board: BoardScreen) -> None:
    """Show the saved filters, and do with one what is asked."""
    folder = board.context.state_folder
    board.client.fetch("filters", lambda _: saved_filters(folder), partial(_offer, board))


def _offer(board: BoardScreen, saved: dict[str, str]) -> None:
    present = board.view.typed

    def answered(answer: FilterAnswer) -> None:
        if answer.wanted is FilterChoice.SHOW:
            form.taken()
            _show(board, saved[answer.name])
        else:
            keeping = _keeping(board, answer, present, saved.get(answer.name, ""))
            carry_out(board, form, "filters", keeping)

    form = FilterForm(saved, present)
    form.stay_for(answered)
    board.app.push_screen(form)


def _show(board: BoardScreen, typed: str) -> None:
    try:
        board.look(board.view.filtered(typed, board.words))
    except Refusal as refusal:  # of an older program, or written by hand
        board.refuse(refusal.reason)
    else:
        board.panes.focus_pane("queue")


def _keeping(
    board: BoardScreen, answer: FilterAnswer, present: str, before: str
) -> "Callable[[Desk], str]":
    """Return what saves or removes a filter; what was before is said, to be typed again."""
    folder, name = board.context.state_folder, answer.name.removeprefix(SIGN)

    def keeping(_: "Desk") -> str:
        if answer.wanted is FilterChoice.SAVE:
            save_filter(folder, name, present)
            instead = f" instead of {before}" if before not in ("", present) else ""
            return f"{SIGN}{name} is saved{instead}; numberone list {SIGN}{name} knows it too."
        remove_filter(folder, name)
        return f"{SIGN}{name} is removed; it was: {before}"

    return keeping


def handover_note(board: BoardScreen) -> None:
    """Show what this person hands over at the end of the shift."""

    def show(note: "ShiftNote") -> None:
        board.app.push_screen(NoteScreen(board, note))

    board.client.fetch("handover_note", lambda desk: desk.shift.handover_note(), show)


def undo(board: BoardScreen) -> None:
    """Take back this person's last action, and say what it was."""
    zone, worded = board.context.zone, list[int]()

    def undoing(desk: "Desk") -> str:
        events = desk.history.undo()
        worded.extend(timeline.worded(events))
        said = timeline.reversal("Took back", events, zone)
        return f"{said} Its words are the draft again." if worded else said

    def taken_back() -> None:
        for number in worded:
            board.sending.was_taken_back(number)
            board.look(board.view, sought=number)  # whoever takes it back goes on writing

    board.client.act("undo", undoing, taken_back)


def redo(board: BoardScreen) -> None:
    """Do again what this person took back last, and say what it was."""
    zone = board.context.zone
    board.client.act("redo", lambda desk: timeline.reversal("Did again", desk.history.redo(), zone))


def history(board: BoardScreen) -> None:
    """Show what happened."""
    board.app.push_screen(HistoryScreen(board))
