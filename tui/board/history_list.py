"""The list of the history screen: what happened, with a cursor that is tied to its event."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from store.views import Event
from tui import happenings, times
from tui.board.paint import Span, cut, strip
from tui.text import left_aligned, right_aligned, shortened, width

_GAP: Final = 2
_TICKET_AT_LEAST: Final = 4


class HistoryList(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the events that are on the screen, the latest first."""

    class Moved(Message):
        """The cursor stands on another event."""

    class Opened(Message):
        """The event under the cursor was asked for."""

    class EndReached(Message):
        """The cursor stands on the last event that is known, so that more are wanted."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._now = now
        self._events: Sequence[Event] = ()
        self._row = 0
        self._empty: tuple[str, ...] = ()
        self._widths = (0, 0)

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self._events[self._row] if self._events else None

    @property
    def page_height(self) -> int:
        """How many lines the screen shows."""
        return max(1, self.size.height)

    def show(self, found: Sequence[Event], empty: tuple[str, ...]) -> None:
        """Show events; the cursor stays on its own, or in its place when that is gone.

        A list that stood at its top stays there. ``empty`` is what to say of none.
        """
        at, top = self.event, not self._row
        self._events, self._empty = found, empty
        places = {event.id: row for row, event in enumerate(found)}
        kept = None if at is None or top else places.get(at.id)
        self._row = max(0, min(self._row if kept is None else kept, len(found) - 1))
        self._lay_out()
        self._uncover()
        self.post_message(self.Moved())

    def tick(self, now: datetime) -> None:
        """Show times as of ``now`` (UTC)."""
        if now != self._now:
            self._now = now
            self._lay_out()

    def move(self, rows: int) -> None:
        """Move the cursor by some events, down when positive."""
        if not self._events:
            return
        self._row = min(max(self._row + rows, 0), len(self._events) - 1)
        self._uncover()
        self.refresh()
        self.post_message(self.Moved())
        if self._row == len(self._events) - 1:
            self.post_message(self.EndReached())

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        cells, row = self.scrollable_content_region.width, self.scroll_offset.y + y
        if not self._events:
            said = self._empty[y - 1] if 0 < y <= len(self._empty) else ""
            words = shortened(said, cells).center(cells)
            return strip(self, [(words, "strong" if y == 1 else "dim")], self.size.width)
        if row >= len(self._events):
            return strip(self, [], self.size.width)
        return strip(self, self._line(self._events[row], row == self._row, cells), self.size.width)

    def _line(self, event: Event, here: bool, cells: int) -> list[Span]:
        when, number = self._widths
        mark = ("▌", "mark" if self.has_focus else "dim") if here else (" ", "")
        role = ("bright" if self.has_focus else "strong") if here else ""
        spans = [
            mark,
            (right_aligned(times.at(event.at, self._now, self._zone), when + 1), "dim"),
            (" " * _GAP, ""),
            (left_aligned(_ticket(event), number), role or "dim"),
            (" " * _GAP, ""),
            (happenings.sentence(event), role),
        ]
        return cut(spans, cells)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the event that was clicked; a double click opens it."""
        row = self.scroll_offset.y + event.y
        if row < len(self._events):
            self.move(row - self._row)
            if event.chain > 1:
                self.post_message(self.Opened())

    def on_resize(self) -> None:
        """Lay out anew for another width."""
        self._lay_out()
        self._uncover()

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self.refresh()

    def _lay_out(self) -> None:
        whens = (width(times.at(event.at, self._now, self._zone)) for event in self._events)
        numbers = (width(_ticket(event)) for event in self._events)
        self._widths = (max(whens, default=0), max(numbers, default=_TICKET_AT_LEAST))
        size = Size(self.scrollable_content_region.width, max(1, len(self._events)))
        self.virtual_size = size
        self.refresh()

    def _uncover(self) -> None:
        """Scroll no further than it takes to see the cursor."""
        top, height = self.scroll_offset.y, self.page_height
        if self._row < top:
            self.scroll_to(y=self._row, animate=False, immediate=True)
        elif self._row >= top + height:
            self.scroll_to(y=self._row - height + 1, animate=False, immediate=True)


def _ticket(event: Event) -> str:
    return f"#{event.ticket}" if event.ticket is not None else ""
