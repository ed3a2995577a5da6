"""Where tickets stand in the queue: their rows in the order's own table, with both keys."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlmodel import col

from policy.ordering.order import Order, order_of
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import Mode
from store.engines.prepared import run_each
from store.queue.order_index import Moved, count_moves
from store.schema.tables import KEYS, OrderRow

_ID = col(OrderRow.ticket_id)
COLUMNS: dict[str, Any] = {
    column.key: column
    for column in (
        *KEYS.values(),
        col(OrderRow.internal),
        col(OrderRow.assignee),
        col(OrderRow.respond_by),
        col(OrderRow.deviation_until),
    )
}
"""What the order's table says beside a ticket's number."""

_STOOD = select(_ID, *COLUMNS.values()).where(_ID.in_(bindparam("ids", expanding=True)))
_COMES = insert(OrderRow)
_GOES = delete(OrderRow).where(_ID == bindparam("that_ticket"))
_MOVES = (
    update(OrderRow)
    .where(_ID == bindparam("that_ticket"))
    .values({name: bindparam(f"new_{name}") for name in COLUMNS})
)
_OF_A_MOVE = (*(f"new_{name}" for name in COLUMNS), "that_ticket")

Place = Mapping[str, Any]
"""What the order's table says of one ticket."""


def put(
    connection: Connection,
    tickets: Sequence[Ticket],
    rulebook: Rulebook,
    new: Container[int] = frozenset(),
) -> None:
    """Put each ticket where it belongs under the policy now, or out of the queue.

    ``new`` are those that never stood anywhere.

    A deviation is keyed with its end; whoever reads the order sees to it that one that is over
    counts no more.
    A key ends with the ticket's own id, so that no new key meets another ticket's old one.
    """
    orders = {mode: order_of(rulebook, mode) for mode in Mode}
    stood = _stood(connection, [ticket.id for ticket in tickets if ticket.id not in new])
    stands = {ticket.id: place(ticket, orders) for ticket in tickets if ticket.actionable}
    come = [(each, *at.values()) for each, at in stands.items() if each not in stood]
    gone = [(each,) for each in stood if each not in stands]
    moved = [
        (*at.values(), each) for each, at in stands.items() if each in stood and stood[each] != at
    ]
    run_each(connection, _COMES, ("ticket_id", *COLUMNS), come)
    run_each(connection, _GOES, ("that_ticket",), gone)
    run_each(connection, _MOVES, _OF_A_MOVE, moved)
    count_moves(connection, _steps(stood.values(), stands.values()))


def take_out(connection: Connection, ids: Sequence[int]) -> None:
    """Take tickets out of the queue, whatever they are."""
    stood = _stood(connection, ids)
    run_each(connection, _GOES, ("that_ticket",), [(each,) for each in stood])
    count_moves(connection, _steps(stood.values(), ()))


def _stood(connection: Connection, ids: Sequence[int]) -> dict[int, Place]:
    """Return what the order's table says of those of these tickets that it has."""
    rows = connection.execute(_STOOD, {"ids": ids}) if ids else ()
    return {row[0]: dict(zip(COLUMNS, row[1:], strict=True)) for row in rows}


def place(ticket: Ticket, orders: Mapping[Mode, Order]) -> Place:
    """Return what the order's table says of a ticket in the queue."""
    keys = {KEYS[mode].key: order.key(ticket) for mode, order in orders.items()}
    return {
        **keys,
        "internal": ticket.internal,
        "assignee": ticket.assignee,
        "respond_by": ticket.respond_by,
        "deviation_until": ticket.deviation.until if ticket.deviation else None,
    }


def _steps(gone: Iterable[Place], come: Iterable[Place]) -> list[Moved]:
    """Return which keys of each order came and which went; those that stay where they are don't."""
    steps = Counter[tuple[Mode, bytes]]()
    for places, step in ((come, 1), (gone, -1)):
        for place in places:
            for mode, key in KEYS.items():
                steps[mode, place[key.key]] += step
    return [(mode, key, step) for (mode, key), step in steps.items() if step]
