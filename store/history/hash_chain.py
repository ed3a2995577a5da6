"""The chain of hashes: each event carries the hash of itself and of the one before it.

There is one writer at a time, on either engine, so events are chained as they are written, in the
order of their ids, and nobody waits for the chain but for the reckoning of a hash.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    LargeBinary,
    Select,
    Text,
    bindparam,
    cast,
    select,
    update,
)

from store.engines.written_json import WrittenJson, in_order, written_json
from store.progress import Told, nobody
from store.schema.stored_values import number_of
from store.schema.tables import EventRow

NOTHING: Final = ""
"""What stands for the hash before the first event."""

CHAINED: Final = (
    "id",
    "at",
    "actor",
    "kind",
    "ticket_id",
    "before",
    "after",
    "note",
    "action",
    "undoes",
    "entered_by",
)
"""What a hash is reckoned of, in this order; no step may ever change it."""

_PLACE: Final = {name: place for place, name in enumerate(CHAINED)}
_TABLE: Any = EventRow.__table__  # type: ignore[attr-defined] # SQLModel's table
_ID, _HASH = _TABLE.c.id, _TABLE.c.hash
_HEAD = select(_ID, _HASH).order_by(_ID.desc()).limit(1)
_AT_ONCE: Final = 2000
_NUMBERS: Final = frozenset({"at", "ticket_id", "action", "undoes"})
_AS_READ: Final = frozenset({str, int, bool, type(None)})
"""What is read as it was written; what is derived from one of them may be written otherwise."""

_JSON: Final = frozenset({"before", "after"})
_SEAL = update(_TABLE).where(bindparam("that_event") == _ID).values(hash=bindparam("reckoned"))


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it stands: the values of ``CHAINED``, the time in microseconds, and its hash.

    ``values`` is None where it cannot be read, and ``problem`` says why; its time and its ticket
    are known then only as far as they can be read.
    """

    id: int
    at: int | None
    ticket: int | None
    hash: str | None
    values: tuple[Any, ...] | None
    problem: str = ""

    def told(self, name: str) -> Any:
        """Return one of the values of ``CHAINED``, where they can be read."""
        if self.values is None:
            raise AssertionError(self.id)
        return self.values[_PLACE[name]]


class Head(NamedTuple):
    """Where the chain ends: the newest event's id, 0 for none, and its hash."""

    id: int
    hash: str


def head_of(connection: Connection) -> Head:
    """Return where the chain ends."""
    row = connection.execute(_HEAD).first()
    return Head(0, NOTHING) if row is None else Head(row.id, row.hash or NOTHING)


def hash_after(before: str, values: Sequence[Any]) -> str:
    """Return the hash, in hexadecimal digits, of an event that comes after one with a hash.

    ``values`` are those of ``CHAINED``. It is reckoned of what will be read again, on either
    engine: whole microseconds, and JSON with its keys in order.
    """
    number, at, actor, kind, ticket, was, becomes, *rest = values
    at = number_of(at)
    if type(was) is WrittenJson and type(becomes) is WrittenJson:
        whose = "null" if ticket is None else ticket
        first, last = _piece(at, actor, kind), _piece(*rest)
        return _hash_of_text(before, f"[{number},{first},{whose},{was},{becomes},{last}]")
    was, becomes = _read_again(was), _read_again(becomes)
    return hash_of_plain(before, (number, at, actor, kind, ticket, was, becomes, *rest))


def hash_of_plain(before: str, values: Sequence[Any]) -> str:
    """Return the same of values as they are read: the time in microseconds, JSON as it stands."""
    return _hash_of_text(before, in_order(values))


def written(value: Any) -> WrittenJson:
    """Return the JSON of what an event tells, written beforehand where many are told at once."""
    return in_order(_read_again(value))


@lru_cache(maxsize=16)
def _piece(*values: Any) -> str:
    """Return the JSON of values that stand beside each other, the same for many events."""
    return in_order(values)[1:-1]


def _hash_of_text(before: str, text: str) -> str:
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def _read_again(value: Any) -> Any:
    """Return a value of JSON as it is read once it was written; most come as they are read."""
    if value is None or _is_as_read(value):
        return value
    return json.loads(written_json(value))


def _is_as_read(value: Any) -> bool:
    return type(value) is dict and all(
        type(name) is str and type(each) in _AS_READ for name, each in value.items()
    )


def chained(head: Head, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows, which say all of ``CHAINED`` but the id, with their ids and hashes.

    The id comes first, the hash last.
    """
    number, before = head
    for row in rows:
        number += 1
        before = hash_after(before, (number, *row))
        yield (number, *row, before)


def events_of_tickets(
    connection: Connection, tickets: Sequence[int]
) -> dict[int, list[StoredEvent]]:
    """Return the events of tickets as they stand, in their order, by their ticket."""
    of_these = _TABLE.c.ticket_id.in_(tickets)
    found: dict[int, list[StoredEvent]] = {number: [] for number in tickets}
    for row in connection.execute(
        _as_it_stands(connection.dialect.name).where(of_these).order_by(_ID)
    ):
        event = _stored(row)
        if event.ticket is not None:
            found[event.ticket].append(event)
    return found


def stored_event(connection: Connection, number: int) -> StoredEvent:
    """Return the event with this id, which is there, as it stands."""
    query = _as_it_stands(connection.dialect.name).where(number == _ID)
    return _stored(connection.execute(query).one())


def whole_history(connection: Connection) -> Iterator[list[StoredEvent]]:
    """Yield all events by their ids as they stand, some thousand at a time."""
    after = 0
    query = _as_it_stands(connection.dialect.name).order_by(_ID).limit(_AT_ONCE)
    while rows := connection.execute(query.where(after < _ID)).all():
        after = rows[-1].id
        yield [_stored(row) for row in rows]


@cache
def _as_it_stands(engine: str) -> Select[Any]:
    """Return the query for what the columns hold: in a file that may be anything, so as bytes."""
    kind = LargeBinary() if engine == "sqlite" else Text()
    return select(_ID, *(cast(_TABLE.c[name], kind).label(name) for name in (*CHAINED[1:], "hash")))


def _stored(row: Any) -> StoredEvent:
    number, *stored, kept = row
    at, ticket = _number(row.at), _number(row.ticket_id)
    reckoned, values, problem = None, None, ""
    if kept is not None:
        reckoned = kept if isinstance(kept, str) else bytes(kept).decode(errors="replace")
    try:
        values = (number, *map(_value, CHAINED[1:], stored))
    except (ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())
    return StoredEvent(number, at, ticket, reckoned, values, problem)


def _value(name: str, stored: bytes | str | None) -> Any:
    if stored is None:
        return None
    if name in _NUMBERS:
        return int(stored)
    return json.loads(_text(stored)) if name in _JSON else _text(stored)


def _number(stored: bytes | str | None) -> int | None:
    try:
        return None if stored is None else int(stored)
    except ValueError:
        return None


def _text(stored: bytes | str) -> str:
    return stored if isinstance(stored, str) else bytes(stored).decode()


def chain_all(connection: Connection, told: Told = nobody) -> None:
    """Give every event its hash anew, in bounded memory: for histories older than the chain.

    One that cannot be read gets none, and the chain goes on behind it.
    """
    before = NOTHING
    for events in whole_history(connection):
        reckoned = []
        for event in events:
            if event.values is not None:
                before = hash_of_plain(before, event.values)
                reckoned.append({"that_event": event.id, "reckoned": before})
        if reckoned:
            connection.execute(_SEAL, reckoned)
        told(len(events))
