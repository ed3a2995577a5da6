"""The desk's part for: the time that people spend."""

from store.desk.changing import ChangingDoor


class TimeDesk(ChangingDoor):
    """The time that people spend."""
