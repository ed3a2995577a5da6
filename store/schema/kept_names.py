"""The names under which counts and settings are kept."""

from typing import Final

ALL: Final = "all"
QUEUE: Final = "queue"
DECLINED: Final = "declined"
PARKED: Final = "parked"
OWED: Final = "owed"
WHOLE: Final = (ALL, QUEUE, DECLINED, PARKED, OWED)
"""What is counted of all tickets, whatever their priority."""

POLICY: Final = "policy"
MODE: Final = "mode"
ROSTER: Final = "roster"
IN_FORCE: Final = "in_force"
"""What the views of a server need and cannot reckon; kept only where they are made."""

ALERTS: Final = "alerts "
"""How the settings begin that remember what somebody was told."""

ANSWER: Final = "answer"
BUSY: Final = "busy"
"""What is measured of the work on a ticket: how long its answer took, and how long it all did."""
