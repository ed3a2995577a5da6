"""The history as it is read: by ticket, person, kind and time, and what belongs to one action."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select
from sqlmodel import col

from store.tables import ActionRow, EventRow
from store.views import Event

_TABLE: Any = EventRow.__table__  # type: ignore[attr-defined] # SQLModel's table
_ID: Any = col(EventRow.id)
_TICKET = col(EventRow.ticket_id)
_ALL = select(*_TABLE.c)
_LATEST = select(func.max(_ID))
_LATEST_TIME = select(col(EventRow.at)).order_by(_ID.desc()).limit(1)
_OF_TICKET = _ALL.where(bindparam("that_ticket") == _TICKET).order_by(_ID.desc())
_OF_ACTION = _ALL.where(col(EventRow.action) == bindparam("that_action")).order_by(_ID)
_SINCE = (
    _ALL.join(ActionRow, col(ActionRow.id) == col(EventRow.action))
    .where(
        bindparam("that_ticket") == _TICKET,
        bindparam("after") < _ID,
        col(ActionRow.undoes).is_(None),
        col(ActionRow.undone).is_(False),
        col(ActionRow.id) != bindparam("beside"),
    )
    .order_by(_ID)
)
_AS_OF = select(_ID).where(col(EventRow.at) <= bindparam("time")).order_by(_ID.desc()).limit(1)
_AFTER = _ALL.where(bindparam("after") < _ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are asked for; what is None does not matter. Times are UTC, ``end`` excluded.

    ``before`` is the id of an event to go on from, towards what happened earlier.
    """

    ticket: int | None = None
    actor: str | None = None
    kind: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    before: int | None = None


def events_matching(
    connection: Connection, wanted: EventFilter, limit: int | None
) -> Iterator[Event]:
    """Yield events, the latest first, ``limit`` at most."""
    chosen: Select[Any] = _ALL.order_by(_ID.desc())
    for condition in _conditions(wanted):
        chosen = chosen.where(condition)
    rows = connection.execution_options(yield_per=500).execute(
        chosen if limit is None else chosen.limit(limit)
    )
    for row in rows:
        yield event_of(row)


def _conditions(wanted: EventFilter) -> Iterator[Any]:
    if wanted.ticket is not None:
        yield wanted.ticket == _TICKET
    if wanted.actor is not None:
        yield col(EventRow.actor) == wanted.actor
    if wanted.kind is not None:
        taken_back = or_(col(EventRow.kind) == "undone", col(EventRow.kind) == "redone")
        yield or_(
            col(EventRow.kind) == wanted.kind, taken_back & (col(EventRow.note) == wanted.kind)
        )
    if wanted.start is not None:
        yield col(EventRow.at) >= wanted.start
    if wanted.end is not None:
        yield col(EventRow.at) < wanted.end
    if wanted.before is not None:
        yield wanted.before > _ID


def latest_id(connection: Connection) -> int:
    """Return the id of the latest event, 0 before there is one."""
    return int(connection.scalar(_LATEST) or 0)


def latest_time(connection: Connection) -> datetime | None:
    """Return when the latest event happened (UTC), None before there is one."""
    return connection.scalar(_LATEST_TIME)


def latest_id_at(connection: Connection, time: datetime) -> int:
    """Return the id of the latest event that had happened by then (UTC), 0 when none had."""
    return int(connection.scalar(_AS_OF, {"time": time}) or 0)


def events_of_ticket(
    connection: Connection, ticket_id: int, newest: int | None = None
) -> tuple[Event, ...]:
    """Return a ticket's events, oldest first; only the ``newest`` so many when given."""
    wanted = _OF_TICKET if newest is None else _OF_TICKET.limit(newest)
    rows = connection.execute(wanted, {"that_ticket": ticket_id})
    return tuple(event_of(row) for row in rows)[::-1]


def events_of_action(connection: Connection, action: int) -> tuple[Event, ...]:
    """Return the events of one action, in their order."""
    rows = connection.execute(_OF_ACTION, {"that_action": action})
    return tuple(event_of(row) for row in rows)


def events_since(
    connection: Connection, ticket_id: int, event_id: int, *, in_force_beside: int
) -> tuple[Event, ...]:
    """Return a ticket's events after one of them, by actions that are in force, but not by one."""
    values = {"that_ticket": ticket_id, "after": event_id, "beside": in_force_beside}
    return tuple(event_of(row) for row in connection.execute(_SINCE, values))


def events_after(connection: Connection, event_id: int) -> list[Event]:
    """Return all events after one, the latest first."""
    rows = connection.execute(_AFTER.order_by(_ID.desc()), {"after": event_id})
    return [event_of(row) for row in rows]


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
    )
