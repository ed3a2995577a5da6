"""The JSON that commands print, with exactly the keys of the design page."""

from datetime import UTC, datetime

from policy.mode import ModeInForce
from policy.ticket import Deviation, Ticket
from store.views import Event

Document = dict[str, object]


def ticket_document(ticket: Ticket, position: int | None) -> Document:
    """Return a ticket with its 1-based place in the queue, None outside it; times are UTC."""
    assigned, deviation = ticket.assigned_priority, ticket.deviation
    return {
        "id": ticket.id,
        "source": ticket.source,
        "external_id": ticket.external_id,
        "subject": ticket.subject,
        "customer": ticket.customer,
        "tier": ticket.tier,
        "severity": int(ticket.severity),
        "priority": ticket.priority,
        "assigned_priority_reason": None if assigned is None else assigned.reason,
        "status": ticket.status,
        "assignee": ticket.assignee,
        "opened_by": ticket.opened_by,
        "received_at": instant(ticket.received_at),
        "first_response_at": instant(ticket.first_response_at),
        "waiting_since": instant(ticket.waiting_since),
        "respond_by": instant(ticket.respond_by),
        "aim_by": instant(ticket.aim_by),
        "position": position,
        "deviation": None if deviation is None else _deviation_document(deviation),
        "declined": ticket.declined,
    }


def event_document(event: Event) -> Document:
    """Return one event of a ticket's history."""
    return {
        "id": event.id,
        "at": instant(event.at),
        "actor": event.actor,
        "kind": event.kind,
        "ticket": event.ticket,
        "before": event.before,
        "after": event.after,
        "note": event.note,
        "action": event.action,
        "undoes": event.undoes,
    }


def mode_document(mode: ModeInForce, level: int) -> Document:
    """Return the mode in force at a capacity level."""
    return {
        "mode": mode.mode,
        "level": level,
        "why": mode.why,
        "set_by": mode.set_by,
        "until": instant(mode.until),
    }


def instant(moment: datetime | None) -> str | None:
    """Return a time in UTC as ISO 8601 with ``Z``, None for none."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _deviation_document(deviation: Deviation) -> Document:
    return {
        "by": deviation.by,
        "reason": deviation.reason,
        "since": instant(deviation.since),
        "until": instant(deviation.until),
    }
