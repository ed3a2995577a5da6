"""The list of the engineer's view: what waits, with a cursor tied to its ticket."""

from collections.abc import Sequence
from datetime import datetime

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from store.views import AtEngineering
from tui.board.engineers_lines import EMPTY, Row, row_spans
from tui.board.paint import strip
from tui.text import shortened


class EngineersList(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the tickets that are on the screen."""

    class Moved(Message):
        """The cursor stands on another ticket, or its ticket changed."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now
        self._waiting: Sequence[AtEngineering] = ()
        self._at: int | None = None
        self._read = False

    @property
    def waiting(self) -> AtEngineering | None:
        """The ticket under the cursor."""
        return self._waiting[self._place()] if self._waiting else None

    @property
    def page_height(self) -> int:
        """How many lines the screen shows."""
        return max(1, self.size.height)

    def show(self, waiting: Sequence[AtEngineering]) -> None:
        """Show other tickets; the cursor stays on its own, or in its place when that is gone."""
        place = self._place()
        self._waiting, self._read = waiting, True
        if self._at not in {each.ticket.id for each in waiting}:
            self._at = waiting[min(place, len(waiting) - 1)].ticket.id if waiting else None
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, len(waiting)))
        self._uncover()
        self.refresh()
        self.post_message(self.Moved())

    def tick(self, now: datetime) -> None:
        """Show times as of ``now`` (UTC)."""
        if now != self._now:
            self._now = now
            self.refresh()

    def move(self, rows: int) -> None:
        """Move the cursor by some tickets, down when positive."""
        if self._waiting:
            self._put(min(max(self._place() + rows, 0), len(self._waiting) - 1))

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        cells, number = self.scrollable_content_region.width, self.scroll_offset.y + y
        if not self._waiting:
            seen = self._read and 0 < y <= len(EMPTY)
            said = shortened(EMPTY[y - 1], cells).center(cells) if seen else ""
            return strip(self, [(said, "strong" if y == 1 else "dim")], self.size.width)
        if number >= len(self._waiting):
            return strip(self, [], self.size.width)
        row = Row(
            waiting=self._waiting[number],
            now=self._now,
            here=number == self._place(),
            focused=self.has_focus,
        )
        return strip(self, row_spans(row, cells), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the ticket that was clicked."""
        number = self.scroll_offset.y + event.y
        if number < len(self._waiting):
            self._put(number)

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self.refresh()

    def _put(self, place: int) -> None:
        self._at = self._waiting[place].ticket.id
        self._uncover()
        self.refresh()
        self.post_message(self.Moved())

    def _place(self) -> int:
        ids = (each.ticket.id for each in self._waiting)
        return next((place for place, number in enumerate(ids) if number == self._at), 0)

    def _uncover(self) -> None:
        """Scroll no further than it takes to see the cursor."""
        own, top = self._place(), self.scroll_offset.y
        if own < top or own >= top + self.page_height:
            above = own if own < top else own - self.page_height + 1
            self.scroll_to(y=above, animate=False, immediate=True)
