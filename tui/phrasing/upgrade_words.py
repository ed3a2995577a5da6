"""What an upgrade brought back into the queue, in words."""

from collections.abc import Sequence
from typing import Final

_NAMED_AT_MOST: Final = 8


def are_back(numbers: Sequence[int]) -> str:
    """Return how many tickets are back in the queue; there is one at least."""
    if len(numbers) == 1:
        return f"#{numbers[0]} is back in the queue"
    return f"{len(numbers):,} tickets are back in the queue"


def why_back(numbers: Sequence[int]) -> str:
    """Return why tickets are back in the queue, and which: all of a few, the first of many.

    "Migrating an older database brings its hidden ones back."
    """
    if len(numbers) == 1:
        return "its customer waits, and no list showed it before the upgrade"
    named = [f"#{number}" for number in numbers[:_NAMED_AT_MOST]]
    left = len(numbers) - len(named)
    last = f"{left:,} more" if left else named.pop()
    which = f"{', '.join(named)} and {last}"
    return f"their customers wait, and no list showed them before the upgrade: {which}"
