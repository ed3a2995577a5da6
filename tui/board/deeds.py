"""What each command does on the board: ask what must be asked, then one method of the desk."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from policy.phrases import STATUS_NAMES
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import Status
from tui.board.capacity_panel import CapacityPanel
from tui.board.faults import note_fault
from tui.board.forms.assign import AssignForm
from tui.board.forms.new_ticket import NewTicketForm
from tui.board.forms.out import Change, OutAnswer, OutForm, Wanted
from tui.board.forms.pick import Picked
from tui.board.forms.priority import PriorityAnswer, PriorityForm
from tui.board.forms.questions import after_reply, which_status
from tui.board.help import HelpScreen
from tui.board.theme import DARK, LIGHT
from tui.board.view import DECLINED, View
from tui.board.waits_screen import WaitsScreen
from tui.settings import remember_theme

if TYPE_CHECKING:
    from policy.incoming import IncomingTicket
    from policy.rulebook import Rulebook
    from store.desk import Desk
    from store.views import Consequence
    from tui.board.screen import BoardScreen


def take(board: "BoardScreen", ticket: Ticket) -> None:
    """Make the ticket this person's."""

    def taking(desk: "Desk") -> str:
        return f"#{desk.take(str(ticket.id)).id} is yours."

    board.link.act("take", taking)


def assign(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask to whom, and make it theirs."""

    def answered(answer: Picked[str | None] | None) -> None:
        if answer is None:
            return

        def assigning(desk: "Desk") -> str:
            changed = desk.assign(str(ticket.id), answer.value)
            whose = f"{changed.assignee}'s" if changed.assignee else "nobody's"
            return f"#{changed.id} is {whose} now."

        board.link.act("assign", assigning)

    board.app.push_screen(AssignForm(ticket, board.actor, board.logins), answered)


def reply(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask whose step is next, and record that we answered."""

    def answered(answer: Picked[Status | None] | None) -> None:
        if answer is None:
            return

        def replying(desk: "Desk") -> str:
            changed = desk.reply(str(ticket.id), answer.value)
            return f"#{changed.id}: answered; it is {STATUS_NAMES[changed.status]}."

        board.link.act("reply", replying)

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


def open_new_ticket(board: "BoardScreen", rulebook: "Rulebook") -> None:
    """Ask for a new ticket, and open it as the policy in force decides."""

    def answered(incoming: "IncomingTicket | None") -> None:
        if incoming is not None:
            board.link.act("new", lambda desk: _opened_as(desk.open_ticket(incoming)))

    board.app.push_screen(NewTicketForm(rulebook, board.setting.clock()), answered)


def _opened_as(ticket: Ticket) -> str:
    if ticket.declined is not None:
        return f"#{ticket.id} is kept, and declined: {ticket.declined}"
    return f"#{ticket.id} is open as {ticket.priority}."


def copy_reply(board: "BoardScreen", ticket: Ticket) -> None:
    """Put the ready reply on the clipboard of the terminal (OSC 52)."""
    text = board.panes.text.ready_reply(ticket.id)
    if text is None:
        board.refuse("the reply is not read yet; try again")
    else:
        board.app.copy_to_clipboard(text)
        board.tell("The reply is copied, where the terminal allows it.")


def out(board: "BoardScreen") -> None:
    """Ask who is out or back, say what that does, and do it."""
    under = board.panes.team.login if board.panes.current == "team" else None
    form = OutForm(board.team, under, foreseeing(board), board.setting.clock, board.setting.zone)

    def answered(answer: OutAnswer | None) -> None:
        if answer is not None:
            board.link.act("out", lambda desk: _change(desk, answer))

    board.app.push_screen(form, answered)


def foreseeing(board: "BoardScreen") -> "Callable[[Wanted], Consequence]":
    """Return what asks the desk what a change would do; it refuses where the desk cannot say."""
    desk, folder = board.link.desk, board.setting.state_folder

    def foresee(wanted: Wanted) -> "Consequence":
        if desk is None:
            raise Refusal("the database does not answer yet")
        try:
            if wanted.change is Change.BACK:
                return desk.if_back(wanted.login)
            return desk.if_out(wanted.login, until=wanted.until, reason=wanted.reason)
        except Refusal:
            raise
        except Exception as fault:  # a form outlives a bad moment
            raise Refusal(f"that cannot be foreseen; {note_fault(folder, fault)}") from fault

    return foresee


def _change(desk: "Desk", answer: OutAnswer) -> str:
    wanted = answer.wanted
    if wanted.change is Change.AT_CAPACITY:
        return _toggle_at_capacity(desk, wanted.login)
    if wanted.change is Change.BACK:
        return desk.mark_back(wanted.login)
    said = desk.mark_out(wanted.login, until=wanted.until, reason=wanted.reason)
    for number, login in answer.hand_overs:
        desk.assign(str(number), login)
    count = len(answer.hand_overs)
    tickets = "1 ticket is" if count == 1 else f"{count} tickets are"
    return f"{said} {tickets} handed over." if count else said


def at_capacity(board: "BoardScreen") -> None:
    """Say that somebody takes no new tickets, or does again: the person under the cursor, or me."""
    under = board.panes.team.login if board.panes.current == "team" else None
    login = under or board.actor
    board.link.act("at_capacity", lambda desk: _toggle_at_capacity(desk, login))


def _toggle_at_capacity(desk: "Desk", login: str) -> str:
    return desk.set_at_capacity(login, not desk.roster().known(login).at_capacity)


def waits(board: "BoardScreen") -> None:
    """Show who waits."""
    board.app.push_screen(WaitsScreen(board))


def capacity(board: "BoardScreen") -> None:
    """Say why the level and the mode are what they are."""
    if board.overview is not None:
        board.app.push_screen(
            CapacityPanel(board.overview, board.team, board.setting.clock(), board.setting.zone)
        )


def number_one(board: "BoardScreen") -> None:
    """Show the whole queue with the cursor on its first row."""
    if board.view.changed:
        board.look(View())
    board.panes.list.move_to(0)
    board.panes.focus_pane("queue")


def declined(board: "BoardScreen") -> None:
    """Show the declined tickets, or the queue again."""
    board.look(View() if board.view.declined else DECLINED)
    board.panes.focus_pane("queue")


def back(board: "BoardScreen") -> None:
    """Go back one step: what was said in passing, to the list, from a filter to all."""
    if board.dismiss_prompt():
        return
    if board.panes.current != "queue":
        board.panes.focus_pane("queue")
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
    "out": out,
    "waits": waits,
    "capacity": capacity,
    "at_capacity": at_capacity,
    "new": lambda board: board.link.ask_rulebook(),
    "filter": lambda board: board.open_filter(),
    "declined": declined,
    "number_one": number_one,
    "back": back,
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
    "open": open_it,
    "help": show_help,
    "palette": lambda board: board.app.action_command_palette(),
    "theme": theme,
    "quit": lambda board: board.app.exit(),
}
"""What each of the other commands does."""
