"""The desk's part for: what happened, and how it is taken back."""

from store.desk.changing import ChangingDoor


class HistoryDesk(ChangingDoor):
    """What happened, and how it is taken back."""
