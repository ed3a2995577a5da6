"""What of tickets a person saw when they decided something about them."""

from collections.abc import Iterable, Mapping

from policy.ticket import Ticket


class Seen:
    """The versions of tickets by their numbers; whoever is told of a change has seen that, too."""

    def __init__(self, tickets: Iterable[Ticket] = ()) -> None:
        self.versions: Mapping[int, int] = {each.id: each.version for each in tickets}

    def told(self, now: Mapping[int, int]) -> None:
        """Take note that the person was told how the tickets stand now."""
        self.versions = {**self.versions, **now}
