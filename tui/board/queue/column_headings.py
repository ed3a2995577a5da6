"""The headings above the queue's columns: "columns have headings"."""

from textual.strip import Strip
from textual.widget import Widget

from tui.board.queue.queue_rows import heading_spans
from tui.board.queue.ticket_list import TicketList
from tui.board.widgets.styles import strip


class ColumnHeadings(Widget):
    """Draws one line above a list, whose columns it follows."""

    def __init__(self, of: TicketList) -> None:
        super().__init__()
        self._of = of

    def on_mount(self) -> None:
        """Follow the columns of the list."""
        self.watch(self._of, "headed", self.refresh_headings, init=False)

    def refresh_headings(self) -> None:
        """Draw for other columns."""
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Return the line; there are no headings where there is no ticket."""
        headed = self._of.headed
        return strip(self, heading_spans(headed) if headed is not None else [], self.size.width)
