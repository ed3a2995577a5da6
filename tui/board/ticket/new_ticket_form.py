"""A new ticket: the form says live what intake would decide, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.widgets import Input, TextArea

from policy.phrases import TIER_NAMES
from policy.refusal import Refusal
from policy.words import OpenedBy, Role, Severity, Tier
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


@dataclass(frozen=True, slots=True)
class Opening:
    """Under which policy a person opens a ticket, and what they may open.

    ``refusals`` are why they may not, of each tier of which they may not.
    """

    rulebook: "Rulebook"
    role: Role | None
    refusals: Mapping[Tier, str]


class NewTicketForm(Form["IncomingTicket"]):
    """Asks for a ticket and stays until it is open, which ``open_it`` sees to; ``now`` is UTC."""

    verb = "open the ticket"

    def __init__(
        self, opening: Opening, now: datetime, open_it: "Callable[[IncomingTicket], None]"
    ) -> None:
        # The policy costs more than the first frame may take; the desk has it by now.
        from policy.intake.opening import opening_preset  # noqa: PLC0415 - heavy; needed only here

        super().__init__("Open a new ticket", open_it)
        self._opening = opening
        self._now = now
        preset = opening_preset(opening.rulebook, opening.role)
        tier = Tier.ENTERPRISE if preset.tier is None else preset.tier
        severity = Severity.LIMITED if preset.severity is None else preset.severity
        self._customer = Input(placeholder="who reports it", compact=True, id="customer")
        self._subject = Input(placeholder="what it is, in a line", compact=True, id="subject")
        self._tier = Choice(list(TIER_NAMES.items()), chosen=tier, id="tier")
        self._severity = Choice(list(SEVERITIES.items()), chosen=severity, id="severity")
        self._opened_by = Choice(list(_OPENED_BY.items()), chosen=preset.opened_by, id="opened-by")
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
            Refusal: a field is missing or wrong, or this person is to open no such ticket.
        """
        from policy.intake.incoming import incoming_ticket  # noqa: PLC0415 - heavy; needed only here

        for field in (self._customer, self._subject):
            if not field.value.strip():
                field.focus()
                raise Refusal(f"{field.id}: missing; say {field.placeholder}")
        incoming = incoming_ticket(
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
        if reason := self._why_not():
            raise Refusal(reason)
        return incoming

    def _decision(self) -> "IntakeDecision":
        from policy.intake.rules import decide  # noqa: PLC0415 - heavy; needed only here

        rulebook, opened_by = self._opening.rulebook, self._opened_by.value
        return decide(rulebook, self._tier.value, self._severity.value, opened_by)

    def _why_not(self) -> str | None:
        """Return why a ticket of these choices is not to be opened by this person."""
        from policy.intake.opening import why_mend  # noqa: PLC0415 - heavy; needed only here

        refusal = self._opening.refusals.get(self._tier.value)
        return refusal or why_mend(self._opening.role, self._decision())

    def _explain(self) -> None:
        refusal = self._opening.refusals.get(self._tier.value)
        if refusal is not None:
            self.say_why_not(refusal)
        else:
            self.say(*decision_spans(self._decision()))


def decision_spans(decision: "IntakeDecision") -> list[Span]:
    """Return what intake decides, as the form says it: the priority or refusal, and why."""
    if decision.priority is None:
        return [("→ declined  ", "late"), (f"{decision.declined}", "")]
    return [
        ("→ ", "dim"),
        (f"{decision.priority}  ", role_of(decision.priority)),
        (decision.because, ""),
    ]
