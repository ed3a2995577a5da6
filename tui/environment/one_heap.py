"""Where the C library takes memory for threads from: one place for all instead of one for each."""

import ctypes
import sys
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8
"""``M_ARENA_MAX`` of glibc's malloc.h."""


def share_one_heap() -> None:
    """Let all threads that are begun from now on share one heap, where the C library is glibc.

    It gives each thread a heap of its own otherwise. A board reads in many threads, only one of
    which runs Python at a time: what one has freed none of the others could use, some 9 MB.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library has no such thing
            ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
