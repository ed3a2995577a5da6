"""What a ticket is by each thing that a row of a policy may ask."""

from collections.abc import Mapping

from policy.contract.conditions import Value
from policy.facts import NO_FACTS, Facts
from policy.ticket import Ticket
from policy.words import OpenedBy, Priority, Severity, Tier


def words_of(
    *,
    tier: Tier | None = None,
    priority: Priority | None = None,
    severity: Severity | None = None,
    opened_by: OpenedBy = OpenedBy.CUSTOMER,
    facts: Facts = NO_FACTS,
) -> Mapping[str, Value]:
    """Return what a ticket with these words and facts is; no fact is called as one of the words."""
    return {
        "tier": tier,
        "priority": priority,
        "severity": severity,
        "opened_by": str(opened_by),
        **facts,
    }


def words_of_ticket(ticket: Ticket) -> Mapping[str, Value]:
    """Return what a ticket is, with the priority that is in force."""
    return words_of(
        tier=ticket.tier,
        priority=ticket.priority,
        severity=ticket.severity,
        opened_by=ticket.opened_by,
        facts=ticket.fact,
    )
