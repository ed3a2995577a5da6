"""The history as it is read: by ticket, person, kind and time, and what belongs to one action."""

from collections.abc import Generator, Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, delete, insert, or_, select
from sqlmodel import col

from policy.names import same_name
from store.engines.damage import Damaged
from store.engines.statements import spellings, streamed
from store.history.event_reading import event_of, latest_id
from store.history.hash_chain import CHAINED
from store.history.unreadable import event_by_itself
from store.quick.statements import EVENTS
from store.read_models import Event, EventFilter
from store.schema.tables import ActionRow, EventRow

_ID: Any = col(EventRow.id)
_TICKET = col(EventRow.ticket_id)
_FIRST_TIME = select(col(EventRow.at)).order_by(_ID).limit(1)
_ANY_BEFORE = select(_ID).where(col(EventRow.at) < bindparam("start")).order_by(_ID).limit(1)
_IN_ITS_TURN = col(EventRow.kind) != "closed_by_itself"
"""What closes by itself is written when there is time for it, and dated when it was due."""

_OF_ACTION = EVENTS.where(col(EventRow.action) == bindparam("that_action")).order_by(_ID)
_SINCE = (
    EVENTS.join(ActionRow, col(ActionRow.id) == col(EventRow.action))
    .where(
        bindparam("that_ticket") == _TICKET,
        bindparam("after") < _ID,
        col(ActionRow.undoes).is_(None),
        col(ActionRow.undone).is_(False),
        col(ActionRow.id) != bindparam("beside"),
    )
    .order_by(_ID)
)
_AS_OF = (
    select(_ID)
    .where(col(EventRow.at) <= bindparam("time"), _IN_ITS_TURN)
    .order_by(_ID.desc())
    .limit(1)
)
_BETWEEN = EVENTS.where(bindparam("after") < _ID, bindparam("until") >= _ID)
_NUMBERED = EVENTS.where(bindparam("number") == _ID)
_TOUCHED = select(_TICKET).where(bindparam("after") < _ID, bindparam("until") >= _ID)
_ACTION = col(EventRow.action)
_OTHER = or_(_ACTION.is_(None), bindparam("beside") != _ACTION)
_OF_THE_DESK = (
    EVENTS.where(
        _TICKET.is_(None), bindparam("after") < _ID, col(EventRow.at) >= bindparam("start")
    )
    .where(col(EventRow.kind).not_in(bindparam("but", expanding=True)))
    .order_by(_ID)
)
_NEXT = select(_ID, _ACTION).where(bindparam("after") < _ID).order_by(_ID).limit(1)
_NEXT_OTHER = select(_ID).where(bindparam("after") < _ID, _OTHER).order_by(_ID).limit(1)
_LAST_OTHER = select(_ID).where(bindparam("until") > _ID, _OTHER).order_by(_ID.desc()).limit(1)
_OF_THE_DAY: Final = (
    "timer_started",
    "timer_stopped",
    "entry_edited",
    "entry_removed",
    "requester_updated",
)
_NAMES = {"ticket_id": "ticket"}
"""The columns that a value calls otherwise."""


def events_matching(
    connection: Connection, wanted: EventFilter, limit: int | None
) -> Generator[Event, None, None]:
    """Yield events, the earliest first; the latest so many when a ``limit`` is given."""
    newest_first = _ID.desc() if limit is not None else _ID
    conditions = list(_conditions(connection, wanted))
    last = 0
    try:
        for event in _chosen(connection, EVENTS.where(*conditions).order_by(newest_first), limit):
            last = event.id
            yield event
    except Damaged:
        numbers = select(_ID).where(last < _ID, *conditions).order_by(newest_first).limit(limit)
        found = connection.scalars(numbers).all()
        for number in found if limit is None else reversed(found):
            yield event_by_itself(connection, number)


def _chosen(
    connection: Connection, chosen: Select[Any], limit: int | None
) -> Generator[Event, None, None]:
    """Yield the events of a query, the earliest first; with a limit it has the latest first."""
    if limit is not None:
        rows = connection.execute(chosen.limit(limit)).all()
        yield from (event_of(row) for row in reversed(rows))
        return
    with streamed(connection, chosen) as pieces:
        for row in chain.from_iterable(pieces):
            yield event_of(row)


