"""Histories in which something cannot be read: the other events are told all the same."""

from typing import Any

from sqlalchemy import Connection

from store.history.hash_chain import (
    CHAINED,
    StoredEvent,
    events_of_tickets,
    stored_event,
)
from store.read_models import Event
from store.schema.stored_values import moment_of

UNREADABLE = "unreadable"
"""The kind of what stands for an event that cannot be read."""

_NOBODY = "?"


def ticket_events_one_by_one(connection: Connection, ticket: int) -> tuple[Event, ...]:
    """Return a ticket's events, oldest first, with an unreadable one in the place of each that is.

    Raises:
        Damaged: not even the times of what is there can be read.
    """
    return tuple(_event_of(each) for each in events_of_tickets(connection, [ticket])[ticket])


def event_by_itself(connection: Connection, number: int) -> Event:
    """Return the event with this id, which is there, or what stands for it."""
    return _event_of(stored_event(connection, number))


def _event_of(stored: StoredEvent) -> Event:
    at = moment_of(stored.at or 0)
    if at is None:
        raise AssertionError
    if stored.values is None:
        said: dict[str, Any] = {"actor": _NOBODY, "kind": UNREADABLE, "before": None, "after": None}
        said |= {"note": f"event {stored.id} is damaged", "action": None, "undoes": None}
    else:
        said = dict(zip(CHAINED, stored.values, strict=True))
        for name in ("id", "at", "ticket_id"):
            del said[name]
    return Event(id=stored.id, at=at, ticket=stored.ticket, **said)
