"""The queue as far as a forecast looks at it, read once for all that is foreseen of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from policy.words import Mode
from store.queue.queue_order import QueueOrder
from store.quick.reads import Read, Reads

_AT_ONCE = 500
_STANDING = Read("waiting tickets")


@dataclass(frozen=True, slots=True)
class StandingQueue:
    """Reads the queue of each mode piece by piece, as far as it is asked for, and keeps it."""

    reads: Reads
    queue_in: Callable[[Mode], QueueOrder]
    _read: dict[Mode, list[Any]] = field(default_factory=dict)

    def rows(self, mode: Mode) -> Iterator[Any]:
        """Yield of each ticket of the queue, in its order, what a forecast asks for."""
        read, at = self._read.setdefault(mode, []), 0
        while at < len(read) or self._read_on(mode, read):
            yield read[at]
            at += 1

    def _read_on(self, mode: Mode, read: list[Any]) -> bool:
        """Read the next few hundred; return whether there were any."""
        ids = self.queue_in(mode).ids(len(read), _AT_ONCE)
        rows = {row.id: row for row in _STANDING.rows(self.reads, {"ids": ids})}
        read += [rows[each] for each in ids]
        return bool(ids)
