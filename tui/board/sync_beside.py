"""The loop beside the board: started where there is a connection, and again where it ended."""

from time import monotonic
from typing import Final

from tui.board.context import BoardContext

_FIRST_PAUSE: Final = 5.0
_LONGEST_PAUSE: Final = 300.0


class SyncBeside:
    """Has the board's own ``numberone sync`` run while there is something to keep in step."""

    def __init__(self, context: BoardContext) -> None:
        self._process = context.sync
        self._pause = _FIRST_PAUSE
        self._not_before = 0.0

    @property
    def said(self) -> str:
        """What it says is wrong, or nothing."""
        return "" if self._process is None else self._process.said

    def look(self, *, is_needed: bool) -> None:
        """Start it where it is needed and does not run; after one that ended, with a pause."""
        process = self._process
        if process is None or not is_needed or process.runs or monotonic() < self._not_before:
            return
        process.start()
        self._not_before = monotonic() + self._pause
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
