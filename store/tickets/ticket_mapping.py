"""Between rows and values: how a ticket is read from its tables, and what is written of it."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select
from sqlmodel import col

from policy.refusal import Refusal
from policy.ticket import Requester, Ticket
from policy.words import OpenedBy, Priority, Severity, Status, Tier
from store.engines.kind import RESTORE
from store.schema.tables import CustomerRow, RequesterRow, TicketRow
from store.tickets.ticket_json import (
    assigned_priority_facts,
    assigned_priority_of,
    context_of,
    deviation_facts,
    deviation_of,
    escalation_facts,
    escalation_of,
    handed_over_facts,
    handed_over_of,
    review_facts,
    review_of,
)

_COLUMNS: tuple[Any, ...] = (
    col(TicketRow.id),
    col(TicketRow.source),
    col(TicketRow.external_id),
    col(TicketRow.subject),
    col(CustomerRow.name).label("customer"),
    col(TicketRow.tier),
    col(TicketRow.severity),
    col(TicketRow.opened_by),
    col(TicketRow.status),
    col(TicketRow.assignee),
    col(TicketRow.received_at),
    col(TicketRow.first_response_at),
    col(TicketRow.waiting_since),
    col(TicketRow.respond_by),
    col(TicketRow.aim_by),
    col(TicketRow.defined_priority),
    col(TicketRow.because),
    col(TicketRow.declined),
    col(TicketRow.assigned_priority),
    col(TicketRow.deviation),
    col(TicketRow.url),
    col(TicketRow.message_id),
    col(TicketRow.tags),
    col(TicketRow.context),
    col(TicketRow.escalation),
    col(TicketRow.handed_over),
    col(TicketRow.review),
    col(TicketRow.merged_into),
    col(TicketRow.split_from),
    col(TicketRow.version),
    col(RequesterRow.name).label("requester_name"),
    col(RequesterRow.email).label("requester_email"),
    col(RequesterRow.timezone).label("requester_timezone"),
)


TICKETS: Select[Any] = (
    select(*_COLUMNS)
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
)
"""The query for whole tickets, to be narrowed and sorted; see ``to_ticket``."""

_THESE_TICKETS = TICKETS.where(col(TicketRow.id).in_(bindparam("ids", expanding=True)))


def to_ticket(row: Row[Any]) -> Ticket:
    """Return the value that a row of ``TICKETS`` says.

    Raises:
        Refusal: it says what cannot be; the file was damaged.
    """
    try:
        return _ticket(row)
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(f"#{row.id} is damaged in the database: {error}; {RESTORE}") from error


def _ticket(row: Row[Any]) -> Ticket:
    return Ticket(
        id=row.id,
        source=row.source,
        external_id=row.external_id,
        subject=row.subject,
        customer=row.customer,
        tier=Tier(row.tier),
        severity=Severity(row.severity),
        opened_by=OpenedBy(row.opened_by),
        status=Status(row.status),
        assignee=row.assignee,
        requester=_requester(row),
        received_at=row.received_at,
        first_response_at=row.first_response_at,
        waiting_since=row.waiting_since,
        respond_by=row.respond_by,
        aim_by=row.aim_by,
        defined_priority=Priority(row.defined_priority) if row.defined_priority else None,
        because=row.because,
        declined=row.declined,
        assigned_priority=assigned_priority_of(row.assigned_priority),
        deviation=deviation_of(row.deviation),
        url=row.url,
        message_id=row.message_id,
        tags=tuple(row.tags.strip("\n").split("\n\n")) if row.tags else (),
        context=context_of(row.context),
        escalation=escalation_of(row.escalation),
        handed_over=handed_over_of(row.handed_over),
        review=review_of(row.review),
        merged_into=row.merged_into,
        split_from=row.split_from,
        version=row.version,
    )


def by_ids(connection: Connection, ids: list[int]) -> tuple[Ticket, ...]:
    """Return the tickets with these ids, in this order; those that do not exist are left out."""
    rows = connection.execute(_THESE_TICKETS, {"ids": ids})
    found = {row.id: to_ticket(row) for row in rows}
    return tuple(found[ticket_id] for ticket_id in ids if ticket_id in found)


def to_columns(ticket: Ticket) -> dict[str, Any]:
    """Return what is written of a ticket to its own table, people and ``imported`` left aside."""
    return {
        "id": ticket.id,
        "source": ticket.source,
        "external_id": ticket.external_id,
        "subject": ticket.subject,
        "tier": ticket.tier,
        "severity": ticket.severity,
        "opened_by": ticket.opened_by,
        "status": ticket.status,
        "assignee": ticket.assignee,
        "received_at": ticket.received_at,
        "first_response_at": ticket.first_response_at,
        "waiting_since": ticket.waiting_since,
        "respond_by": ticket.respond_by,
        "aim_by": ticket.aim_by,
        "defined_priority": ticket.defined_priority,
        "priority": ticket.priority,
        "because": ticket.because,
        "declined": ticket.declined,
        "assigned_priority": assigned_priority_facts(ticket),
        "deviation": deviation_facts(ticket),
        "url": ticket.url,
        "message_id": ticket.message_id,
        "tags": stored_tags(ticket.tags),
        "context": dict(ticket.context) or None,
        "escalation": escalation_facts(ticket),
        "handed_over": handed_over_facts(ticket),
        "review": review_facts(ticket),
        "with_engineering_since": ticket.with_engineering_since,
        "merged_into": ticket.merged_into,
        "split_from": ticket.split_from,
        "version": ticket.version,
    }


def stored_tags(tags: tuple[str, ...]) -> str:
    """Return tags each on a line of its own, so that one is found by its whole line."""
    return "".join(f"\n{tag}\n" for tag in tags)


def _requester(row: Row[Any]) -> Requester | None:
    if row.requester_name is None:
        return None
    return Requester(
        name=row.requester_name, email=row.requester_email, timezone=row.requester_timezone
    )
