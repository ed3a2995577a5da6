"""The desk's part for: what a shift looked like."""

from store.desk.changing import ChangingDoor


class ReportingDesk(ChangingDoor):
    """What a shift looked like."""
