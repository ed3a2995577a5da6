"""Connections between rows and values: what their file says, and how far each has been read."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlmodel import col

from policy.conversation.connections import (
    ConnectionAge,
    ConnectionEntry,
    ConnectionState,
    ConnectionStatus,
)
from policy.conversation.steps import UNSENT, StepState
from policy.refusal import Refusal, one_of, quoted
from store.schema.conversation_tables import ConnectionRow, OutgoingStepRow
from store.tickets.ticket_json import instant

NEVER_READ: Final[Mapping[str, Any]] = {}
"""The cursor of a connection that has never been read."""

NONE_YET: Final = "there is no connection yet; numberone connections import FILE makes some"
"""What is said where there is none."""

_NAME: Any = col(ConnectionRow.name)
_ALL = select(*ConnectionRow.__table__.c).order_by(col(ConnectionRow.place))  # type: ignore[attr-defined] # SQLModel's table
_AGES = select(
    _NAME, col(ConnectionRow.read_until), col(ConnectionRow.failing_since), col(ConnectionRow.error)
).order_by(col(ConnectionRow.place))
_WAITING = (
    select(col(OutgoingStepRow.connection), func.count().label("steps"))
    .where(col(OutgoingStepRow.state).in_(sorted(UNSENT)))
    .group_by(col(OutgoingStepRow.connection))
)
_STATES = (
    select(col(OutgoingStepRow.connection), col(OutgoingStepRow.state), func.count().label("steps"))
    .where(col(OutgoingStepRow.state).in_([*sorted(UNSENT), StepState.FAILED]))
    .group_by(col(OutgoingStepRow.connection), col(OutgoingStepRow.state))
)


def entries(connection: Connection) -> tuple[ConnectionEntry, ...]:
    """Return the connections as their file says them, in its order."""
    return tuple(_entry(row) for row in connection.execute(_ALL))


def put_entries(connection: Connection, wanted: Sequence[ConnectionEntry]) -> None:
    """Make these the connections; whose reading means something else now is read anew.

    What is taken in again is known already, and changes nothing but what is read otherwise.
    """
    known = {entry.name: entry for entry in entries(connection)}
    gone = sorted(known.keys() - {entry.name for entry in wanted})
    connection.execute(delete(ConnectionRow).where(_NAME.in_(gone)))
    for place, entry in enumerate(wanted):
        values = {"place": place, "settings": _settings(entry)}
        before = known.get(entry.name)
        if before is None:
            row = {"name": entry.name, "cursor": NEVER_READ, **_UNREAD, **values}
            connection.execute(insert(ConnectionRow), row)
            continue
        if before != entry:
            values |= {"cursor": NEVER_READ, **_UNREAD}
        connection.execute(update(ConnectionRow).where(entry.name == _NAME).values(values))


_UNREAD: Final[Mapping[str, Any]] = {
    "is_caught_up": False,
    "read_until": None,
    "last_ok": None,
    "error": "",
    "failing_since": None,
    "refused": None,
    "lease_holder": None,
    "lease_until": None,
}


def statuses(connection: Connection) -> tuple[ConnectionStatus, ...]:
    """Return how every connection fares, in the order of the file."""
    rows = connection.execute(_ALL).all()
    if not rows:
        return ()
    counted = {(row.connection, row.state): row.steps for row in connection.execute(_STATES)}
    return tuple(_status(row, counted) for row in rows)


def ages(connection: Connection) -> tuple[ConnectionAge, ...]:
    """Return how old what each connection told is; cheap, as every board asks twice a second."""
    rows = connection.execute(_AGES).all()
    if not rows:
        return ()
    waiting = {row.connection: row.steps for row in connection.execute(_WAITING)}
    return tuple(
        ConnectionAge(
            name=row.name,
            read_until=row.read_until,
            failing_since=row.failing_since,
            error=row.error,
            waiting_out=waiting.get(row.name, 0),
        )
        for row in rows
    )


def row_of(connection: Connection, name: str) -> Any:
    """Return the row of a connection.

    Raises:
        Refusal: there is none of the name; the line names those that there are.
    """
    row = connection.execute(_ALL.where(name == _NAME)).first()
    if row is not None:
        return row
    known = [entry.name for entry in entries(connection)]
    if not known:
        raise Refusal(NONE_YET)
    near = get_close_matches(name, known, n=1)
    meant = f"; did you mean {near[0]}?" if near else f"; expected {one_of(known)}"
    raise Refusal(f"{quoted(name)}: no such connection{meant}")


def set_values(connection: Connection, name: str, **values: Any) -> None:
    """Write what has changed of a connection."""
    connection.execute(update(ConnectionRow).where(name == _NAME).values(values))


def entry_facts(entry: ConnectionEntry) -> dict[str, Any]:
    """Return a connection as plain JSON values, for the history."""
    return {"name": entry.name, "settings": _settings(entry)}


def connection_of(facts: Mapping[str, Any]) -> ConnectionEntry:
    """Return the connection that the history tells."""
    said = dict(facts["settings"])
    return ConnectionEntry(
        name=facts["name"], kind=said.pop("kind"), address=said.pop("address"), settings=said
    )


def _settings(entry: ConnectionEntry) -> dict[str, Any]:
    return {"kind": entry.kind, "address": entry.address, **entry.settings}


def _entry(row: Any) -> ConnectionEntry:
    return connection_of({"name": row.name, "settings": row.settings})


def _status(row: Any, counted: Mapping[tuple[str, str], int]) -> ConnectionStatus:
    return ConnectionStatus(
        entry=_entry(row),
        state=_state(row),
        read_until=row.read_until,
        last_ok=row.last_ok,
        waiting_out=sum(counted.get((row.name, state), 0) for state in UNSENT),
        failed=counted.get((row.name, StepState.FAILED), 0),
        error=_error(row),
        failing_since=row.failing_since,
        refused=row.refused or {},
        cursor=row.cursor,
    )


def _state(row: Any) -> ConnectionState:
    if row.error:
        return ConnectionState.FAILING
    if row.is_caught_up:
        return ConnectionState.OK
    return ConnectionState.NEW if row.last_ok is None else ConnectionState.READING


def _error(row: Any) -> str | None:
    if row.error:
        return row.error if row.failing_since is None else f"since {_at(row)}: {row.error}"
    refused = row.refused or {}
    if not refused:
        return None
    first = next(iter(refused.items()))
    many = f"{len(refused):,} tickets" if len(refused) > 1 else "1 ticket"
    return f"{many} cannot be taken in, such as {first[0]}: {first[1]}"


def _at(row: Any) -> str | None:
    return instant(row.failing_since)
