"""The desk's part for: the whole database, copied, checked, restored, taken out and in."""

from store.desk.changing import ChangingDoor


class CopiesDesk(ChangingDoor):
    """The whole database, copied, checked, restored, taken out and in."""
