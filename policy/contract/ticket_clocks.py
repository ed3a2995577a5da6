"""The clocks of a ticket as it stands: how far each is, which run, and which stand still."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime

from policy.clocks.deadlines import GoingOn
from policy.contract.pauses import pauses_over
from policy.contract.targets_due import contract_terms, due_by
from policy.contract.ticket_words import words_of_ticket
from policy.rulebook.contract_sections import (
    FIRST_RESPONSE,
    NEXT_REPLY,
    RESOLUTION,
    STOPPED,
    UPDATE,
)
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.tickets.actions import latest
from policy.words import DECIDED_STATUSES

_ANSWERS = (FIRST_RESPONSE, NEXT_REPLY)

Targets = Mapping[str, datetime | None]
"""Until when each target of a policy is due (UTC), by its name; None where none runs."""


def going_on(rulebook: Rulebook, ticket: Ticket, *, internal: bool) -> GoingOn | None:
    """Return how far the clocks of update and resolution are, None while they do not run.

    An update is due since our newest public answer, and nobody is to hear of what is ``internal``.
    "``[clock] stops_in`` says in which statuses ``update`` and ``resolution`` stand still"; what is
    solved, closed or merged is over.
    """
    if _is_over(ticket) or ticket.status in rulebook.stops_in:
        return None
    answered_at = None if internal else latest(ticket.last_response_at, ticket.first_response_at)
    return GoingOn(answered_at, pauses_over(ticket) if ticket.paused else ())


def targets_of(rulebook: Rulebook, ticket: Ticket) -> Targets:
    """Return until when each target is due of a ticket that was assessed under this policy.

    The first response until it is given, the next reply while the customer waits for one, update
    and resolution while they run; what else the policy names is reckoned from when the ticket came,
    until it is solved.
    """
    if ticket.priority not in rulebook.vocabulary.priority_ranks or _is_over(ticket):
        return dict.fromkeys(rulebook.target_names)
    terms = contract_terms(rulebook, words_of_ticket(ticket), ticket.received_at, ticket.zone)
    waits_for = FIRST_RESPONSE if ticket.first_response_at is None else NEXT_REPLY
    running: dict[str, datetime | None] = {
        FIRST_RESPONSE: None,
        NEXT_REPLY: None,
        UPDATE: ticket.update_by,
        RESOLUTION: ticket.resolve_by,
    }
    if ticket.waiting_since is not None:
        running[waits_for] = due_by(
            rulebook, terms.get(waits_for), ticket.waiting_since, ticket.zone
        )
    return {
        name: running[name]
        if name in running
        else due_by(rulebook, terms.get(name), ticket.received_at, ticket.zone)
        for name in rulebook.target_names
    }


@dataclass(frozen=True, slots=True)
class TargetClock:
    """A clock of a ticket, by the target's name.

    ``due`` is when its time is over (UTC), None while it stands still. Not of all of them it is
    said that they are late: "only of owed tickets and of running updates".
    """

    name: str
    due: datetime | None
    can_be_late: bool


def clocks_of(rulebook: Rulebook, ticket: Ticket, targets: Targets) -> tuple[TargetClock, ...]:
    """Return the clocks to show beside ``respond_by``, of those that the policy has.

    An answer has one of its own only where an update is due before it. ``targets`` are the
    ticket's, as ``targets_of`` gives them.
    """
    still = _standing_still(rulebook, ticket)
    clocks = []
    for name, due in targets.items():
        is_answer = name in _ANSWERS
        if name in still or (due is not None and not (is_answer and due == ticket.respond_by)):
            clocks.append(TargetClock(name, due, is_answer or name == UPDATE))
    return tuple(clocks)


def _standing_still(rulebook: Rulebook, ticket: Ticket) -> Container[str]:
    """Return the targets that the ticket is promised, and whose clock stands still for now."""
    promised_nothing = ticket.priority not in rulebook.vocabulary.priority_ranks
    if ticket.status not in rulebook.stops_in or _is_over(ticket) or promised_nothing:
        return ()
    terms = contract_terms(rulebook, words_of_ticket(ticket), ticket.received_at, ticket.zone)
    is_updated = ticket.first_response_at is not None and not ticket.internal
    begun = STOPPED if is_updated else STOPPED - {UPDATE}
    return {name for name in begun if name in terms and terms[name].time.promised}


def _is_over(ticket: Ticket) -> bool:
    return ticket.status in DECIDED_STATUSES or ticket.merged_into is not None
