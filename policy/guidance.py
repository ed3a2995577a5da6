"""What the policy says about one ticket, and what to do next, in sentences for the board."""

from policy.phrases import STATUS_NAMES
from policy.ticket import Ticket
from policy.words import Priority, Status

_DEFINITIONS = {
    Priority.P0: "p0: our contract's severity 0, for every customer, pre-sales included.",
    Priority.P1: "p1: our contract's severity 1, for every customer, pre-sales included.",
    Priority.P2: "p2: our contract's severity 2, for paying customers.",
    Priority.P3: "p3: internally identified work, and questions answered with our best effort.",
}
"""The priority definitions of the policy, a sentence each."""


def handling(ticket: Ticket) -> tuple[str, ...]:
    """Return what the policy says about the ticket, a sentence each: definition, then exceptions.

    "The ticket then shows both what the definition says and what was assigned."
    """
    if ticket.declined is not None:
        return (f"Declined: {ticket.declined}",)
    sentences = [ticket.because]
    if ticket.priority is not None:
        sentences.append(_DEFINITIONS[ticket.priority])
    assigned = ticket.assigned_priority
    if assigned is not None:
        sentences.append(
            f"By definition {ticket.defined_priority}; {assigned.by} assigned"
            f" {assigned.priority}, resting on {assigned.rests_on.replace('_', ' ')}:"
            f" {assigned.reason}"
        )
    if ticket.waiting_since is None and ticket.actionable:
        sentences.append("Answered: nobody waits for a reply from us.")
    elif ticket.respond_by is None and ticket.actionable:
        sentences.append("No contract sets a time for it.")
    return tuple(sentences)


def next_step(ticket: Ticket, login: str) -> str:
    """Return the one thing to do next with the ticket, as seen by ``login``."""
    if ticket.declined is not None:
        return "Send the ready reply; a CE may open a ticket on the customer's behalf."
    if not ticket.actionable:
        return _resting(ticket)
    if ticket.assignee is None:
        return "Take it: whoever takes it is accountable from then on."
    whose = "" if ticket.assignee == login else f"{ticket.assignee} has it: "
    if ticket.waiting_since is None:
        return f"{whose}work on it, and set it to pending once the next step is the customer's."
    if ticket.first_response_at is None:
        return f"{whose}send the first response, a thoughtful one: “we are on it” does not count."
    return f"{whose}answer the customer, who wrote again."


def _resting(ticket: Ticket) -> str:
    match ticket.status:
        case Status.PENDING:
            return "Nothing: the next step is the customer's."
        case Status.ON_HOLD:
            return "Wait for the other team, and keep the customer informed."
        case Status.SOLVED:
            return "Nothing: it may be reopened if the customer writes again."
        case _:
            return f"Nothing: it is {STATUS_NAMES[ticket.status]}."
