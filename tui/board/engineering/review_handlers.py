"""What is said of a ticket at engineering: its timing, a question back to support, a comment."""

from typing import TYPE_CHECKING

from policy.engineering.wording import in_words
from policy.ticket import Ticket
from tui.board.desk_screen import DeskScreen
from tui.board.engineering.decision_form import Decision, DecisionForm
from tui.board.form_answers import ask
from tui.board.seen import Seen
from tui.board.widgets.line_forms import SentenceForm

if TYPE_CHECKING:
    from store.desk import Desk


def decide(
    screen: DeskScreen, ticket: Ticket, timings: tuple[str, ...], chosen: str | None
) -> None:
    """Ask for the timing, ``chosen`` first, and its note, and decide it."""

    def reviewing(desk: "Desk", decision: Decision) -> str:
        desk.engineering.review(
            ticket.id,
            decision.timing,
            scheduled_for=decision.scheduled_for,
            note=decision.note,
        )
        return f"#{ticket.id}: {in_words(decision.timing)}; support tells the customer."

    context = screen.context
    form = DecisionForm(ticket, timings, chosen, context.clock, context.zone)
    ask(screen, form, "review", reviewing, on=Seen([ticket]))


def ask_support(screen: DeskScreen, ticket: Ticket) -> None:
    """Ask what is missing, and send the ticket back to support with that question."""

    def sending(desk: "Desk", question: str) -> str:
        desk.engineering.send_back(ticket.id, question)
        return f"#{ticket.id} is back with support, with the question."

    form = SentenceForm(
        f"#{ticket.id}: back to support",
        "question",
        verb="send it back",
        hint="What is missing to decide? The ticket is support's again until they answer.",
        missing="question: missing; say in a sentence what engineering lacks",
        example="e.g. which browser, and since which version?",
    )
    ask(screen, form, "send_back", sending, on=Seen([ticket]))


def comment(screen: DeskScreen, ticket: Ticket) -> None:
    """Ask for a comment, and write it into the history."""
    number = ticket.id

    def commenting(desk: "Desk", text: str) -> str:
        return f"#{desk.tickets.comment(number, text).id}: commented."

    form = SentenceForm(
        f"Comment on #{number}",
        "comment",
        verb="comment",
        hint="It is for the team; no customer sees it.",
        missing="comment: missing; say something",
        example="e.g. spoke to them by phone: it can wait until Monday",
    )
    ask(screen, form, "comment", commenting)
