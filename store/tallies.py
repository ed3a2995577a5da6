"""Counts that are kept, not counted: brought up to date with every change of a ticket."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, delete, select
from sqlmodel import col

from policy.ticket import Ticket
from policy.words import Priority
from store.tables import TallyRow
from store.upsert import insert_into

ALL = "all"
QUEUE = "queue"
DECLINED = "declined"
_ASSIGNED = "assigned"


def names_of(ticket: Ticket | None) -> Iterable[str]:
    """Yield the counts in which a ticket stands; none for one that does not exist yet."""
    if ticket is None:
        return
    yield ALL
    if ticket.declined is not None:
        yield DECLINED
    if ticket.actionable:
        yield QUEUE
        if ticket.assignee is not None:
            yield f"{_ASSIGNED}:{ticket.priority}:{ticket.assignee}"


def count_changes(connection: Connection, changes: Iterable[tuple[Ticket | None, Ticket]]) -> None:
    """Bring the counts up to date for tickets that changed from one state to another."""
    moved = Counter[str]()
    for before, after in changes:
        moved.update(names_of(after))
        moved.subtract(names_of(before))
    rows = [{"name": name, "tickets": step} for name, step in moved.items() if step]
    if not rows:
        return
    add = insert_into(connection, TallyRow)
    tickets = col(TallyRow.tickets)
    connection.execute(
        add.on_conflict_do_update(
            index_elements=["name"], set_={"tickets": tickets + add.excluded.tickets}
        ),
        rows,
    )
    names = [row["name"] for row in rows]
    connection.execute(delete(TallyRow).where(col(TallyRow.name).in_(names), tickets == 0))


def count_of(connection: Connection, name: str) -> int:
    """Return one count."""
    tickets = select(col(TallyRow.tickets)).where(col(TallyRow.name) == name)
    return int(connection.scalar(tickets) or 0)


def assigned_counts(connection: Connection) -> dict[str, dict[Priority, int]]:
    """Return how many tickets of each priority in the queue each login has."""
    name, tickets = col(TallyRow.name), col(TallyRow.tickets)
    rows = select(name, tickets).where(name.startswith(f"{_ASSIGNED}:"))
    counts: dict[str, dict[Priority, int]] = {}
    for tally, count in connection.execute(rows):
        _, priority, login = tally.split(":", 2)
        counts.setdefault(login, {})[Priority(priority)] = count
    return counts
