"""Keeps the counts by which places in the order cost hardly more with a longer queue.

The keys of each order are counted in blocks of a few hundred; see ``store.queue.places``.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlmodel import col

from policy.words import Mode
from store.engines.prepared import run_each
from store.quick.statements import BLOCK_START
from store.schema.tables import KEYS, OrderBlockRow

BLOCK = 256
"""How many tickets a block has after it was split; it is split when it has twice as many, and
joins the one before it when it has a quarter."""

Moved = tuple[Mode, bytes, int]
"""A key of one order, and 1 where it came or -1 where it went."""

_MODE = col(OrderBlockRow.mode)
_FIRST = col(OrderBlockRow.first_key)
_TICKETS = col(OrderBlockRow.tickets)
_THAT_MODE: Any = bindparam("of_mode")
_THAT_KEY: Any = bindparam("that_key")

_COUNT = (
    update(OrderBlockRow)
    .where(_MODE == _THAT_MODE, _FIRST == BLOCK_START.scalar_subquery())
    .values(tickets=_TICKETS + bindparam("step"))
)
_OUT_OF_SHAPE = select(_MODE, _FIRST, _TICKETS).where(
    (_TICKETS > bindparam("most")) | ((_TICKETS < bindparam("least")) & (_FIRST > b""))
)
_REMOVED = delete(OrderBlockRow).where(_MODE == _THAT_MODE, _FIRST == _THAT_KEY).returning(_TICKETS)
_NUMBERED = {
    mode: select(key.label("key"), func.row_number().over(order_by=key).label("number")).subquery()
    for mode, key in KEYS.items()
}
_FIRSTS = {
    mode: select(numbered.c.key)
    .where((numbered.c.number - 1) % bindparam("each") == 0)
    .order_by(numbered.c.number)
    for mode, numbered in _NUMBERED.items()
}


def count_moves(connection: Connection, moves: Iterable[Moved], block: int = BLOCK) -> None:
    """Bring the block counts up to date after keys came and went in the order's own table."""
    steps = [(step, mode, key) for mode, key, step in moves]
    if not steps:
        return
    run_each(connection, _COUNT, ("step", "of_mode", "that_key"), steps)
    bounds = {"most": 2 * block, "least": block // 4}
    found = _out_of_shape(connection, bounds)
    small = [(row.mode, row.first_key) for row in found if row.tickets < block]
    for mode, start in small:
        _join_the_one_before(connection, mode, start)
    for mode, start, tickets in _out_of_shape(connection, bounds) if small else found:
        _split(connection, mode, start, tickets, block)


def count_again(connection: Connection, block: int = BLOCK) -> None:
    """Count all blocks anew after many keys came and went together in the order's own table."""
    for mode, key in KEYS.items():
        firsts = connection.scalars(_FIRSTS[mode], {"each": block}).all()
        total = connection.scalar(select(func.count(key))) or 0
        counts = [block] * (len(firsts) - 1) + [total - block * (len(firsts) - 1)]
        if len(firsts) > 1 and counts[-1] < block // 4:
            firsts, counts = firsts[:-1], [*counts[:-2], counts[-2] + counts[-1]]
        connection.execute(delete(OrderBlockRow).where(_MODE == mode))
        connection.execute(
            insert(OrderBlockRow),
            [
                {"mode": mode, "first_key": first if place else b"", "tickets": tickets}
                for place, (first, tickets) in enumerate(zip(firsts or [b""], counts, strict=True))
            ],
        )


def _out_of_shape(connection: Connection, bounds: dict[str, int]) -> list[Any]:
    """Return the blocks that are too large or too small, the last ones first."""
    found = connection.execute(_OUT_OF_SHAPE, bounds).all()
    return sorted(found, key=lambda row: row.first_key, reverse=True)


def _join_the_one_before(connection: Connection, mode: Mode, start: bytes) -> None:
    tickets = connection.scalar(_REMOVED, {"of_mode": mode, "that_key": start})
    connection.execute(_COUNT, {"of_mode": mode, "that_key": start, "step": tickets})


def _split(connection: Connection, mode: Mode, start: bytes, tickets: int, block: int) -> None:
    key = KEYS[mode]
    keys = connection.scalars(select(key).where(key >= start).order_by(key).limit(tickets)).all()
    connection.execute(_REMOVED, {"of_mode": mode, "that_key": start})
    pieces = tickets // block
    edges = [index * tickets // pieces for index in range(pieces + 1)]
    connection.execute(
        insert(OrderBlockRow),
        [
            {"mode": mode, "first_key": keys[edge] if edge else start, "tickets": until - edge}
            for edge, until in pairwise(edges)
        ],
    )
