"""The latest of the history, and what happened to one ticket."""

from typing import Any

from store.engines.damage import Damaged
from store.quick.driver import DriverConnection
from store.quick.reads import Read, Reads
from store.read_models import Event

_LATEST = Read("latest event")
_OF_TICKET = Read("events of a ticket")
_NEWEST_OF_TICKET = Read("newest events of a ticket")
_COUNT_OF_TICKET = Read("event count of a ticket")


def latest_id(reads: Reads) -> int:
    """Return the id of the latest event, 0 before there is one."""
    return int(_LATEST.value(reads) or 0)


def events_of_ticket(reads: Reads, ticket_id: int, newest: int | None = None) -> tuple[Event, ...]:
    """Return a ticket's events, oldest first; only the ``newest`` so many when given."""
    try:
        if newest is None:
            rows = _OF_TICKET.rows(reads, {"that_ticket": ticket_id})
        else:
            rows = _NEWEST_OF_TICKET.rows(reads, {"that_ticket": ticket_id, "newest": newest})
        return tuple(event_of(row) for row in rows)[::-1]
    except Damaged:
        if isinstance(reads, DriverConnection):
            raise
        from store.history.unreadable import (  # noqa: PLC0415 - brings SQLAlchemy, seldom needed
            ticket_events_one_by_one,
        )

        events = ticket_events_one_by_one(reads, ticket_id)
        return events if newest is None else events[-newest:]


def count_of_ticket(reads: Reads, ticket_id: int) -> int:
    """Return how many events a ticket has, counted along their index."""
    return int(_COUNT_OF_TICKET.value(reads, {"that_ticket": ticket_id}) or 0)


def event_of(row: Any) -> Event:
    """Return the value that a row of the history says."""
    return Event(
        id=row.id,
        at=row.at,
        actor=row.actor,
        kind=row.kind,
        ticket=row.ticket_id,
        before=row.before,
        after=row.after,
        note=row.note,
        action=row.action,
        undoes=row.undoes,
        entered_by=row.entered_by,
    )
