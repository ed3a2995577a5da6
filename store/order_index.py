"""Places in the order at a cost that does not grow with the queue.

The keys of each order are counted in blocks of a few hundred, so that the place of a key is a
sum of block counts plus a count inside one block, and the key at a place is found the same way.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlmodel import col

from policy.words import Mode
from store.tables import OrderBlockRow, OrderRow

BLOCK = 256
"""How many tickets a block has after it was split; it is split when it has twice as many."""

KEYS: dict[Mode, Any] = {
    Mode.NORMAL: col(OrderRow.normal_key),
    Mode.HARD_CHOICES: col(OrderRow.hard_choices_key),
}
"""The column that sorts the queue in each mode."""

_MODE = col(OrderBlockRow.mode)
_FIRST = col(OrderBlockRow.first_key)
_TICKETS = col(OrderBlockRow.tickets)


def count_moves(
    connection: Connection, mode: Mode, gone: Sequence[bytes], come: Sequence[bytes]
) -> None:
    """Bring the block counts up to date after keys went and came in the order's own table."""
    if not gone and not come:
        return
    starts = _starts_around(connection, mode, min(*gone, *come, _TOP), max(*gone, *come, b""))
    moved = Counter[bytes]()
    for keys, step in ((come, 1), (gone, -1)):
        for key in keys:
            moved[starts[bisect_right(starts, key) - 1]] += step
    moved = Counter({start: step for start, step in moved.items() if step})
    moves = [{"block": start, "by": step} for start, step in moved.items()]
    if not moves:
        return
    changed = update(OrderBlockRow).where(_MODE == mode, _FIRST == bindparam("block"))
    connection.execute(changed.values(tickets=_TICKETS + bindparam("by")), moves)
    _tidy(connection, mode, list(moved))


def place_of(connection: Connection, mode: Mode, key: bytes) -> int:
    """Return how many tickets stand before ``key``."""
    start = _start_of(connection, mode, key)
    before = select(func.coalesce(func.sum(_TICKETS), 0)).where(_MODE == mode, _FIRST < start)
    inside = select(func.count()).select_from(OrderRow).where(KEYS[mode] >= start, KEYS[mode] < key)
    return int(connection.scalar(before) or 0) + int(connection.scalar(inside) or 0)


def ids_from(connection: Connection, mode: Mode, offset: int, limit: int) -> list[int]:
    """Return the ids of ``limit`` tickets in the order, from the 0-based place ``offset`` on."""
    blocks = select(_FIRST, _TICKETS).where(_MODE == mode).order_by(_FIRST)
    rest = offset
    start = b""
    for first, tickets in connection.execute(blocks):
        start = first
        if rest < tickets:
            break
        rest -= tickets
    key = KEYS[mode]
    ids = (
        select(col(OrderRow.ticket_id)).where(key >= start).order_by(key).offset(rest).limit(limit)
    )
    return list(connection.scalars(ids))


_TOP = b"\xff" * 64
"""Sorts after every key."""


def _start_of(connection: Connection, mode: Mode, key: bytes) -> bytes:
    floor = select(_FIRST).where(_MODE == mode, _FIRST <= key).order_by(_FIRST.desc()).limit(1)
    return connection.scalar(floor) or b""


def _starts_around(connection: Connection, mode: Mode, low: bytes, high: bytes) -> list[bytes]:
    """Return where the blocks start that hold ``low`` to ``high``; makes the very first block."""
    start = _start_of(connection, mode, low)
    found = list(
        connection.scalars(
            select(_FIRST).where(_MODE == mode, _FIRST >= start, _FIRST <= high).order_by(_FIRST)
        )
    )
    if not found:
        connection.execute(insert(OrderBlockRow).values(mode=mode, first_key=b"", tickets=0))
    return found or [b""]


def _tidy(connection: Connection, mode: Mode, starts: Sequence[bytes]) -> None:
    """Split the blocks that grew too large, and drop the empty ones; the first one stays."""
    in_question = select(_FIRST, _TICKETS).where(
        _MODE == mode, _FIRST.in_(starts), (_TICKETS > 2 * BLOCK) | (_TICKETS == 0)
    )
    for start, tickets in connection.execute(in_question).all():
        if tickets:
            _split(connection, mode, start, tickets)
        elif start:
            connection.execute(delete(OrderBlockRow).where(_MODE == mode, _FIRST == start))


def _split(connection: Connection, mode: Mode, start: bytes, tickets: int) -> None:
    key = KEYS[mode]
    keys = connection.scalars(select(key).where(key >= start).order_by(key).limit(tickets)).all()
    connection.execute(delete(OrderBlockRow).where(_MODE == mode, _FIRST == start))
    pieces = [keys[index : index + BLOCK] for index in range(0, tickets, BLOCK)]
    firsts = [start, *(piece[0] for piece in pieces[1:])]
    connection.execute(
        insert(OrderBlockRow),
        [
            {"mode": mode, "first_key": first, "tickets": len(piece)}
            for first, piece in zip(firsts, pieces, strict=True)
        ],
    )
