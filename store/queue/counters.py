"""Keeps the counts that ``store.queue.counted`` reads, as tickets change."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select
from sqlmodel import col

from policy.ticket import Ticket
from policy.words import Priority
from store.engines.statements import add_into, put_into
from store.queue.counted import arrived_in, counts_of_all
from store.schema.kept_names import ALL, DECLINED, OWED, PARKED, QUEUE
from store.schema.tables import QueueCountRow, TallyRow


def put_count(connection: Connection, at: datetime) -> None:
    """Write down how many tickets stand in the queue from ``at`` (UTC) on, and are owed."""
    counts = counts_of_all(connection)
    put = put_into(connection, QueueCountRow, "at", "tickets", "owed")
    connection.execute(put, {"at": at, "tickets": counts[QUEUE], "owed": counts[OWED]})


_ASSIGNED = "assigned"

_NAME = col(TallyRow.name)
_TICKETS = col(TallyRow.tickets)
_DROP_NOTHINGS = delete(TallyRow).where(_TICKETS == 0)
_OF_ONE = select(_TICKETS).where(bindparam("that_name") == _NAME)
_OF_EACH = select(_NAME, _TICKETS).where(_NAME.startswith(f"{_ASSIGNED}:"))


def names_of(ticket: Ticket | None) -> Iterable[str]:
    """Yield the counts in which a ticket stands; none for one that does not exist yet."""
    if ticket is None:
        return
    yield ALL
    if ticket.declined is not None:
        yield DECLINED
    else:
        yield f"{arrived_in(ticket.received_at)}:{ticket.priority}"
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
    add_counts(connection, moved)


def add_counts(connection: Connection, moved: Mapping[str, int]) -> None:
    """Add to counts by name, and leave none of nothing."""
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
