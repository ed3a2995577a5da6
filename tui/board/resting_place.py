"""At which ticket a person rests: not each one that they pass, and none while they are away."""

from typing import Final

from store.presence import Doing

AWAY_AFTER: Final = 300.0
"""Seconds without a key or a click after which nobody is said to be at the board."""

Place = tuple[int, Doing]
"""A ticket's number, and what is done there."""


class RestingPlace:
    """Looks now and then where a person is: whoever is there at two looks in turn rests there."""

    def __init__(self) -> None:
        self._passing: Place | None = None
        self._rests: Place | None = None
        self._used = 0.0

    def look(self, place: Place | None, now: float, *, used: bool) -> Place | None:
        """Return where they rest; ``used`` is whether anything was pressed since the last look.

        ``now`` is in seconds, by a clock that only goes on.
        """
        if used or not self._used:
            self._used = now
        if place == self._passing or place is None:
            self._rests = place
        self._passing = place
        return None if now - self._used > AWAY_AFTER else self._rests
