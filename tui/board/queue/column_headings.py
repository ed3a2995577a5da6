"""The headings above the queue's columns: "columns have headings"."""

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from tui.board.queue.queue_rows import Columns, heading_spans
from tui.board.queue.ticket_list import TicketList
from tui.board.widgets.styles import strip


class ColumnHeadings(Widget):
    """Draws one line above a list, whose columns it follows."""

    def __init__(self, of: TicketList) -> None:
        super().__init__()
        self._of = of
        self._drawn: Columns | None = None

    def on_mount(self) -> None:
        """Follow the list: it says so when its columns may be others."""
        self.watch(self._of, "virtual_size", self._look, init=False)

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002 - Textual's
        """Draw for another width."""
        self._look()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Return the line; there are no headings where there is no ticket."""
        self._drawn = self._of.columns
        spans = heading_spans(self._drawn) if self._of.total else []
        return strip(self, spans, self.size.width)

    def _look(self) -> None:
        if self._of.columns != self._drawn or not self._of.total:
            self.refresh()
