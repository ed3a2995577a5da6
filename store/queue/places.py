"""Places in the order at a cost that hardly grows with the queue.

The place of a key is a sum of the counts of blocks plus a count inside one block, and the key at a
place is found the same way; ``store.queue.order_index`` keeps these counts.
"""

from policy.words import Mode
from store.quick.reads import Read, Reads, in_each_mode

_START = Read("block's start")
_BLOCK_AT = Read("block at")
_PLACES = in_each_mode("place")
_RANKED = in_each_mode("ranked")


def place_of(reads: Reads, mode: Mode, key: bytes) -> int:
    """Return how many tickets stand before ``key``."""
    start = _START.value(reads, {"of_mode": mode, "that_key": key})
    values = {"of_mode": mode, "start": start, "that_key": key}
    return int(_PLACES[mode].value(reads, values) or 0)


def ranked_from(reads: Reads, mode: Mode, offset: int, limit: int) -> list[tuple[int, bytes]]:
    """Return the id and the key of ``limit`` tickets from the 0-based place ``offset`` on."""
    start, before = b"", 0
    if offset:
        start, before = _BLOCK_AT.first(reads, {"of_mode": mode, "place": offset})
    values = {"start": start, "skipped": offset - before, "wanted": limit}
    return [(row[0], row[1]) for row in _RANKED[mode].rows(reads, values)]
