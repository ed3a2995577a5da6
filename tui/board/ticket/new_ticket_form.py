"""A new ticket: the form says live what intake would decide, and why."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.widgets import Input, TextArea

from policy.phrases import TIER_NAMES
from policy.words import OpenedBy, Severity, Tier
from tui.board.widgets.choice import Choice
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.styles import Span
from tui.board.widgets.theme import role_of

if TYPE_CHECKING:
    from policy.intake.incoming import IncomingTicket
    from policy.intake.rules import IntakeDecision
    from policy.rulebook.rulebook import Rulebook

SEVERITIES: Final = {
    Severity.TOTAL_LOSS: "0 total loss",
    Severity.SEVERE: "1 severe",
    Severity.LIMITED: "2 limited",
    Severity.QUESTION: "3 question",
}
"""The severities as a form offers them."""

_OPENED_BY: Final = {
    OpenedBy.CUSTOMER: "customer",
    OpenedBy.CE: "a CE for them",
    OpenedBy.SUPPORT: "support",
    OpenedBy.ENGINEERING: "engineering",
}


class NewTicketForm(Form["IncomingTicket"]):
    """Asks for a ticket; ``rulebook`` is the policy in force, ``now`` is UTC."""

    verb = "open the ticket"

    def __init__(self, rulebook: "Rulebook", now: datetime) -> None:
        super().__init__("Open a new ticket")
        self._rulebook = rulebook
        self._now = now
        self._customer = Input(placeholder="who reports it", compact=True, id="customer")
        self._subject = Input(placeholder="what it is, in a line", compact=True, id="subject")
        self._tier = Choice(list(TIER_NAMES.items()), chosen=Tier.ENTERPRISE, id="tier")
        self._severity = Choice(list(SEVERITIES.items()), chosen=Severity.LIMITED, id="severity")
        self._opened_by = Choice(list(_OPENED_BY.items()), chosen=OpenedBy.CUSTOMER, id="opened-by")
        self._body = TextArea(tab_behavior="focus", compact=True, id="body")

    def fields(self) -> ComposeResult:
        """Yield the ticket's fields."""
        yield labelled("customer", self._customer)
        yield labelled("subject", self._subject)
        yield labelled("tier", self._tier)
        yield labelled("severity", self._severity)
        yield labelled("opened by", self._opened_by)
        yield labelled("details", self._body, tall=True)

    def on_mount(self) -> None:
        """Say what intake would decide of the first choices."""
        self._explain()

    def on_choice_changed(self) -> None:
        """Say what intake would decide now."""
        self._explain()

    def on_input_changed(self) -> None:
        """Say it again, where something that was wrong may have stood."""
        self._explain()

    def on_choice_submitted(self) -> None:
        """Send on Enter in a choice too."""
        self.send()

    def answer(self) -> "IncomingTicket":
        """Return the ticket as the policy takes it in.

        Raises:
            Refusal: a field is missing or wrong.
        """
        from policy.intake.incoming import incoming_ticket  # noqa: PLC0415 - heavy; needed only here

        return incoming_ticket(
            {
                "source": "numberone",
                "external_id": "new",
                "customer": self._customer.value,
                "subject": self._subject.value,
                "body": self._body.text,
                "tier": self._tier.value.value,
                "severity": self._severity.value.value,
                "opened_by": self._opened_by.value.value,
                "received_at": self._now.isoformat(),
            }
        )

    def _explain(self) -> None:
        from policy.intake.rules import decide  # noqa: PLC0415 - heavy; needed only here

        tier, severity = self._tier.value, self._severity.value
        self.say(*decision_spans(decide(self._rulebook, tier, severity, self._opened_by.value)))


def decision_spans(decision: "IntakeDecision") -> list[Span]:
    """Return what intake decides, as the form says it: the priority or refusal, and why."""
    if decision.priority is None:
        return [("→ declined  ", "late"), (f"{decision.declined}", "")]
    return [
        ("→ ", "dim"),
        (f"{decision.priority}  ", role_of(decision.priority)),
        (decision.because, ""),
    ]
