"""A clock that tests move."""

from datetime import datetime, timedelta

from tests.examples import MONDAY


class Clock:
    """Says the time it was set to; at first the Monday of all examples."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Move on by some ``hours``, ``minutes`` and so on, and return the new time."""
        self.now += timedelta(**by)
        return self.now
