"""Between rows and values: how a ticket is read from its tables, and what is written of it.

A ticket's field and its column have the same name and stand nowhere else; what differs between
the two by its nature is said here, once for both ways.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache, partial
from types import NoneType
from typing import Any, Final, NamedTuple, get_args, get_type_hints

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import NullType
from sqlmodel import col

from policy.refusal import Refusal
from policy.ticket import Requester, Ticket
from store.engines.kind import RESTORE
from store.schema.tables import CustomerRow, RequesterRow, TicketRow
from store.tickets.ticket_json import adapter, pairs_of, pauses_of, pauses_told, read

Convert = Callable[[Any], Any]


class _Conversion(NamedTuple):
    """How a field's value is made of what its column holds, and the other way."""

    read: Convert
    written: Convert


def stored_tags(tags: tuple[str, ...]) -> str:
    """Return tags each on a line of its own, so that one is found by its whole line."""
    return "".join(f"\n{tag}\n" for tag in tags)


def _tags_of(stored: str) -> tuple[str, ...]:
    return tuple(stored.strip("\n").split("\n\n")) if stored else ()


def _unchanged(value: Any) -> Any:
    return value


def _dumped(kind: Any, value: Any) -> Any:
    return None if value is None else adapter(kind).dump_python(value, mode="json")


def _conversion(name: str, hint: Any) -> _Conversion | None:
    """Return how a field is kept by its type, None where its column holds it as it is."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    kind = next(each for each in (*get_args(hint), hint) if each is not NoneType)
    if is_dataclass(kind):
        return _Conversion(partial(read, kind), partial(_dumped, kind))
    return _Conversion(kind, _unchanged) if issubclass(kind, Enum) else None


_BY_NAME: Mapping[str, _Conversion] = {
    "tags": _Conversion(_tags_of, stored_tags),
    "facts": _Conversion(pairs_of, lambda facts: dict(facts) or None),
    "paused": _Conversion(pauses_of, pauses_told),
    "context": _Conversion(pairs_of, lambda context: dict(context) or None),
}
_ALWAYS = {name: each.read(None) for name, each in _BY_NAME.items()}
"""What these fields are where their columns hold nothing."""

_NAMES = tuple(field.name for field in fields(Ticket) if field.name != "requester")
_HINTS = get_type_hints(Ticket)
_CONVERSIONS: Mapping[str, _Conversion] = {
    name: found for name in _NAMES if (found := _conversion(name, _HINTS[name])) is not None
}
_REMEMBERED: Final = 512
"""Of how many rows it is remembered what they say: what a board reads again after each change."""

_OF_THE_ROW_ALONE = frozenset({"customer_id", "requester_id", "imported"})
_WRITTEN: Mapping[str, Convert | None] = {
    name: _CONVERSIONS[name].written if name in _CONVERSIONS else None
    for name in TicketRow.model_fields
    if name not in _OF_THE_ROW_ALONE
}

_COLUMNS: Mapping[str, Any] = {
    **{name: getattr(TicketRow, name) for name in _NAMES if name != "customer"},
    "customer": CustomerRow.name,
    "requester_name": RequesterRow.name,
    "requester_email": RequesterRow.email,
    "requester_timezone": RequesterRow.timezone,
}
_STORED: Any = [type_coerce(column, NullType()).label(name) for name, column in _COLUMNS.items()]
TICKETS: Select[Any] = (
    select(*_STORED)
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
)
"""The query for whole tickets, to be narrowed and sorted.

It gives their columns as the engine has them: what they say is for ``to_ticket`` to find out, once
for the many times that a board reads the same rows.
"""

OWED: ColumnElement[bool] = and_(
    col(TicketRow.waiting_since).is_not(None),
    col(TicketRow.declined).is_(None),
    col(TicketRow.merged_into).is_(None),
    col(TicketRow.internal).is_(False),
)
"""The condition that a ticket's customer waits for an answer, as ``Ticket.owed`` says it."""

CAN_BE_LATE: ColumnElement[bool] = or_(OWED, col(TicketRow.update_by).is_not(None))
"""The condition that lateness is said of a ticket: "only of owed tickets and running updates"."""

_THESE_TICKETS = TICKETS.where(col(TicketRow.id).in_(bindparam("ids", expanding=True)))


def to_ticket(row: Row[Any], dialect: Dialect) -> Ticket:
    """Return the value that a row of ``TICKETS`` says, whatever stands behind its columns.

    Raises:
        Refusal: it says what cannot be; the file was damaged.
    """
    stored = tuple(row[: len(_COLUMNS)])
    try:
        return _remembered(stored, dialect)
    except TypeError:  # what a server's JSON holds cannot be looked up
        return _ticket(stored, dialect)


def _ticket(stored: tuple[Any, ...], dialect: Dialect) -> Ticket:
    values = {
        name: value if convert is None else convert(value)
        for (name, convert), value in zip(_out_of(dialect).items(), stored, strict=True)
    }
    try:
        for field, (read_value, _) in _CONVERSIONS.items():
            kept = values[field]
            values[field] = _ALWAYS.get(field) if kept is None else read_value(kept)
        return Ticket(requester=_requester(values), **values)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(f"#{values['id']} is damaged in the database: {error}; {RESTORE}") from error


_remembered = lru_cache(maxsize=_REMEMBERED)(_ticket)


@cache
def _out_of(dialect: Dialect) -> Mapping[str, Convert | None]:
    """Return what makes of each column's value what it means, None where it is that already."""
    kinds = {name: column.type.dialect_impl(dialect) for name, column in _COLUMNS.items()}
    return {name: kind.result_processor(dialect, None) for name, kind in kinds.items()}


def _requester(values: dict[str, Any]) -> Requester | None:
    """Return the requester that a row names, whose columns are taken out of it."""
    name, email, timezone = (values.pop(f"requester_{each}") for each in _OF_A_REQUESTER)
    return None if name is None else Requester(name=name, email=email, timezone=timezone)


_OF_A_REQUESTER = ("name", "email", "timezone")


def by_ids(connection: Connection, ids: list[int]) -> tuple[Ticket, ...]:
    """Return the tickets with these ids, in this order; those that do not exist are left out."""
    rows = connection.execute(_THESE_TICKETS, {"ids": ids})
    found = {row.id: to_ticket(row, connection.dialect) for row in rows}
    return tuple(found[ticket_id] for ticket_id in ids if ticket_id in found)


def to_columns(ticket: Ticket) -> dict[str, Any]:
    """Return what is written of a ticket to its own table, people and ``imported`` left aside."""
    return {
        name: getattr(ticket, name) if written is None else written(getattr(ticket, name))
        for name, written in _WRITTEN.items()
    }
