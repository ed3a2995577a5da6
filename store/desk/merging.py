"""The desk's part for: duplicates made one ticket, and mixed ones made several."""

from store.desk.changing import ChangingDoor


class MergingDesk(ChangingDoor):
    """Duplicates made one ticket, and mixed ones made several."""
