"""What is done to the ticket under the cursor: ask what must be asked, then the desk does it."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from policy.phrases import STATUS_NAMES
from policy.roster.holders import Holders, candidates
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.words import Status
from tui.board.form_answers import act, ask, carry_out
from tui.board.screen import BoardScreen
from tui.board.seen import Seen
from tui.board.ticket.assign_form import AssignForm, Assignment
from tui.board.ticket.deviation_form import DeviationAnswer, DeviationForm
from tui.board.ticket.merge_form import MergeForm
from tui.board.ticket.priority_form import PriorityAnswer, PriorityForm
from tui.board.ticket.split_form import Part, SplitForm
from tui.board.ticket.status_form import (
    after_reply,
    needs_reason,
    which_status,
    why_unanswered,
)
from tui.board.widgets.pick import Option, Pick, Picked
from tui.environment.desktop import is_web_address, open_link
from tui.phrasing import times
from tui.phrasing.holder_words import whose
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import due_label

if TYPE_CHECKING:
    from store.desk import Desk
    from store.tickets.deviation_desk import IfDeviated


def take(board: BoardScreen, ticket: Ticket) -> None:
    """Make the ticket this person's."""

    def taking(desk: "Desk") -> str:
        return f"#{desk.tickets.take(ticket.id).id} is yours."

    act(board, "take", taking, on=Seen([ticket]))


def assign(board: BoardScreen, ticket: Ticket) -> None:
    """Ask to whom, and make it theirs."""

    def assigning(desk: "Desk", answer: Picked[str | None]) -> str:
        changed = desk.tickets.assign(ticket.id, answer.value)
        whose = f"{changed.assignee}'s" if changed.assignee else "nobody's"
        return f"#{changed.id} is {whose} now."

    now = f"It is {ticket.assignee}'s now." if ticket.assignee else "Nobody has it now."
    known = assignment_of(board, [ticket], ticket.assignee)
    ask(board, AssignForm(f"#{ticket.id}", now, known), "assign", assigning, on=Seen([ticket]))


def assignment_of(board: BoardScreen, tickets: Sequence[Ticket], had_by: str | None) -> Assignment:
    """Return to whom tickets can be given, as it was read last; ``had_by`` is who has them."""
    read = board.state
    holders = Holders(Roster(), board.now) if read is None else read.overview.holders
    loads = {} if read is None else {load.login: load.total for load in read.loads}
    if not holders.roster.members:
        loads.setdefault(board.actor, 0)
    return Assignment(
        holders=holders,
        people=candidates(holders, loads),
        had_by=had_by,
        respond_bys=tuple(each.respond_by for each in tickets),
        now=board.now,
        zone=board.context.zone,
    )


def reply(board: BoardScreen, ticket: Ticket) -> None:
    """Ask whose step is next, and record that we answered."""

    def replying(desk: "Desk", answer: Picked[Status | None]) -> str:
        changed = desk.tickets.reply(ticket.id, answer.value)
        return f"#{changed.id}: answered; it is {STATUS_NAMES[changed.status]}."

    ask(board, after_reply(ticket), "reply", replying, on=Seen([ticket]))


def heard(board: BoardScreen, ticket: Ticket) -> None:
    """Record that the customer wrote."""

    def hearing(desk: "Desk") -> str:
        return f"#{desk.tickets.heard(ticket.id).id}: the customer wrote; the next step is ours."

    act(board, "heard", hearing, on=Seen([ticket]))


def status(board: BoardScreen, ticket: Ticket) -> None:
    """Ask for the status, and set it."""

    def setting(wanted: Status, desk: "Desk", unanswered: str) -> str:
        changed = desk.tickets.set_status(ticket.id, wanted, unanswered=unanswered)
        return f"#{changed.id} is {STATUS_NAMES[changed.status]}."

    def answered(answer: Picked[Status]) -> None:
        if needs_reason([ticket], answer.value):
            menu.taken()
            ending = partial(setting, answer.value)
            ask(board, why_unanswered(f"#{ticket.id}"), "status", ending, on=seen)
        else:
            ended = partial(setting, answer.value, unanswered="")
            carry_out(board, menu, "status", ended, on=seen)

    seen = Seen([ticket])
    menu = which_status(ticket)
    menu.stay_for(answered)
    board.app.push_screen(menu)


def priority(board: BoardScreen, ticket: Ticket) -> None:
    """Ask for the priority and its reason, and assign it."""

    def assigning(desk: "Desk", answer: PriorityAnswer) -> str:
        changed = desk.tickets.assign_priority(
            ticket.id,
            answer.priority,
            reason=answer.reason,
            rests_on=answer.rests_on,
        )
        return f"#{changed.id} is {changed.priority}."

    form = PriorityForm(ticket, board.words)
    ask(board, form, "priority", assigning, on=Seen([ticket]))


