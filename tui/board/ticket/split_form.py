"""A part of a mixed ticket: what it is, and how severe."""

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.widgets import Input, TextArea

from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from policy.words import Severity
from tui.board.ticket.new_ticket_form import severity_choice
from tui.board.widgets.form import Form, labelled
from tui.phrasing.text import plain_line


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes a ticket of its own."""

    subject: str
    body: str
    severity: Severity | None
    """None where it is that of the whole, or the desk has none."""


class SplitForm(Form[Part]):
    """Asks for the part that becomes a ticket of its own."""

    verb = "split off"

    def __init__(self, ticket: Ticket, words: Vocabulary) -> None:
        super().__init__(f"Split a part off from #{ticket.id}")
        self._ticket = ticket
        self._subject = Input(placeholder="what the part is, in a line", compact=True, id="subject")
        self._severity = severity_choice(words, ticket.severity)
        self._body = TextArea(
            tab_behavior="focus", compact=True, id="body", placeholder="e.g. what they wrote of it"
        )

    def fields(self) -> ComposeResult:
        """Yield subject, severity and details."""
        yield labelled("subject", self._subject)
        if self._severity is not None:
            yield labelled("severity", self._severity)
        yield labelled("details", self._body, tall=True)

    def on_mount(self) -> None:
        """Say whose it is, and how old."""
        whose = plain_line(self._ticket.customer)
        old = f"as old as #{self._ticket.id}, whose subject stays: "
        self.say((f"It is {whose}'s too, and {old}{plain_line(self._ticket.subject)}", "dim"))

    def on_choice_submitted(self) -> None:
        """Send on Enter in the choice too."""
        self.send()

    def answer(self) -> Part:
        """Return the part.

        Raises:
            Refusal: it has no subject.
        """
        subject = self._subject.value.strip()
        if not subject:
            self._subject.focus()
            raise Refusal("subject: missing; say in a line what the part is")
        severity = None if self._severity is None else self._severity.value
        return Part(subject, self._body.text, severity)
