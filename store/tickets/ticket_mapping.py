"""Between rows and values: how a ticket is read from its tables, and kept in their columns.

A ticket's field and its column have the same name and stand nowhere else; what differs between
the two by its nature is said here, once for both ways.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from types import NoneType
from typing import Any, NamedTuple, get_args, get_type_hints

from policy.refusal import Refusal
from policy.ticket import Requester, Ticket
from store.engines.damage import RESTORE
from store.quick.reads import Read, Reads
from store.tickets.ticket_json import adapter, pairs_of, pauses_of, pauses_told, read

Convert = Callable[[Any], Any]


class Conversion(NamedTuple):
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


def _conversion(name: str, hint: Any) -> Conversion | None:
    """Return how a field is kept by its type, None where its column holds it as it is."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    kind = next(each for each in (*get_args(hint), hint) if each is not NoneType)
    if is_dataclass(kind):
        return Conversion(partial(read, kind), partial(_dumped, kind))
    return Conversion(kind, _unchanged) if issubclass(kind, Enum) else None


_BY_NAME: Mapping[str, Conversion] = {
    "tags": Conversion(_tags_of, stored_tags),
    "facts": Conversion(pairs_of, lambda facts: dict(facts) or None),
    "paused": Conversion(pauses_of, pauses_told),
    "context": Conversion(pairs_of, lambda context: dict(context) or None),
}
_ALWAYS = {name: each.read(None) for name, each in _BY_NAME.items()}
"""What these fields are where their columns hold nothing."""

_THESE_TICKETS = Read("tickets")
_NAMES = tuple(field.name for field in fields(Ticket) if field.name != "requester")
_HINTS = get_type_hints(Ticket)
CONVERSIONS: Mapping[str, Conversion] = {
    name: found for name in _NAMES if (found := _conversion(name, _HINTS[name])) is not None
}
"""How the fields are kept whose columns do not hold them as they are, by their names."""


def to_ticket(row: Any) -> Ticket:
    """Return the value that a row of ``TICKETS`` says.

    Raises:
        Refusal: it says what cannot be; the file was damaged.
    """
    try:
        return _ticket(row)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(f"#{row.id} is damaged in the database: {error}; {RESTORE}") from error


def _ticket(row: Any) -> Ticket:
    values = dict(zip(_NAMES, row, strict=False))  # those of the requester come behind them
    for field, (read_value, _) in CONVERSIONS.items():
        stored = values[field]
        values[field] = _ALWAYS.get(field) if stored is None else read_value(stored)
    return Ticket(**values, requester=_requester(row))


def by_ids(reads: Reads, ids: list[int]) -> tuple[Ticket, ...]:
    """Return the tickets with these ids, in this order; those that do not exist are left out."""
    rows = _THESE_TICKETS.rows(reads, {"ids": ids}) if ids else ()
    found = {row.id: to_ticket(row) for row in rows}
    return tuple(found[ticket_id] for ticket_id in ids if ticket_id in found)


def _requester(row: Any) -> Requester | None:
    if row.requester_name is None:
        return None
    return Requester(
        name=row.requester_name, email=row.requester_email, timezone=row.requester_timezone
    )
