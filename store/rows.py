"""Between rows and values: how a ticket is read from its tables, and what is written of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select
from sqlmodel import col

from policy.refusal import Refusal
from policy.ticket import AssignedPriority, Deviation, Requester, Ticket
from policy.words import OpenedBy, Priority, PriorityInput, Severity, Status, Tier
from store.engines.kind import RESTORE
from store.tables import CustomerRow, RequesterRow, TicketRow

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
        assigned_priority=_assigned_priority(row.assigned_priority),
        deviation=_deviation(row.deviation),
        url=row.url,
        message_id=row.message_id,
        tags=tuple(row.tags.strip("\n").split("\n\n")) if row.tags else (),
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
        "version": ticket.version,
    }


def stored_tags(tags: tuple[str, ...]) -> str:
    """Return tags each on a line of its own, so that one is found by its whole line."""
    return "".join(f"\n{tag}\n" for tag in tags)


def facts(ticket: Ticket) -> dict[str, Any]:
    """Return all of a ticket as plain JSON values, for the history; times as ISO 8601 in UTC."""
    requester = ticket.requester
    return {
        "id": ticket.id,
        "source": ticket.source,
        "external_id": ticket.external_id,
        "subject": ticket.subject,
        "customer": ticket.customer,
        "tier": ticket.tier,
        "severity": int(ticket.severity),
        "opened_by": ticket.opened_by,
        "status": ticket.status,
        "assignee": ticket.assignee,
        "requester": requester
        and {"name": requester.name, "email": requester.email, "timezone": requester.timezone},
        "received_at": _time(ticket.received_at),
        "first_response_at": _time(ticket.first_response_at),
        "waiting_since": _time(ticket.waiting_since),
        "respond_by": _time(ticket.respond_by),
        "aim_by": _time(ticket.aim_by),
        "priority": ticket.priority,
        "defined_priority": ticket.defined_priority,
        "because": ticket.because,
        "declined": ticket.declined,
        "assigned_priority": assigned_priority_facts(ticket),
        "deviation": deviation_facts(ticket),
        "url": ticket.url,
        "message_id": ticket.message_id,
        "tags": list(ticket.tags),
        "version": ticket.version,
    }


def assigned_priority_facts(ticket: Ticket) -> dict[str, Any] | None:
    """Return the priority that a person assigned, as plain JSON values."""
    assigned = ticket.assigned_priority
    if assigned is None:
        return None
    return {
        "priority": assigned.priority,
        "by": assigned.by,
        "reason": assigned.reason,
        "rests_on": assigned.rests_on,
    }


def deviation_facts(ticket: Ticket) -> dict[str, Any] | None:
    """Return the deviation as plain JSON values; times as ISO 8601 in UTC."""
    deviation = ticket.deviation
    if deviation is None:
        return None
    return {
        "by": deviation.by,
        "reason": deviation.reason,
        "since": _time(deviation.since),
        "until": _time(deviation.until),
    }


def _time(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def _requester(row: Row[Any]) -> Requester | None:
    if row.requester_name is None:
        return None
    return Requester(
        name=row.requester_name, email=row.requester_email, timezone=row.requester_timezone
    )


def _assigned_priority(stored: dict[str, Any] | None) -> AssignedPriority | None:
    if stored is None:
        return None
    return AssignedPriority(
        priority=Priority(stored["priority"]),
        by=stored["by"],
        reason=stored["reason"],
        rests_on=PriorityInput(stored["rests_on"]),
    )


def _deviation(stored: dict[str, Any] | None) -> Deviation | None:
    if stored is None:
        return None
    until = stored["until"]
    return Deviation(
        by=stored["by"],
        reason=stored["reason"],
        since=datetime.fromisoformat(stored["since"]),
        until=None if until is None else datetime.fromisoformat(until),
    )
