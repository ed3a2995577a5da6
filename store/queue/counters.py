"""Counts that are kept, not counted, and how many tickets stood in the queue when."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select
from sqlmodel import col

from policy.capacity.hard_choices import QueueCount
from policy.ticket import Ticket
from policy.words import Priority
from store.engines.statements import add_into, put_into
from store.schema.tables import QueueCountRow, TallyRow

_AT, _COUNTED = col(QueueCountRow.at), (col(QueueCountRow.tickets), col(QueueCountRow.owed))
_SINCE = (
    select(_AT, *_COUNTED).where(_AT >= bindparam("start"), _AT <= bindparam("end")).order_by(_AT)
)
_BEFORE = select(_AT, *_COUNTED).where(_AT < bindparam("start")).order_by(_AT.desc()).limit(1)


def put_count(connection: Connection, at: datetime) -> None:
    """Write down how many tickets stand in the queue from ``at`` (UTC) on, and are owed."""
    counts = counts_of_all(connection)
    put = put_into(connection, QueueCountRow, "at", "tickets", "owed")
    connection.execute(put, {"at": at, "tickets": counts[QUEUE], "owed": counts[OWED]})


def counts_between(connection: Connection, start: datetime, end: datetime) -> list[QueueCount]:
    """Return the counts from the one that held at ``start`` to ``end``, oldest first (UTC)."""
    before = connection.execute(_BEFORE, {"start": start}).all()
    since = connection.execute(_SINCE, {"start": start, "end": end}).all()
    return [QueueCount(at=row.at, tickets=row.tickets, owed=row.owed) for row in (*before, *since)]


ALL = "all"
QUEUE = "queue"
DECLINED = "declined"
PARKED = "parked"
OWED = "owed"
_ASSIGNED = "assigned"
_ARRIVED = "arrived"

_NAME = col(TallyRow.name)
_TICKETS = col(TallyRow.tickets)
_DROP_NOTHINGS = delete(TallyRow).where(_TICKETS == 0)
_WHOLE = (ALL, QUEUE, DECLINED, PARKED, OWED)
_OF_ALL = select(_NAME, _TICKETS).where(_NAME.in_(_WHOLE))
_OF_ONE = select(_TICKETS).where(bindparam("that_name") == _NAME)
_ARRIVALS = select(_NAME, _TICKETS).where(
    _NAME >= bindparam("first_name"), _NAME < bindparam("after_name")
)
_OF_EACH = select(_NAME, _TICKETS).where(_NAME.startswith(f"{_ASSIGNED}:"))


def names_of(ticket: Ticket | None) -> Iterable[str]:
    """Yield the counts in which a ticket stands; none for one that does not exist yet."""
    if ticket is None:
        return
    yield ALL
    if ticket.declined is not None:
        yield DECLINED
    else:
        yield f"{_arrived_in(ticket.received_at)}:{ticket.priority}"
    if ticket.actionable:
        yield QUEUE
        yield f"{QUEUE}:{ticket.priority}"
        if ticket.assignee is not None:
            yield f"{_ASSIGNED}:{ticket.priority}:{ticket.assignee}"
        if ticket.parked:
            yield PARKED
    if ticket.owed:
        yield OWED


def count_changes(
    connection: Connection, changes: Iterable[tuple[Ticket | None, Ticket | None]]
) -> None:
    """Bring the counts up to date for tickets that changed from one state to another."""
    moved = Counter[str]()
    for before, after in changes:
        moved.update(names_of(after))
        moved.subtract(names_of(before))
    rows = [{"name": name, "tickets": step} for name, step in moved.items() if step]
    if not rows:
        return
    connection.execute(add_into(connection, TallyRow, "name", "tickets"), rows)
    if any(step < 0 for step in moved.values()):
        connection.execute(_DROP_NOTHINGS)


def queue_changes(changes: Sequence[tuple[Ticket | None, Ticket | None]]) -> bool:
    """Return whether more or fewer are in the queue, or owed, after changes than before."""
    was, stands = (_in_queue_and_owed(side) for side in zip(*changes, strict=True))
    return was != stands


def _in_queue_and_owed(tickets: Iterable[Ticket | None]) -> tuple[int, int]:
    there = [ticket for ticket in tickets if ticket is not None]
    return sum(ticket.actionable for ticket in there), sum(ticket.owed for ticket in there)


def counts_of_all(connection: Connection) -> dict[str, int]:
    """Return how many tickets there are, in the queue, declined, parked, and owed, by name."""
    found = {row.name: row.tickets for row in connection.execute(_OF_ALL)}
    return {name: found.get(name, 0) for name in _WHOLE}


def queue_count_of(connection: Connection, priority: Priority) -> int:
    """Return how many tickets of a priority are in the queue."""
    return int(connection.scalar(_OF_ONE, {"that_name": f"{QUEUE}:{priority}"}) or 0)


def assigned_counts(connection: Connection) -> dict[str, dict[Priority, int]]:
    """Return how many tickets of each priority in the queue each login has."""
    counts: dict[str, dict[Priority, int]] = {}
    for tally, count in connection.execute(_OF_EACH):
        _, priority, login = tally.split(":", 2)
        counts.setdefault(login, {})[priority] = count
    return counts


def arrivals_since(
    connection: Connection, start: datetime, end: datetime
) -> Iterator[tuple[datetime, Priority, int]]:
    """Yield how many tickets of each priority arrived in each whole hour between two (UTC)."""
    those = {"first_name": _arrived_in(start), "after_name": _arrived_in(end)}
    for tally, count in connection.execute(_ARRIVALS, those):
        _, hour, priority = tally.split(":", 2)
        yield datetime.fromisoformat(f"{hour}:00+00:00"), priority, count


def _arrived_in(at: datetime) -> str:
    """Return how the counts of an hour's arrivals begin: with the hour (UTC), so that they sort."""
    return f"{_ARRIVED}:{at.isoformat()[:13]}"
