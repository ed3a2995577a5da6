"""An answer that never reached its customer: they wait again, since when they had waited before."""

from dataclasses import dataclass, replace
from datetime import datetime

from policy.ticket import Ticket
from policy.tickets.actions import latest
from policy.words import ACTIONABLE_STATUSES, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeAnswer:
    """How a ticket stood right before an answer of ours was sent; times are UTC."""

    status: Status
    waiting_since: datetime | None
    first_response_at: datetime | None
    last_response_at: datetime | None


def before_answer(ticket: Ticket) -> BeforeAnswer:
    """Return what is to be known of a ticket in case the answer being sent does not arrive."""
    return BeforeAnswer(
        status=ticket.status,
        waiting_since=ticket.waiting_since,
        first_response_at=ticket.first_response_at,
        last_response_at=ticket.last_response_at,
    )


def unanswered(ticket: Ticket, answered_at: datetime, before: BeforeAnswer) -> Ticket:
    """Return the ticket as it is without an answer that was sent at a time (UTC).

    "An answer of ours that is being sent counts from the moment the person sends it; taken back or
    failed for good, the ticket is owed again since the same ``waiting_since``." What was answered
    otherwise since stays answered, and one that was ended on the strength of it is open again.
    """
    last = ticket.last_response_at
    first = ticket.first_response_at
    known = replace(
        ticket,
        last_response_at=before.last_response_at if last == answered_at else last,
        first_response_at=before.first_response_at if first == answered_at else first,
    )
    if known.first_response_at is None and known.last_response_at is not None:
        known = replace(known, first_response_at=known.last_response_at)
    since = before.waiting_since
    later = latest(known.last_response_at, known.settled_at)
    if since is None or (later is not None and later >= since):
        return known
    waiting = replace(known, waiting_since=min(since, known.waiting_since or since))
    if waiting.status in ACTIONABLE_STATUSES and waiting.first_response_at is not None:
        return waiting
    again = before.status if before.status in ACTIONABLE_STATUSES else Status.OPEN
    return replace(waiting, status=again, solved_at=None)
