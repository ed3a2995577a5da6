"""What a person saw when they decided something."""

from collections.abc import Iterable, Mapping

from policy.ticket import Ticket
from store.changed_meanwhile import ChangedMeanwhile


class Seen:
    """The versions of tickets by their numbers, and the desk's revision where that matters.

    Whoever is told of a change has seen that, too.
    """

    def __init__(self, tickets: Iterable[Ticket] = (), revision: int | None = None) -> None:
        self.versions: Mapping[int, int] = {each.id: each.version for each in tickets}
        self.revision = revision

    def told(self, changed: ChangedMeanwhile) -> None:
        """Take note that the person was told how it stands now."""
        self.versions = {**self.versions, **changed.now}
        self.revision = None if self.revision is None else changed.revision
