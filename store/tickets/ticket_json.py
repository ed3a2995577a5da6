"""A ticket as plain JSON values, as the history keeps it, and back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from policy.ticket import (
    AssignedPriority,
    Deviation,
    Escalation,
    HandOver,
    Requester,
    Review,
    Ticket,
)
from policy.words import OpenedBy, Priority, PriorityInput, Severity, Status, Tier

Facts = dict[str, Any]
"""What is known of something, as plain JSON values; times are ISO 8601 in UTC."""

BESIDE = ("body", "imported")
"""What is kept beside a ticket's own facts, and stands in the history when it changes."""

Stored = Mapping[str, Any] | None


def facts(ticket: Ticket) -> Facts:
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
        "received_at": instant(ticket.received_at),
        "first_response_at": instant(ticket.first_response_at),
        "waiting_since": instant(ticket.waiting_since),
        "respond_by": instant(ticket.respond_by),
        "aim_by": instant(ticket.aim_by),
        "priority": ticket.priority,
        "defined_priority": ticket.defined_priority,
        "because": ticket.because,
        "declined": ticket.declined,
        "assigned_priority": assigned_priority_facts(ticket),
        "deviation": deviation_facts(ticket),
        "url": ticket.url,
        "message_id": ticket.message_id,
        "tags": list(ticket.tags),
        "context": dict(ticket.context),
        "escalation": escalation_facts(ticket),
        "handed_over": handed_over_facts(ticket),
        "review": review_facts(ticket),
        "merged_into": ticket.merged_into,
        "split_from": ticket.split_from,
        "version": ticket.version,
    }


def assigned_priority_facts(ticket: Ticket) -> Facts | None:
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


def deviation_facts(ticket: Ticket) -> Facts | None:
    """Return the deviation as plain JSON values; times as ISO 8601 in UTC."""
    deviation = ticket.deviation
    if deviation is None:
        return None
    return {
        "by": deviation.by,
        "reason": deviation.reason,
        "since": instant(deviation.since),
        "until": instant(deviation.until),
    }


def escalation_facts(ticket: Ticket) -> Facts | None:
    """Return the answer to "can it wait a day?", as plain JSON values."""
    asked = ticket.escalation
    if asked is None:
        return None
    return {
        "by": asked.by,
        "at": instant(asked.at),
        "cannot_wait": asked.cannot_wait,
        "because": asked.because,
    }


def handed_over_facts(ticket: Ticket) -> Facts | None:
    """Return by whom and since when it rests with engineering, as plain JSON values."""
    handed = ticket.handed_over
    return None if handed is None else {"by": handed.by, "at": instant(handed.at)}


def review_facts(ticket: Ticket) -> Facts | None:
    """Return what engineering said last, as plain JSON values."""
    said = ticket.review
    if said is None:
        return None
    return {
        "by": said.by,
        "at": instant(said.at),
        "timing": said.timing,
        "scheduled_for": None if said.scheduled_for is None else said.scheduled_for.isoformat(),
        "note": said.note,
        "told": said.told,
    }


def instant(value: datetime | None) -> str | None:
    """Return a time in UTC as ISO 8601 with ``Z``, None for none."""
    return None if value is None else value.isoformat().replace("+00:00", "Z")


def ticket_of(facts: Mapping[str, Any]) -> Ticket:
    """Return the ticket that ``facts`` says whole; what an older history lacks is empty.

    Raises:
        KeyError, TypeError, ValueError: they do not say a ticket.
    """
    return Ticket(
        id=facts["id"],
        source=facts["source"],
        external_id=facts["external_id"],
        subject=facts["subject"],
        customer=facts["customer"],
        tier=Tier(facts["tier"]),
        severity=Severity(facts["severity"]),
        opened_by=OpenedBy(facts["opened_by"]),
        status=Status(facts["status"]),
        assignee=facts["assignee"],
        requester=_requester(facts["requester"]),
        received_at=datetime.fromisoformat(facts["received_at"]),
        first_response_at=moment(facts["first_response_at"]),
        waiting_since=moment(facts["waiting_since"]),
        respond_by=moment(facts["respond_by"]),
        aim_by=moment(facts["aim_by"]),
        defined_priority=_priority(facts["defined_priority"]),
        because=facts["because"],
        declined=facts["declined"],
        assigned_priority=assigned_priority_of(facts["assigned_priority"]),
        deviation=deviation_of(facts["deviation"]),
        url=facts["url"],
        message_id=facts["message_id"],
        tags=tuple(facts["tags"]),
        context=context_of(facts.get("context")),
        escalation=escalation_of(facts.get("escalation")),
        handed_over=handed_over_of(facts.get("handed_over")),
        review=review_of(facts.get("review")),
        merged_into=facts.get("merged_into"),
        split_from=facts.get("split_from"),
        version=facts["version"],
    )


def assigned_priority_of(stored: Stored) -> AssignedPriority | None:
    """Return the priority that a person assigned."""
    if stored is None:
        return None
    return AssignedPriority(
        priority=Priority(stored["priority"]),
        by=stored["by"],
        reason=stored["reason"],
        rests_on=PriorityInput(stored["rests_on"]),
    )


def deviation_of(stored: Stored) -> Deviation | None:
    """Return the deviation; times are aware UTC."""
    if stored is None:
        return None
    return Deviation(
        by=stored["by"],
        reason=stored["reason"],
        since=datetime.fromisoformat(stored["since"]),
        until=moment(stored["until"]),
    )


def context_of(stored: Stored) -> tuple[tuple[str, str], ...]:
    """Return what support has filled in for engineering."""
    return tuple(stored.items()) if stored else ()


def escalation_of(stored: Stored) -> Escalation | None:
    """Return the last answer to "can it wait a day?"."""
    if stored is None:
        return None
    return Escalation(
        by=stored["by"],
        at=datetime.fromisoformat(stored["at"]),
        cannot_wait=stored["cannot_wait"],
        because=stored["because"],
    )


def handed_over_of(stored: Stored) -> HandOver | None:
    """Return by whom and since when it rests with engineering."""
    if stored is None:
        return None
    return HandOver(by=stored["by"], at=datetime.fromisoformat(stored["at"]))


def review_of(stored: Stored) -> Review | None:
    """Return what engineering said last."""
    if stored is None:
        return None
    day = stored["scheduled_for"]
    return Review(
        by=stored["by"],
        at=datetime.fromisoformat(stored["at"]),
        timing=stored["timing"],
        scheduled_for=None if day is None else date.fromisoformat(day),
        note=stored["note"],
        told=stored["told"],
    )


def moment(stored: str | None) -> datetime | None:
    """Return the time that ISO 8601 says, aware, None for none."""
    return None if stored is None else datetime.fromisoformat(stored)


def _priority(stored: str | None) -> Priority | None:
    return None if stored is None else Priority(stored)


def _requester(stored: Stored) -> Requester | None:
    if stored is None:
        return None
    return Requester(name=stored["name"], email=stored["email"], timezone=stored["timezone"])
