"""What the policy makes of a ticket as it stands: its priority and its two times."""

from dataclasses import replace

from policy.clocks import deadlines
from policy.intake import decide
from policy.rulebook import Rulebook
from policy.ticket import Ticket, priority_in_force


def assess(rulebook: Rulebook, ticket: Ticket) -> Ticket:
    """Return the ticket with what intake decides and with ``respond_by`` and ``aim_by`` in UTC.

    To be called after every change and under every new policy; a priority that a person
    assigned stays, and decides the deadline.
    """
    decision = decide(rulebook, ticket.tier, ticket.severity, ticket.opened_by)
    due = deadlines(
        rulebook,
        ticket.tier,
        priority_in_force(decision.declined, ticket.assigned_priority, decision.priority),
        ticket.waiting_since,
        answered_before=ticket.first_response_at is not None,
    )
    return replace(
        ticket,
        defined_priority=decision.priority,
        declined=decision.declined,
        because=decision.because,
        respond_by=due.respond_by,
        aim_by=due.aim_by,
    )
