"""Writes the rows of tickets and their bodies, whole for a new ticket, else what differs."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Update, bindparam, insert, update
from sqlmodel import col

from policy.ticket import Ticket
from store.engines.prepared import run_each
from store.engines.statements import put_into
from store.schema.tables import BodyRow, TicketRow
from store.tickets.ticket_columns import COLUMNS, to_columns

OfPeople = Mapping[str, int | None]
"""The columns that say whose a ticket is."""

_PEOPLE: Final = ("customer_id", "requester_id")
_NEW_TICKET = insert(TicketRow)
_OF_A_NEW_TICKET: Final = (*COLUMNS, *_PEOPLE, "imported")


def insert_tickets(
    connection: Connection,
    tickets: Iterable[tuple[Ticket, Mapping[str, Any] | None]],
    people: Mapping[int, OfPeople],
) -> None:
    """Write new tickets, each with what its source said of it; ``people`` are by a ticket's id."""
    rows = [
        (
            *to_columns(ticket).values(),
            *(people[ticket.id][name] for name in _PEOPLE),
            imported,
        )
        for ticket, imported in tickets
    ]
    run_each(connection, _NEW_TICKET, _OF_A_NEW_TICKET, rows)


def update_tickets(
    connection: Connection,
    tickets: Iterable[tuple[Ticket, Ticket, Mapping[str, Any] | None]],
    people: Mapping[int, OfPeople],
) -> None:
    """Write what differs of tickets: each before, after, and what its source says of it now.

    That is None, and its people are left out, where they stay as they are.
    """
    changed: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for before, after, imported in tickets:
        was = to_columns(before)
        written = {name: value for name, value in to_columns(after).items() if was[name] != value}
        written |= people.get(after.id, {})
        if imported is not None:
            written["imported"] = imported
        if written:  # else it came back to what it was
            changed.setdefault(tuple(written), []).append((*written.values(), after.id))
    for names, rows in changed.items():
        parameters = (*(f"new_{name}" for name in names), "that_ticket")
        run_each(connection, _update_of(names), parameters, rows)


def put_bodies(connection: Connection, bodies: Iterable[tuple[int, str]]) -> None:
    """Write bodies, each by the id of its ticket, in place of what was there."""
    put = put_into(connection, BodyRow, "ticket_id", "text")
    run_each(connection, put, ("ticket_id", "text"), list(bodies))


@cache
def _update_of(names: tuple[str, ...]) -> Update:
    """Return the statement that writes these columns of tickets by their id."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    return update(TicketRow).where(col(TicketRow.id) == bindparam("that_ticket")).values(values)
