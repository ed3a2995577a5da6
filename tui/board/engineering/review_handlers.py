"""What is said of a ticket at engineering: its timing, a question back to support, a comment."""

from typing import TYPE_CHECKING

from policy.engineering.wording import in_words
from policy.ticket import Ticket
from tui.board.desk_screen import DeskScreen
from tui.board.engineering.decision_form import Decision, DecisionForm
from tui.board.widgets.line_forms import SentenceForm

if TYPE_CHECKING:
    from store.desk import Desk


def decide(
    screen: DeskScreen, ticket: Ticket, timings: tuple[str, ...], chosen: str | None
) -> None:
    """Ask for the timing, ``chosen`` first, and its note, and decide it."""

    def answered(decision: Decision | None) -> None:
        if decision is None:
            return

        def reviewing(desk: "Desk") -> str:
            desk.engineering.review(
                ticket.id,
                decision.timing,
                scheduled_for=decision.scheduled_for,
                note=decision.note,
                seen=ticket.version,
            )
            return f"#{ticket.id}: {in_words(decision.timing)}; support tells the customer."

        screen.client.act("review", reviewing)

    context = screen.context
    form = DecisionForm(ticket, timings, chosen, context.clock, context.zone)
    screen.app.push_screen(form, answered)


def ask_support(screen: DeskScreen, ticket: Ticket) -> None:
    """Ask what is missing, and send the ticket back to support with that question."""

    def answered(question: str | None) -> None:
        if question is None:
            return

        def sending(desk: "Desk") -> str:
            desk.engineering.send_back(ticket.id, question, seen=ticket.version)
            return f"#{ticket.id} is back with support, with the question."

        screen.client.act("send_back", sending)

    form = SentenceForm(
        f"#{ticket.id}: back to support",
        "question",
        verb="send it back",
        hint="What is missing to decide? The ticket is support's again until they answer.",
        missing="question: missing; say in a sentence what engineering lacks",
    )
    screen.app.push_screen(form, answered)


def comment(screen: DeskScreen, ticket: Ticket) -> None:
    """Ask for a comment, and write it into the history."""
    number = ticket.id

    def answered(text: str | None) -> None:
        if text is None:
            return

        def commenting(desk: "Desk") -> str:
            return f"#{desk.tickets.comment(number, text).id}: commented."

        screen.client.act("comment", commenting)

    screen.app.push_screen(
        SentenceForm(
            f"Comment on #{number}",
            "comment",
            verb="comment",
            hint="It is for the team; no customer sees it.",
            missing="comment: missing; say something",
        ),
        answered,
    )
