"""What the policy says about one ticket, and what to do next, in sentences for the board."""

from policy.phrases import sentence
from policy.ticket import Ticket
from policy.words import OpenedBy, PriorityInput, Status

_INPUTS = {
    PriorityInput.CUSTOMER: "with the customer's input",
    PriorityInput.ANOTHER_TEAM: "with another team's input",
    PriorityInput.CONTRACT: "as the contract obliges us",
}
"""What an assigned priority rests on, in words: "with input from the customer and/or …"."""


def handling(ticket: Ticket) -> tuple[str, ...]:
    """Return what the policy says about the ticket, a sentence each: the definition comes first.

    "The ticket then shows both what the definition says and what was assigned."
    """
    if ticket.declined is not None:
        return (f"Declined: {ticket.declined}",)
    sentences = [ticket.because]
    assigned = ticket.assigned_priority
    if assigned is not None:
        sentences.append(
            sentence(
                f"By definition {ticket.defined_priority}; {assigned.by} assigned"
                f" {assigned.priority}, {_INPUTS[assigned.rests_on]}: {assigned.reason}"
            )
        )
    if ticket.waiting_since is None and ticket.actionable:
        sentences.append("Answered: nobody waits for a reply from us.")
    elif ticket.respond_by is None and ticket.actionable:
        sentences.append("No contract sets a time for it.")
    return tuple(sentences)


def next_step(ticket: Ticket, login: str) -> str:
    """Return the one thing to do next with the ticket, as seen by ``login``."""
    if ticket.declined is not None:
        return _declined(ticket)
    if not ticket.actionable:
        return _resting(ticket)
    if ticket.assignee is None:
        return "Take it: whoever takes it is accountable from then on."
    step = _step_of_whoever_has_it(ticket)
    if ticket.assignee == login:
        return step[0].upper() + step[1:]
    return f"{ticket.assignee} has it: {step}"


def _step_of_whoever_has_it(ticket: Ticket) -> str:
    if ticket.waiting_since is None:
        return "work on it, and set it to pending once the next step is the customer's."
    if ticket.first_response_at is None:
        return "send the first response, a thoughtful one: “we are on it” does not count."
    return "answer the customer, who wrote again."


def _declined(ticket: Ticket) -> str:
    if ticket.waiting_since is None or ticket.status in (Status.SOLVED, Status.CLOSED):
        return "Nothing more: it was declined."
    if ticket.opened_by is OpenedBy.CE:
        return "Send the ready reply to the CE who opened it."
    return "Send the ready reply; a CE may open a ticket on the customer's behalf."


def _resting(ticket: Ticket) -> str:
    match ticket.status:
        case Status.PENDING:
            return "Nothing: the next step is the customer's."
        case Status.ON_HOLD:
            return "Wait for the other team, and keep the customer informed."
        case Status.SOLVED:
            return "Nothing: it may be reopened if the customer writes again."
        case _:
            return "Nothing: it is closed, which is final."
