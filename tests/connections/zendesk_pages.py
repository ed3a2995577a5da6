"""Pages as Zendesk's API gives them, for tests: tickets, people and conversations in few words."""

from typing import Any

ADA, MO, BO, CC = 11, 12, 13, 14
"""A customer, two agents, and the customer's colleague."""

USERS = [
    {"id": ADA, "name": "Ada", "email": "ada@acme.example", "role": "end-user"},
    {"id": MO, "name": "Mo", "email": "mo@desk.example", "role": "agent"},
    {"id": BO, "name": "Bo", "email": "bo@desk.example", "role": "admin"},
    {"id": CC, "name": "Cleo", "email": "cleo@acme.example", "role": "end-user"},
]
ORGANIZATIONS = [{"id": 21, "name": "Acme", "tags": ["enterprise"]}]


def clock(hour: int | str, minute: int = 0) -> str:
    """Return a time of the day on which everything happens, as Zendesk writes it."""
    return f"2026-03-02T{int(hour):02}:{minute:02}:00Z"


def page_ticket(number: int = 7, **changed: Any) -> dict[str, object]:  # noqa: ANN401 - as JSON
    """Return a ticket that Ada wrote at nine o'clock, without anything that stands beside it.

    A value of ``...`` leaves its key out.
    """
    plain: dict[str, object] = {
        "url": f"https://acme.zendesk.com/api/v2/tickets/{number}.json",
        "id": number,
        "created_at": clock(9),
        "updated_at": clock(9),
        "subject": "Login fails",
        "description": "Since this morning.",
        "priority": "high",
        "status": "open",
        "requester_id": ADA,
        "submitter_id": ADA,
        "assignee_id": MO,
        "organization_id": 21,
        "tags": ["enterprise"],
    }
    return {name: value for name, value in (plain | changed).items() if value is not ...}


def comment(hour: int, author: int = ADA, **changed: Any) -> dict[str, object]:  # noqa: ANN401 - JSON
    """Return a public comment made on the hour."""
    return {
        "id": 1000 + hour * 10 + author % 10,
        "type": "Comment",
        "author_id": author,
        "body": "…",
        "public": True,
        "created_at": clock(hour),
        "via": {"channel": "web"},
        **changed,
    }


def audit(hour: int, author: int, *events: dict[str, object], **changed: Any) -> dict[str, object]:  # noqa: ANN401 - JSON
    """Return a change of ticket 7 made on the hour."""
    return {
        "id": 2000 + hour,
        "ticket_id": 7,
        "author_id": author,
        "created_at": clock(hour),
        "via": {"channel": "web"},
        "events": list(events),
        **changed,
    }


def said(number: int, **changed: Any) -> dict[str, object]:  # noqa: ANN401 - as JSON
    """Return the event of a comment inside an audit, which has its author and time from that."""
    return {"id": number, "type": "Comment", "body": "…", "public": True, **changed}


def set_to(status: str, **changed: Any) -> dict[str, object]:  # noqa: ANN401 - as JSON
    """Return the event of a change of the status inside an audit."""
    return {"id": 1, "type": "Change", "field_name": "status", "value": status, **changed}
