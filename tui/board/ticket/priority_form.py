"""Another priority than the definition's: which, what it rests on, and why."""

from dataclasses import dataclass

from textual.app import ComposeResult

from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from policy.words import Priority, PriorityInput
from tui.board.widgets.choice import Choice
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.prose import Prose
from tui.phrasing.text import plain_line

_INPUT_NAMES = {
    PriorityInput.CUSTOMER: "the customer",
    PriorityInput.ANOTHER_TEAM: "another team",
    PriorityInput.CONTRACT: "the contract",
}


@dataclass(frozen=True, slots=True)
class PriorityAnswer:
    """The priority, its reason, and what it rests on."""

    priority: Priority
    reason: str
    rests_on: PriorityInput


class PriorityForm(Form[PriorityAnswer]):
    """Asks which priority to assign, and why: the key of a rank leads on to the reason."""

    verb = "assign"
    has_prose = True

    def __init__(self, ticket: Ticket, words: Vocabulary) -> None:
        super().__init__(f"Assign a priority to #{ticket.id}")
        self._ticket = ticket
        options = [(priority, priority) for priority in words.priorities]
        known = ticket.priority in words.priorities
        chosen = ticket.priority if known and ticket.priority else words.last_priority
        self._rests_on = Choice(
            list(_INPUT_NAMES.items()), chosen=PriorityInput.CUSTOMER, id="rests-on"
        )
        self._reason = Prose(placeholder="e.g. their release waits for it", id="reason")
        self._priority = Choice(options, chosen=chosen, leads_to=self._reason, id="priority")

    def fields(self) -> ComposeResult:
        """Yield priority, reason and what it rests on."""
        yield labelled("priority", self._priority)
        yield labelled("reason", self._reason)
        yield labelled("rests on", self._rests_on)

    def on_mount(self) -> None:
        """Say what the definition says."""
        because = plain_line(self._ticket.because)
        self.say((f"By definition {self._ticket.defined_priority}: {because}", "dim"))

    def on_choice_submitted(self) -> None:
        """Send on Enter in a choice too."""
        self.send()

    def answer(self) -> PriorityAnswer:
        """Return what was chosen.

        Raises:
            Refusal: there is no reason.
        """
        reason = self._reason.value
        if not reason:
            self._reason.focus()
            raise Refusal("reason: missing; say in a sentence why the priority differs")
        return PriorityAnswer(self._priority.value, reason, self._rests_on.value)
