"""A new ticket: the form says live what intake would decide, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.widgets import Input, TextArea

from policy.refusal import Refusal
from policy.vocabulary import Vocabulary
from policy.words import OpenedBy, Role, Severity, Tier
from tui.board.ticket.fact_fields import FactFields
from tui.board.widgets.choice import Choice
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.styles import Span
from tui.phrasing.badges import role_of
from tui.phrasing.text import width

if TYPE_CHECKING:
    from policy.intake.incoming import IncomingTicket
    from policy.intake.rules import IntakeDecision
    from policy.rulebook.rulebook import Rulebook

_OPENED_BY: Final = {
    OpenedBy.CUSTOMER: "customer",
    OpenedBy.CE: "a CE for them",
    OpenedBy.SUPPORT: "support",
    OpenedBy.ENGINEERING: "engineering",
}

_LABEL_CELLS: Final = 11
"""How wide the labels of a form are, the space behind them included."""

_LABEL_AT_MOST: Final = 20
_FEW_FACTS: Final = 2
"""With more facts than these the details get fewer lines, so that all is on a small screen."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Under which policy a person opens a ticket, and what they may open.

    ``refusals`` are why they may not, of each tier of which they may not, None being no tier.
    """

    rulebook: "Rulebook"
    role: Role | None
    refusals: Mapping[Tier | None, str]


class NewTicketForm(Form["IncomingTicket"]):
    """Asks for a ticket that comes ``now`` (UTC)."""

    verb = "open the ticket"

    def __init__(self, opening: Opening, now: datetime) -> None:
        # The policy costs more than the first frame may take; the desk has it by now.
        from policy.intake.opening import opening_preset  # noqa: PLC0415 - heavy; needed only here

        super().__init__("Open a new ticket")
        self._opening = opening
        self._now = now
        preset = opening_preset(opening.rulebook, opening.role)
        self._words = words = opening.rulebook.vocabulary
        self._customer = Input(placeholder="who reports it", compact=True, id="customer")
        self._subject = Input(placeholder="what it is, in a line", compact=True, id="subject")
        self._tier = tier_choice(words, preset.tier)
        self._severity = severity_choice(words, preset.severity)
        self._facts = FactFields(words.fact_kinds)
        self._opened_by = Choice(list(_OPENED_BY.items()), chosen=preset.opened_by, id="opened-by")
        self._body = TextArea(
            tab_behavior="focus", compact=True, id="body", placeholder="e.g. what they wrote"
        )

    def fields(self) -> ComposeResult:
        """Yield the ticket's fields."""
        yield labelled("customer", self._customer)
        yield labelled("subject", self._subject)
        if self._tier is not None:
            yield labelled("tier", self._tier)
        if self._severity is not None:
            yield labelled("severity", self._severity)
        for label, field in self._facts.labelled():
            yield labelled(label, field)
        yield labelled("opened by", self._opened_by)
        yield labelled("details", self._body, tall=True)

    def on_mount(self) -> None:
        """Say what intake would decide of the first choices; facts with long names get room."""
        longest = max((width(label) for label, _ in self._facts.labelled()), default=0)
        if longest >= _LABEL_CELLS:
            for label in self.query(".label"):
                label.styles.width = min(longest, _LABEL_AT_MOST) + 1
        self.set_class(len(self._words.facts) > _FEW_FACTS, "many")
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
                "tier": self._chosen_tier,
                "severity": self._chosen_severity,
                "facts": self._facts.said(),
                "opened_by": self._opened_by.value.value,
                "received_at": self._now.isoformat(),
            },
            self._words,
        )
        if reason := self._why_not():
            raise Refusal(reason)
        return incoming

    def _decision(self) -> "IntakeDecision":
        from policy.intake.rules import decide  # noqa: PLC0415 - heavy; needed only here

        return decide(
            self._opening.rulebook,
            self._chosen_tier,
            self._chosen_severity,
            self._opened_by.value,
            self._facts.readable(),
        )

    @property
    def _chosen_tier(self) -> Tier | None:
        return None if self._tier is None else self._tier.value

    @property
    def _chosen_severity(self) -> Severity | None:
        return None if self._severity is None else self._severity.value

    def _why_not(self) -> str | None:
        """Return why a ticket of these choices is not to be opened by this person."""
        from policy.intake.opening import why_mend  # noqa: PLC0415 - heavy; needed only here

        refusal = self._opening.refusals.get(self._chosen_tier)
        return refusal or why_mend(self._opening.role, self._decision())

    def _explain(self) -> None:
        refusal = self._opening.refusals.get(self._chosen_tier)
        if refusal is not None:
            self.say_why_not(refusal)
        else:
            self.say(*decision_spans(self._decision(), self._words))


def tier_choice(words: Vocabulary, preset: Tier | None) -> Choice[Tier] | None:
    """Return the policy's tiers to choose from; None where the desk has none.

    Where nothing is said, it begins with the first that pays, else with the first of a customer.
    """
    if not words.tiers:
        return None
    customers = [each for each in words.tiers if each not in (*words.trial, *words.internal)]
    first = next((each for each in words.tiers if each in words.paying), None)
    chosen = preset or first or (customers or list(words.tiers))[0]
    options = [(each, words.tier_name(each)) for each in words.tiers]
    return Choice(options, chosen=chosen, id="tier")


def severity_choice(words: Vocabulary, preset: Severity | None) -> Choice[Severity] | None:
    """Return the policy's severities to choose from; None where the desk has none.

    Where nothing is said, it begins with the last but one: an inconvenience, no mere question.
    """
    known = words.severities
    if not known:
        return None
    chosen = known[max(0, len(known) - 2)] if preset is None else preset
    old = () if chosen in known else (chosen,)  # a word of an earlier policy
    options = [(each, words.severity_name(each)) for each in (*known, *old)]
    return Choice(options, chosen=chosen, id="severity")


def decision_spans(decision: "IntakeDecision", words: Vocabulary) -> list[Span]:
    """Return what intake decides, as the form says it: the priority or refusal, and why."""
    if decision.priority is None:
        return [("→ declined  ", "late"), (f"{decision.declined}", "")]
    return [
        ("→ ", "dim"),
        (f"{decision.priority}  ", role_of(words, decision.priority)),
        (decision.because, ""),
    ]
