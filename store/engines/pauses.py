"""Pauses between attempts that grow, so that many who wait do not all ask at once."""

from collections.abc import Iterator
from random import uniform

_FACTOR = 2.0


def growing_pauses(first: float, longest: float) -> Iterator[float]:
    """Yield seconds for ever: each about twice those before, up to the longest, none quite even."""
    pause = first
    while True:
        yield uniform(pause / 2, pause)  # noqa: S311 - no secret hangs on it
        pause = min(_FACTOR * pause, longest)
