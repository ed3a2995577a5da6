"""Counts that are kept, not counted, and how many tickets stood in the queue when."""

from collections.abc import Iterator
from datetime import datetime

from policy.capacity.hard_choices import QueueCount
from policy.words import Priority
from store.quick.reads import Read, Reads
from store.schema.kept_names import WHOLE

_ARRIVED = "arrived"
_SINCE = Read("counts since")
_BEFORE = Read("count before")
_OF_ALL = Read("whole counts")
_ARRIVALS = Read("arrivals")


def counts_between(reads: Reads, start: datetime, end: datetime) -> list[QueueCount]:
    """Return the counts from the one that held at ``start`` to ``end``, oldest first (UTC)."""
    before = _BEFORE.all(reads, {"start": start})
    since = _SINCE.all(reads, {"start": start, "end": end})
    return [QueueCount(at=row.at, tickets=row.tickets, owed=row.owed) for row in (*before, *since)]


def counts_of_all(reads: Reads) -> dict[str, int]:
    """Return how many tickets there are, in the queue, declined, parked, and owed."""
    found = {row.name: row.tickets for row in _OF_ALL.rows(reads)}
    return {name: found.get(name, 0) for name in WHOLE}


def arrivals_since(
    reads: Reads, start: datetime, end: datetime
) -> Iterator[tuple[datetime, Priority, int]]:
    """Yield how many tickets of each priority arrived in each whole hour between two (UTC)."""
    those = {"first_name": arrived_in(start), "after_name": arrived_in(end)}
    for tally, count in _ARRIVALS.rows(reads, those):
        _, hour, priority = tally.split(":", 2)
        yield datetime.fromisoformat(f"{hour}:00+00:00"), priority, count


def arrived_in(at: datetime) -> str:
    """Return how the counts of an hour's arrivals begin: with the hour (UTC), so that they sort."""
    return f"{_ARRIVED}:{at.isoformat()[:13]}"
