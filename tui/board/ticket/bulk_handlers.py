"""What is done to all marked tickets at once: the forms and what is said name how many."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from policy.phrases import STATUS_NAMES
from policy.ticket import Ticket
from policy.words import Status
from tui.board.form_answers import act, ask, carry_out
from tui.board.screen import BoardScreen
from tui.board.seen import Seen
from tui.board.ticket.assign_form import AssignForm
from tui.board.ticket.status_form import needs_reason, which_status_of, why_unanswered
from tui.board.ticket.ticket_handlers import assignment_of
from tui.board.waits.waits_screen import WaitsScreen
from tui.board.widgets.pick import Picked

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice
    from store.desk import Desk, DeskReading

_NAMED_AT_MOST: Final = 6


def mark(board: BoardScreen, _: Ticket) -> None:
    """Mark the ticket under the cursor, or take its mark away, and go on to the next."""
    board.panes.list.mark()
    if board.panes.current == "queue":
        board.panes.list.move(1)
    board.draw_marks()


def take_each(board: BoardScreen, marked: Sequence[int]) -> None:
    """Make all of them this person's."""

    def taking(desk: "Desk") -> str:
        taken = desk.tickets.take_each(marked)
        return f"{how_many(marked)} {_are(marked)} yours: {_named(taken)}."

    act(board, "take", taking, board.unmark, on=_seen(board))


def assign_each(board: BoardScreen, marked: Sequence[int]) -> None:
    """Ask to whom, and make all of them theirs."""

    def assigning(desk: "Desk", answer: Picked[str | None]) -> str:
        changed = desk.tickets.assign_each(marked, answer.value)
        whose = f"{answer.value}'s" if answer.value else "nobody's"
        return f"{how_many(marked)} {_are(marked)} {whose} now: {_named(changed)}."

    now = "All of them, or none when one of them refuses."
    known = assignment_of(board, board.panes.list.marked_tickets, None)
    form = AssignForm(how_many(marked), now, known)
    ask(board, form, "assign", assigning, board.unmark, on=_seen(board))


def set_status_each(board: BoardScreen, marked: Sequence[int]) -> None:
    """Ask for the status, and set it on all of them."""

    def setting(wanted: Status, desk: "Desk", unanswered: str) -> str:
        changed = desk.tickets.set_status_each(marked, wanted, unanswered=unanswered)
        status = STATUS_NAMES[wanted]
        return f"{how_many(marked)} {_are(marked)} {status}: {_named(changed)}."

    def answered(answer: Picked[Status]) -> None:
        set_them = partial(setting, answer.value)

        def go_on(owed: bool) -> None:
            if owed:
                menu.taken()
                why = why_unanswered(how_many(marked))
                ask(board, why, "status", set_them, board.unmark, on=seen)
            else:
                without_reason = partial(set_them, unanswered="")
                carry_out(board, menu, "status", without_reason, board.unmark, on=seen)

        board.client.fetch(
            "status",
            lambda desk: needs_reason([desk.tickets.get(each) for each in marked], answer.value),
            go_on,
            menu.refuse,
        )

    seen = _seen(board)
    menu = which_status_of(f"Status of {how_many(marked)}")
    menu.stay_for(answered)
    board.app.push_screen(menu)


def message_each(board: BoardScreen, marked: Sequence[int]) -> None:
    """Draft a notice to each requester of these tickets, and show the drafts to be sent."""

    def drafting(desk: "DeskReading") -> "tuple[WaitNotice, ...]":
        return desk.waits.drafts_for(marked)

    board.client.fetch("message", drafting, partial(_show_drafts, board, marked))


def message(board: BoardScreen, ticket: Ticket) -> None:
    """Draft a notice to the requester of one ticket."""
    message_each(board, [ticket.id])


def _show_drafts(
    board: BoardScreen, marked: Sequence[int], drafts: "tuple[WaitNotice, ...]"
) -> None:
    board.unmark()
    board.app.push_screen(WaitsScreen(board, drafts))
    spoken_of = sum(len(draft.tickets) for draft in drafts)
    if spoken_of < len(marked):
        board.tell(f"No customer waits for us in {len(marked) - spoken_of:,} of them.")


def _seen(board: BoardScreen) -> Seen:
    return Seen(board.panes.list.marked_tickets)


def how_many(tickets: Sequence[object]) -> str:
    """Return how many tickets these are, as people say it."""
    return "1 ticket" if len(tickets) == 1 else f"{len(tickets):,} tickets"


def _are(tickets: Sequence[object]) -> str:
    return "is" if len(tickets) == 1 else "are"


def _named(tickets: Sequence[Ticket]) -> str:
    names = [f"#{ticket.id}" for ticket in tickets[:_NAMED_AT_MOST]]
    more = len(tickets) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")
