"""The desk's part for: what is handed over to engineering, and what comes back."""

from store.desk.changing import ChangingDoor


class EngineeringDesk(ChangingDoor):
    """What is handed over to engineering, and what comes back."""
