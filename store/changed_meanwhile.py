"""Two changes at once: the second is told what changed, and asks; light to import."""

from collections.abc import Mapping, Sequence

from policy.refusal import Refusal
from store.read_models import Event


class ChangedMeanwhile(Refusal):
    """Others changed what was decided on, so that nothing was done.

    ``changes`` are what they did, the earliest first, ``now`` the tickets' versions by their
    numbers, and ``revision`` the desk's: with these it can be decided again. It knows of no change
    where a version was named that the ticket has not come to.
    """

    def __init__(self, changes: Sequence[Event], now: Mapping[int, int], revision: int) -> None:
        super().__init__(_line(changes, now))
        self.changes = tuple(changes)
        self.now = dict(now)
        self.revision = revision


def _line(changes: Sequence[Event], now: Mapping[int, int]) -> str:
    if not changes:
        number, version = next(iter(now.items()))
        return f"#{number} is at version {version} only; look again"
    latest = changes[-1]
    what = latest.kind.replace("_", " ")
    name = "it" if latest.ticket is None else f"#{latest.ticket}"
    return f"{name} was changed meanwhile by {latest.actor} ({what}); look again"
