"""Between rows and values: how a ticket is read from its tables, and what is written of it.

A ticket's field and its column have the same name and stand nowhere else; what differs between
the two by its nature is said here, once for both ways.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, or_, select
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
_OF_THE_ROW_ALONE = frozenset({"customer_id", "requester_id", "imported"})
_WRITTEN: Mapping[str, Convert | None] = {
    name: _CONVERSIONS[name].written if name in _CONVERSIONS else None
    for name in TicketRow.model_fields
    if name not in _OF_THE_ROW_ALONE
}

COLUMNS = tuple(_WRITTEN)
"""The columns that ``to_columns`` tells of, in its order."""

TICKETS: Select[Any] = (
    select(
        *(
            col(CustomerRow.name).label(name) if name == "customer" else getattr(TicketRow, name)
            for name in _NAMES
        ),
        col(RequesterRow.name).label("requester_name"),
        col(RequesterRow.email).label("requester_email"),
        col(RequesterRow.timezone).label("requester_timezone"),
    )
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
)
"""The query for whole tickets, to be narrowed and sorted; see ``to_ticket``."""

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


def to_ticket(row: Row[Any]) -> Ticket:
    """Return the value that a row of ``TICKETS`` says.

    Raises:
        Refusal: it says what cannot be; the file was damaged.
    """
    try:
        return _ticket(row)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(f"#{row.id} is damaged in the database: {error}; {RESTORE}") from error


def _ticket(row: Row[Any]) -> Ticket:
    values = dict(zip(_NAMES, row, strict=False))  # those of the requester come behind them
    for field, (read_value, _) in _CONVERSIONS.items():
        stored = values[field]
        values[field] = _ALWAYS.get(field) if stored is None else read_value(stored)
    return Ticket(**values, requester=_requester(row))


def by_ids(connection: Connection, ids: list[int]) -> tuple[Ticket, ...]:
    """Return the tickets with these ids, in this order; those that do not exist are left out."""
    rows = connection.execute(_THESE_TICKETS, {"ids": ids}) if ids else ()
    found = {row.id: to_ticket(row) for row in rows}
    return tuple(found[ticket_id] for ticket_id in ids if ticket_id in found)


def to_columns(ticket: Ticket) -> dict[str, Any]:
    """Return what is written of a ticket to its own table, people and ``imported`` left aside."""
    return {
        name: getattr(ticket, name) if written is None else written(getattr(ticket, name))
        for name, written in _WRITTEN.items()
    }


def _requester(row: Row[Any]) -> Requester | None:
    if row.requester_name is None:
        return None
    return Requester(
        name=row.requester_name, email=row.requester_email, timezone=row.requester_timezone
    )
