"""The queue as far as a forecast looks at it, read once for all that is foreseen of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from policy.ticket import Ticket
from policy.waits.forecast import Waiting
from policy.words import Mode, Priority
from store.queue.queue_order import QueueOrder
from store.quick.reads import Read, Reads

_AT_ONCE = 500
_STANDING = Read("waiting tickets")


class Standing(NamedTuple):
    """A ticket of the queue as far as it says who waits for it, and since when; times are UTC."""

    id: int
    waiting: Waiting
    owed: bool
    internal: bool
    aim_by: datetime | None

    @property
    def priority(self) -> Priority | None:
        """Its priority."""
        return self.waiting.priority


@dataclass(slots=True)
class ReadSoFar:
    """What has been read of the queue of each mode, and who asks in which of its tickets."""

    standing: dict[Mode, list[Standing]] = field(default_factory=dict)
    owed: dict[int, Priority | None] = field(default_factory=dict)
    """Those of them whose customers wait, with their priorities."""
    asking: dict[int, Ticket] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StandingQueue:
    """Reads the queue of each mode piece by piece, as far as it is asked for, and keeps it."""

    reads: Reads
    queue_in: Callable[[Mode], QueueOrder]
    read: ReadSoFar = field(default_factory=ReadSoFar)

    @property
    def owed(self) -> Mapping[int, Priority | None]:
        """The tickets read so far whose customers wait, with their priorities."""
        return self.read.owed

    def rows(self, mode: Mode) -> Iterator[Standing]:
        """Yield of each ticket of the queue, in its order, what a forecast asks for."""
        read, at = self.read.standing.setdefault(mode, []), 0
        while at < len(read) or self._read_on(mode, read):
            known = read[at:]
            yield from known
            at += len(known)

    def _read_on(self, mode: Mode, read: list[Standing]) -> bool:
        """Read the next few hundred; return whether there were any."""
        ids = self.queue_in(mode).ids(len(read), _AT_ONCE)
        rows = {
            number: Standing(
                number,
                Waiting(number, priority),
                owed=waiting_since is not None and not internal,
                internal=internal,
                aim_by=aim_by,
            )
            for number, priority, waiting_since, internal, aim_by in _STANDING.rows(
                self.reads, {"ids": ids}
            )
        }
        read += [rows[each] for each in ids]
        self.read.owed.update(
            (each.id, each.waiting.priority) for each in rows.values() if each.owed
        )
        return bool(ids)
