"""What is done to the ticket under the cursor: ask what must be asked, then the desk does it."""

from typing import TYPE_CHECKING

from policy.phrases import STATUS_NAMES
from policy.ticket import Ticket
from policy.words import Status
from tui.board.deeds.asking import asked
from tui.board.forms.assign import AssignForm
from tui.board.forms.deviation import DeviationAnswer, DeviationForm
from tui.board.forms.pick import Picked
from tui.board.forms.priority import PriorityAnswer, PriorityForm
from tui.board.forms.questions import after_reply, which_status

if TYPE_CHECKING:
    from store.desk import Desk
    from store.views import IfDeviated
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

    now = f"It is {ticket.assignee}'s now." if ticket.assignee else "Nobody has it now."
    form = AssignForm(f"#{ticket.id}", now, board.actor, board.logins)
    board.app.push_screen(form, answered)


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


def deviate(board: "BoardScreen", ticket: Ticket) -> None:
    """Ask why it is put first and until when, say what that does, and do it; or end it."""

    def foresee() -> "IfDeviated":
        return asked(board, lambda desk: desk.if_deviated(str(ticket.id)))

    def answered(answer: DeviationAnswer | None) -> None:
        if answer is not None:
            board.link.act("deviate", lambda desk: _deviate(desk, str(ticket.id), answer))

    setting = board.setting
    board.app.push_screen(DeviationForm(ticket, foresee, setting.clock, setting.zone), answered)


def _deviate(desk: "Desk", number: str, answer: DeviationAnswer) -> str:
    if answer.ends:
        return f"#{desk.end_deviation(number).id} is back in its place."
    changed = desk.deviate(number, reason=answer.reason, until=answer.until)
    return f"#{changed.id} is first by deviation."
