"""The list of the engineer's view: what waits, with a cursor tied to its ticket."""

from collections.abc import Sequence
from datetime import datetime

from store.views import AtEngineering
from tui.board.cursor_list import CursorList
from tui.board.engineers_lines import EMPTY, Row, row_spans
from tui.board.paint import Span


class EngineersList(CursorList):
    """Draws the tickets that are on the screen."""

    def __init__(self, now: datetime) -> None:
        super().__init__(now)
        self._waiting: Sequence[AtEngineering] | None = None

    @property
    def waiting(self) -> AtEngineering | None:
        """The ticket under the cursor."""
        return self._waiting[self.place] if self._waiting else None

    def show(self, waiting: Sequence[AtEngineering]) -> None:
        """Show other tickets."""
        self._waiting = waiting
        self.lay_out([each.ticket.id for each in waiting])

    def sentences(self) -> Sequence[str]:
        """Return that nothing waits, once it is read."""
        return () if self._waiting is None else EMPTY

    def line_spans(self, number: int, cells: int, *, here: bool) -> list[Span]:
        """Return a ticket in a line."""
        waiting = (self._waiting or ())[number]
        row = Row(waiting=waiting, now=self._now, here=here, focused=self.has_focus)
        return row_spans(row, cells)
