"""A ticket becomes two: it is about two things, or the customer wrote after it was closed."""

from dataclasses import dataclass, replace
from datetime import datetime

from policy.intake.incoming import incoming_ticket
from policy.ticket import OWN_SOURCE, Ticket
from policy.tickets.actions import check_open
from policy.vocabulary import Vocabulary
from policy.words import Severity, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOff:
    """The ticket that a part of another one becomes, and its description; its id comes later."""

    ticket: Ticket
    body: str


def split_off(
    ticket: Ticket,
    words: Vocabulary,
    *,
    subject: str,
    body: str = "",
    severity: Severity | None = None,
    now: datetime,
) -> SplitOff:
    """Return the new ticket that a part of ``ticket`` becomes: the customer's, as old as it is.

    They have waited for this part as long as for the other, so received, first answered and
    waiting since are the same; where nobody waits they do from ``now`` on, as there is something
    left to answer. Without a severity it is the same, and so are its facts. Nobody has taken it
    yet.

    Raises:
        Refusal: the ticket is closed or was merged, or the subject or the body is no text that a
            ticket may have.
    """
    check_open(ticket)
    said = incoming_ticket(
        {
            "source": OWN_SOURCE,
            "external_id": "new",
            "subject": subject,
            "body": body,
            "customer": ticket.customer,
            "received_at": ticket.received_at,
            **({} if severity is None else {"severity": severity}),
        },
        replace(words, tiers=(), severities=() if severity is None else words.severities),
    )
    part = Ticket(
        id=0,
        source=OWN_SOURCE,
        external_id=said.external_id,
        subject=said.subject,
        customer=ticket.customer,
        tier=ticket.tier,
        severity=ticket.severity if severity is None else said.severity,
        opened_by=ticket.opened_by,
        status=Status.NEW if ticket.first_response_at is None else Status.OPEN,
        received_at=ticket.received_at,
        because="",
        requester=ticket.requester,
        first_response_at=ticket.first_response_at,
        last_response_at=ticket.last_response_at,
        last_customer_message_at=ticket.last_customer_message_at,
        settled_at=ticket.settled_at,
        waiting_since=ticket.waiting_since or now,
        paused=ticket.paused,
        facts=ticket.facts,
        split_from=ticket.id,
    )
    return SplitOff(ticket=part, body=said.body)


def follow_up(closed: Ticket, at: datetime) -> Ticket:
    """Return the new ticket that a message at a time (UTC) becomes after its ticket was closed.

    "A message to a ticket closed here but not at its source makes a ticket of its own,
    ``split_from`` it; later words of the source go to that one." Whoever wrote waits from then on
    for a first response. Nobody has taken it yet.
    """
    return Ticket(
        id=0,
        source=OWN_SOURCE,
        external_id="new",
        subject=closed.subject,
        customer=closed.customer,
        tier=closed.tier,
        severity=closed.severity,
        opened_by=closed.opened_by,
        status=Status.NEW,
        received_at=at,
        because="",
        requester=closed.requester,
        last_customer_message_at=at,
        waiting_since=at,
        url=closed.url,
        message_id=closed.message_id,
        language=closed.language,
        tags=closed.tags,
        facts=closed.facts,
        split_from=closed.id,
    )
