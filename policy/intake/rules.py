"""Intake: is it ours, and what priority? The first rule that matches decides."""

from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from policy.clocks.deadlines import GoingOn, deadlines
from policy.contract.ticket_clocks import going_on
from policy.contract.ticket_words import words_of
from policy.facts import NO_FACTS, Facts
from policy.refusal import one_of
from policy.rulebook.contract_sections import MatrixSection
from policy.rulebook.rulebook import Rulebook
from policy.ticket import AssignedPriority, Ticket, priority_in_force
from policy.words import OpenedBy, Priority, Severity, Tier


@dataclass(frozen=True, slots=True)
class IntakeDecision:
    """What intake says of a ticket: a priority, or the sentence with which it is declined.

    ``because`` tells the person at the board why.
    """

    priority: Priority | None
    declined: str | None
    because: str


def decide(
    rulebook: Rulebook,
    tier: Tier | None,
    severity: Severity | None,
    opened_by: OpenedBy,
    facts: Facts = NO_FACTS,
) -> IntakeDecision:
    """Return what the first rule that matches says; a rulebook has one for each of its words.

    "All work is assigned a priority per these definitions", save for "we no longer offer tier 1
    support for pre-sales/trial customers" with the exceptions that a CE may open.
    """
    if rulebook.intake_asks_facts:
        return _decided(rulebook, tier, severity, opened_by, facts)
    words = (tier, severity, opened_by)
    known: dict[Any, IntakeDecision] = rulebook.decided_by_words
    if words not in known:
        known[words] = _decided(rulebook, *words, NO_FACTS)
    return known[words]


def _decided(
    rulebook: Rulebook,
    tier: Tier | None,
    severity: Severity | None,
    opened_by: OpenedBy,
    facts: Facts,
) -> IntakeDecision:
    if rulebook.matrix is not None and (decided := _by_matrix(rulebook.matrix, facts)):
        return decided
    paying = tier in rulebook.paying
    for rule in rulebook.intake:
        if rule.holds(tier, severity, opened_by, paying, facts):
            return IntakeDecision(rule.assign, rule.decline, rule.because)
    because = _NO_RULE if rulebook.matrix is None else _not_in(rulebook.matrix, facts)
    return IntakeDecision(rulebook.vocabulary.last_priority, None, because)


def _by_matrix(matrix: MatrixSection, facts: Facts) -> IntakeDecision | None:
    """Return what the matrix says of two facts: "sets the priority before ``[[intake]]``"."""
    priority = matrix.of(facts)
    if priority is None:
        return None
    row, column = facts[matrix.rows], facts[matrix.columns]
    because = f"By its {matrix.rows} ({row}) and {matrix.columns} ({column}) it is {priority}."
    return IntakeDecision(priority, None, because)


def _not_in(matrix: MatrixSection, facts: Facts) -> str:
    """Return why a matrix, which is all that decides, says nothing of a ticket."""
    unsaid = [name for name in (matrix.rows, matrix.columns) if name not in facts]
    if unsaid:
        are = "is" if len(unsaid) == 1 else "are"
        return f"Its {one_of(unsaid, 'and')} {are} not known yet."
    said = f"{matrix.rows} ({facts[matrix.rows]}) and {matrix.columns} ({facts[matrix.columns]})"
    return f"The policy in force assigns nothing for its {said}."


_NO_RULE = "No rule of the policy in force speaks of it, as it carries words of an earlier policy."
"""Said of a ticket closed long ago to which something comes still: what waits has known words."""


def ready_reply(name: str, declined: str) -> str:
    """Return the friendly reply to a declined ticket, for a person to send.

    ``name`` is the requester's or the customer's, ``declined`` the sentence that intake gave.
    """
    return (
        f"Hello {name},\n\n"
        "thank you for writing to us, and we are sorry that we cannot take this on ourselves.\n\n"
        f"{declined}\n\n"
        "If we have misunderstood what has happened, please answer this message and tell us: a "
        "person reads every reply.\n\n"
        "Kind regards,\nyour support team\n"
    )


def assess(rulebook: Rulebook, ticket: Ticket) -> Ticket:
    """Return the ticket with what intake decides, and with its deadlines in UTC.

    To be called after every change and under every new policy; a priority that a person
    assigned stays, and decides the deadline. It is the same ticket where nothing differs.
    """
    internal = ticket.tier in rulebook.vocabulary.internal
    said = assessment(
        rulebook,
        tier=ticket.tier,
        severity=ticket.severity,
        opened_by=ticket.opened_by,
        facts=ticket.fact,
        assigned=ticket.assigned_priority,
        received_at=ticket.received_at,
        waiting_since=ticket.waiting_since,
        answered_before=ticket.first_response_at is not None,
        zone=ticket.zone,
        going_on=None
        if rulebook.pauses_in is None
        else going_on(rulebook, ticket, internal=internal),
    )
    if _said_of(ticket) == said:  # most, where a whole queue is reckoned again
        return ticket
    # As replace does it, which looks at each field by itself and takes half of all the time.
    return Ticket(**dict(zip(_FIELDS, (*said, *_rest_of(ticket)), strict=True)))


def assessment(
    rulebook: Rulebook,
    *,
    tier: Tier | None,
    severity: Severity | None,
    opened_by: OpenedBy,
    facts: Facts,
    assigned: AssignedPriority | None,
    received_at: datetime,
    waiting_since: datetime | None,
    answered_before: bool,
    zone: str | None,
    going_on: GoingOn | None,
) -> tuple[Any, ...]:
    """Return what the policy says of a ticket, in the order of ``SAID``; times are UTC.

    ``going_on`` is how far the clocks of update and resolution are, None while they do not run.
    """
    decision = decide(rulebook, tier, severity, opened_by, facts)
    due = deadlines(
        rulebook,
        words_of(
            tier=tier,
            priority=priority_in_force(decision.declined, assigned, decision.priority),
            severity=severity,
            opened_by=opened_by,
            facts=facts,
        ),
        received_at=received_at,
        waiting_since=waiting_since,
        answered_before=answered_before,
        zone=zone,
        going_on=going_on,
    )
    return (
        decision.priority,
        decision.declined,
        decision.because,
        tier in rulebook.vocabulary.internal,
        due.respond_by,
        due.aim_by,
        due.resolve_by,
        due.update_by,
    )


SAID = (
    "defined_priority",
    "declined",
    "because",
    "internal",
    "respond_by",
    "aim_by",
    "resolve_by",
    "update_by",
)
"""What the policy says of a ticket."""

_REST = tuple(field.name for field in fields(Ticket) if field.name not in SAID)
_FIELDS = (*SAID, *_REST)
_said_of, _rest_of = attrgetter(*SAID), attrgetter(*_REST)
