"""A ticket about two things becomes two, and the customer waits in both."""

from dataclasses import dataclass
from datetime import datetime

from policy.intake.incoming import incoming_ticket
from policy.refusal import Refusal
from policy.ticket import OWN_SOURCE, Ticket
from policy.words import Severity, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOff:
    """The ticket that a part of another one becomes, and its description; its id comes later."""

    ticket: Ticket
    body: str


def split_off(
    ticket: Ticket, *, subject: str, body: str = "", severity: Severity | None = None, now: datetime
) -> SplitOff:
    """Return the new ticket that a part of ``ticket`` becomes: the customer's, as old as it is.

    They have waited for this part as long as for the other, so received, first answered and
    waiting since are the same; where nobody waits they do from ``now`` on, as there is something
    left to answer. Without a severity it is the same. Nobody has taken it yet.

    Raises:
        Refusal: the ticket is closed, or the subject or the body is no text that a ticket may have.
    """
    if ticket.status is Status.CLOSED:
        raise Refusal(f"#{ticket.id} is closed, which is final; open a new ticket instead")
    said = incoming_ticket(
        {
            "source": OWN_SOURCE,
            "external_id": "new",
            "subject": subject,
            "body": body,
            "customer": ticket.customer,
            "tier": ticket.tier,
            "severity": int(ticket.severity if severity is None else severity),
            "received_at": ticket.received_at,
        }
    )
    part = Ticket(
        id=0,
        source=OWN_SOURCE,
        external_id=said.external_id,
        subject=said.subject,
        customer=ticket.customer,
        tier=ticket.tier,
        severity=said.severity,
        opened_by=ticket.opened_by,
        status=Status.NEW if ticket.first_response_at is None else Status.OPEN,
        received_at=ticket.received_at,
        because="",
        requester=ticket.requester,
        first_response_at=ticket.first_response_at,
        waiting_since=ticket.waiting_since or now,
        split_from=ticket.id,
    )
    return SplitOff(ticket=part, body=said.body)