def deviate(board: BoardScreen, ticket: Ticket) -> None:
    """Ask why it is put first and until when, say what that does, and do it; or end it."""

    def foresee() -> "IfDeviated":
        return board.client.answer(lambda desk: desk.deviations.foresee(ticket.id))

    form = DeviationForm(ticket, foresee, board.context)
    ask(board, form, "deviate", partial(_deviate, ticket.id), on=Seen([ticket]))


def _deviate(number: int, desk: "Desk", answer: DeviationAnswer) -> str:
    if answer.ends:
        return f"#{desk.deviations.end(number).id} is back in its place."
    changed = desk.deviations.put_first(number, reason=answer.reason, until=answer.until)
    return f"#{changed.id} is first by deviation."


def copy(board: BoardScreen, ticket: Ticket) -> None:
    """Ask what of the ticket, and put it on the clipboard of the terminal (OSC 52)."""
    texts = _texts(board, ticket)

    def answered(answer: Picked[str] | None) -> None:
        if answer is not None:
            board.copy(texts[answer.value][0], answer.value)

    options = [
        Option(name, name.removeprefix("The ")[0], name.removeprefix("The "), meaning)
        for name, (_, meaning) in texts.items()
    ]
    board.app.push_screen(Pick(f"Copy what of #{ticket.id}?", options), answered)


def _texts(board: BoardScreen, ticket: Ticket) -> dict[str, tuple[str, str]]:
    """Return what can be copied by its name, each with its beginning, as the menu shows it."""
    texts = {"The number": f"#{ticket.id}"}
    if ticket.url is not None:
        texts["The link"] = ticket.url
    texts["The summary"] = summary(board, ticket)
    if reply := board.panes.text.ready_reply(ticket.id):
        texts["The ready reply" if ticket.declined is not None else "The drafted answer"] = reply
    return {name: (text, plain_line(text)) for name, text in texts.items()}


def summary(board: BoardScreen, ticket: Ticket) -> str:
    """Return a ticket in one line, for a chat or a mail."""
    now, zone = board.context.clock(), board.context.zone
    priority = ticket.priority or "declined"
    overview = board.overview
    away = None if overview is None else overview.holders.away(ticket)
    standing = [STATUS_NAMES[ticket.status], whose(ticket, away, now, zone)]
    if ticket.respond_by is not None and ticket.actionable:
        standing.append(f"{due_label(ticket)} {times.at(ticket.respond_by, now, zone)}")
    tier = board.words.tier_name(ticket.tier)
    who = f"{ticket.customer} ({tier})" if tier else ticket.customer
    parts = [f"#{ticket.id} {priority} {who}", ticket.subject, ", ".join(standing), ticket.url]
    return plain_line(" · ".join(part for part in parts if part))


def open_it(board: BoardScreen, ticket: Ticket) -> None:
    """Open the ticket's link in the browser, or copy it where none can be seen."""
    url = ticket.url or ""
    if not is_web_address(url):
        board.refuse(f"#{ticket.id}: {url} does not lead to the web, so it is not opened")
        return

    def show(opened: bool) -> None:
        if opened:
            board.tell(f"#{ticket.id} opens in the browser.")
        else:
            board.copy(url, "No browser can be seen from here; the link")

    board.client.fetch("open_link", lambda _: open_link(url), show)


def merge(board: BoardScreen, ticket: Ticket) -> None:
    """Ask into which of the customer's other tickets, and merge it."""

    def merging(desk: "Desk", into: int | str) -> str:
        with desk.transaction():
            number = desk.tickets.resolve(into) if isinstance(into, str) else into
            both = desk.merging.merge(ticket.id, number)
        waits = ", where the customer waits now" if both.into.waiting_since else ""
        return f"#{both.duplicate.id} is merged into #{both.into.id}{waits}."

    def ask_into(others: tuple[Ticket, ...]) -> None:
        form = MergeForm(ticket, others, board.words)
        ask(board, form, "merge", merging, on=Seen([ticket, *others]))

    board.client.fetch("merge", lambda desk: desk.merging.candidates(ticket.id), ask_into)


def split(board: BoardScreen, ticket: Ticket) -> None:
    """Ask what the part is, and make it a ticket of its own."""

    def splitting(desk: "Desk", part: Part) -> str:
        new = desk.merging.split(ticket.id, part.subject, part.body, part.severity)
        as_what = f" as {new.priority}" if new.priority else "; intake declined it"
        return f"#{new.id} is split off from #{ticket.id}{as_what}."

    form = SplitForm(ticket, board.words)
    ask(board, form, "split", splitting, on=Seen([ticket]))
