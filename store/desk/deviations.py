"""The desk's part for: tickets that a person puts first against the order."""

from store.desk.changing import ChangingDoor


class DeviationDesk(ChangingDoor):
    """Tickets that a person puts first against the order."""