def _conditions(connection: Connection, wanted: EventFilter) -> Iterator[Any]:
    if wanted.ticket is not None:
        yield wanted.ticket == _TICKET
    if wanted.actor is not None:
        spelled = {wanted.actor, *actors_meant(connection, wanted.actor)}
        yield col(EventRow.actor).in_(sorted(spelled))
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


def events_of_the_desk(connection: Connection, start: datetime, after: int = 0) -> list[Event]:
    """Return what happened to the whole desk from ``start`` (UTC) on, in order: team and policy.

    Only what comes ``after`` the event with that id. The time that people record is left out, and
    what is said anew of those who ask: there is a lot of that.
    """
    values = {"start": start, "after": after, "but": _OF_THE_DAY}
    return [event_of(row) for row in connection.execute(_OF_THE_DESK, values)]


def actors_meant(connection: Connection, login: str) -> list[str]:
    """Return the logins that have acted and that are this one: "logins compare without case"."""
    return spellings(connection, col(ActionRow.actor), lambda actor: same_name(actor, login))


def touched_between(
    connection: Connection, after: int, until: int, at_most: int
) -> set[int] | None:
    """Return of which tickets the events after one up to another one are, by their ids.

    None when there are more than so many, or one of them is of no ticket.
    """
    values = {"after": after, "until": until}
    found = connection.scalars(_TOUCHED.limit(at_most + 1), values).all()
    if len(found) > at_most or None in found:
        return None
    return {each for each in found if each is not None}


def first_time(connection: Connection) -> datetime | None:
    """Return when the first event happened (UTC), None before there is one."""
    return connection.scalar(_FIRST_TIME)


def any_before(connection: Connection, start: datetime) -> bool:
    """Return whether anything happened before ``start`` (UTC)."""
    return connection.execute(_ANY_BEFORE, {"start": start}).first() is not None


def latest_id_at(connection: Connection, time: datetime) -> int:
    """Return the id of the latest event that had happened by then (UTC), 0 when none had."""
    return int(connection.scalar(_AS_OF, {"time": time}) or 0)


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


def events_between(
    connection: Connection, after: int, until: int, *, newest_first: bool = False
) -> Iterator[Event]:
    """Yield the events after one up to another one, by their ids."""
    ordered = _BETWEEN.order_by(_ID.desc() if newest_first else _ID)
    for row in connection.execute(ordered, {"after": after, "until": until}):
        yield event_of(row)


def event_numbered(connection: Connection, event_id: int) -> Event | None:
    """Return the event with this id, None when there is none."""
    row = connection.execute(_NUMBERED, {"number": event_id}).first()
    return None if row is None else event_of(row)


def run_after(connection: Connection, event_id: int) -> int | None:
    """Return the id of the last event of the action that comes next, None when none does."""
    following = connection.execute(_NEXT, {"after": event_id}).first()
    if following is None:
        return None
    if following.action is None:
        return int(following.id)
    other = connection.scalar(_NEXT_OTHER, {"after": event_id, "beside": following.action})
    return latest_id(connection) if other is None else int(other) - 1


def run_before(connection: Connection, event_id: int) -> int | None:
    """Return the id of the last event before the action that an event is part of; 0 for none.

    None when the history has not begun.
    """
    event = event_numbered(connection, event_id)
    if event is None:
        return None
    if event.action is None:
        return event_id - 1
    other = connection.scalar(_LAST_OTHER, {"until": event_id, "beside": event.action})
    return int(other or 0)


def put_events(connection: Connection, events: Iterable[Event]) -> None:
    """Write events as they are, under their own ids, into a copy that shows the past."""
    rows = [{name: getattr(event, _NAMES.get(name, name)) for name in CHAINED} for event in events]
    if rows:
        connection.execute(insert(EventRow), rows)


def forget_after(connection: Connection, event_id: int) -> None:
    """Remove what happened after an event, from a copy that shows the time before it."""
    connection.execute(delete(EventRow).where(event_id < _ID))
