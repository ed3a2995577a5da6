"""What taking in one ticket from a file did."""

from enum import StrEnum


class Outcome(StrEnum):
    """The four ways a good line can end."""

    ADMITTED = "admitted"
    DECLINED = "declined"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
