"""What each command does on the board: ask what must be asked, then one method of the desk."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from policy.phrases import STATUS_NAMES
from policy.ticket import Ticket
from policy.words import Status
from tui.board.forms.assign import AssignForm
from tui.board.forms.pick import Picked
from tui.board.forms.priority import PriorityAnswer, PriorityForm
from tui.board.forms.questions import after_reply, which_status
from tui.board.help import HelpScreen

if TYPE_CHECKING:
    from store.desk import Desk
    from tui.board.screen import BoardScreen


def take(board: "BoardScreen", ticket: Ticket) -> None:
    """Make the ticket this person's."""

    def taking(desk: "Desk") -> str:
        return f"#{desk.take(str(ticket.id)).id} is yours."

    board.link.act("take", taking)


def assign(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask to whom, and make it theirs."""

    def answered(answer: Picked[str | None] | None) -> None:
        if answer is not None:
            board.link.act("assign", lambda desk: _assigned(desk.assign(str(ticket.id), answer.value)))

    board.app.push_screen(AssignForm(ticket, board.actor, board.logins), answered)


def reply(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask whose step is next, and record that we answered."""

    def answered(answer: Picked[Status | None] | None) -> None:
        if answer is not None:
            board.link.act("reply", lambda desk: _replied(desk.reply(str(ticket.id), answer.value)))

    board.app.push_screen(after_reply(ticket), answered)


def heard(board: "BoardScreen", ticket: Ticket) -> None:
    """Record that the customer wrote."""

    def hearing(desk: "Desk") -> str:
        return f"#{desk.heard(str(ticket.id)).id}: the customer wrote; the next step is ours."

    board.link.act("heard", hearing)


def status(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask for the status, and set it."""

    def answered(answer: Picked[Status] | None) -> None:
        if answer is None:
            return

        def setting(desk: "Desk") -> str:
            changed = desk.set_status(str(ticket.id), answer.value, seen=ticket.version)
            return f"#{changed.id} is {STATUS_NAMES[changed.status]}."

        board.link.act("status", setting)

    board.app.push_screen(which_status(ticket), answered)


def priority(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask for the priority and its reason, and assign it."""

    def answered(answer: PriorityAnswer | None) -> None:
        if answer is None:
            return

        def assigning(desk: "Desk") -> str:
            changed = desk.assign_priority(
                str(ticket.id),
                answer.priority,
                reason=answer.reason,
                rests_on=answer.rests_on,
                seen=ticket.version,
            )
            return f"#{changed.id} is {changed.priority}."

        board.link.act("priority", assigning)

    board.app.push_screen(PriorityForm(ticket), answered)


def copy_reply(board: "BoardScreen", ticket: Ticket) -> None:
    """Put the ready reply on the clipboard of the terminal (OSC 52)."""
    text = board.ready_reply(ticket)
    if text is None:
        board.refuse("the reply is not read yet; try again")
    else:
        board.app.copy_to_clipboard(text)
        board.tell("The reply is copied, where the terminal allows it.")


TICKET_DEEDS: Final[Mapping[str, Callable[["BoardScreen", Ticket], None]]] = {
    "take": take,
    "assign": assign,
    "reply": reply,
    "heard": heard,
    "status": status,
    "priority": priority,
    "copy_reply": copy_reply,
}
"""What each command does to the ticket under the cursor."""

BOARD_DEEDS: Final[Mapping[str, Callable[["BoardScreen"], None]]] = {
    "new": lambda board: board.link.ask_rulebook(),
    "filter": lambda board: board.open_filter(),
    "declined": lambda board: board.look_at_declined(),
    "number_one": lambda board: board.look_at_number_one(),
    "back": lambda board: board.go_back(),
    "down": lambda board: board.move(rows=1),
    "up": lambda board: board.move(rows=-1),
    "page_down": lambda board: board.move(pages=1),
    "page_up": lambda board: board.move(pages=-1),
    "first": lambda board: board.move_to_end(first=True),
    "last": lambda board: board.move_to_end(first=False),
    "next_pane": lambda board: board.go_to_pane(steps=1),
    "previous_pane": lambda board: board.go_to_pane(steps=-1),
    "queue": lambda board: board.focus_pane("queue"),
    "ticket": lambda board: board.focus_pane("ticket"),
    "team": lambda board: board.focus_pane("team"),
    "open": lambda board: board.open_it(),
    "help": lambda board: board.app.push_screen(HelpScreen(board.keys)) and None,
    "palette": lambda board: board.app.action_command_palette(),
    "theme": lambda board: board.change_theme(),
    "quit": lambda board: board.app.exit(),
}
"""What each of the other commands does."""


def _assigned(ticket: Ticket) -> str:
    whose = f"{ticket.assignee}'s" if ticket.assignee else "nobody's"
    return f"#{ticket.id} is {whose} now."


def _replied(ticket: Ticket) -> str:
    return f"#{ticket.id}: answered; it is {STATUS_NAMES[ticket.status]}."
