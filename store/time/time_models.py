"""The frozen values of people's time that ``Desk`` hands out; light to import."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # these bring much that the board does without before its first frame
    from policy.time.allocation import Suggestion
    from policy.time.entries import TimeEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerStarted:
    """A timer that runs now, and the one that was stopped for it, if any."""

    entry: "TimeEntry"
    stopped: "TimeEntry | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class MyTime:
    """What one person's time stands at.

    ``on`` is the subject of what their timer runs on, ``left_running`` since when (UTC) it looks
    forgotten, ``paused`` whether internal work pauses, ``suggestion`` the protected time offered.
    """

    running: "TimeEntry | None"
    on: str
    left_running: datetime | None
    paused: bool
    suggestion: "Suggestion | None"
