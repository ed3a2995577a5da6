"""The queue as it was read for what was foreseen last, while nothing has changed since.

Whoever marks somebody out tries days and people: each of them asks for the same queue.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from policy.words import Mode
from store.desk_reader import DeskReader
from store.forecast.standing_queue import ReadSoFar

_KEPT_AT_MOST = 25_000
"""Of a longer queue nothing is kept: a board's memory stays the same at any size."""

_State = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    state: _State
    read: ReadSoFar


class KeptQueue:
    """Keeps what was read of the queue; any thread may ask, and what one has no other one gets."""

    def __init__(self) -> None:
        self._kept: _Kept | None = None

    @contextmanager
    def of(self, reader: DeskReader, files: int) -> Iterator[ReadSoFar]:
        """Give what is known of the queue as it stands in a committed state, to be read on.

        ``files`` is how many files have lain in the database's place.
        """
        state = (files, reader.revision(), *(reader.queue_in(each).expired for each in Mode))
        kept, self._kept = self._kept, None
        read = kept.read if kept is not None and kept.state == state else ReadSoFar()
        yield read
        if sum(map(len, read.standing.values())) <= _KEPT_AT_MOST:
            self._kept = _Kept(state, read)
