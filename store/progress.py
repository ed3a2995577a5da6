"""How long work over many rows tells how far it is."""

from collections.abc import Callable

Told = Callable[[int], None]
"""Called with how many rows more were gone through."""


def nobody(_more: int) -> None:
    """Tell nobody."""


def counted(total: int, progress: Callable[[int, int], None] | None) -> Told:
    """Return what counts rows, and tells each time how many of ``total`` were gone through."""
    if progress is None:
        return nobody
    done = 0

    def told(more: int) -> None:
        nonlocal done
        done += more
        progress(min(done, total), total)

    return told
