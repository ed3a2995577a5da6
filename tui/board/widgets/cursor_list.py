"""A list whose cursor is tied to its entry, wherever the entry moves."""

from collections.abc import Hashable, Sequence
from datetime import datetime

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip

from tui.board.widgets.selecting import SelectableLines
from tui.board.widgets.styles import Span, strip
from tui.phrasing.text import shortened
from tui.phrasing.times import NOT_YET


class CursorList(SelectableLines, can_focus=True, inherit_bindings=False):
    """Draws the lines that are on the screen: entries, and headings and gaps between them.

    Whoever derives from it says how a line is drawn, and what is said when there is none.
    """

    now: var[datetime] = var(NOT_YET, init=False)

    class Moved(Message):
        """The cursor stands on another entry, or its entry changed."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.set_reactive(CursorList.now, now)
        self._keys: Sequence[Hashable | None] = ()
        self._entries: Sequence[Hashable] = ()
        self._places: dict[Hashable, int] = {}
        self._at: Hashable | None = None

    @property
    def place(self) -> int:
        """Which entry the cursor stands on, from 0."""
        return self._places.get(self._at, 0)

    @property
    def page_height(self) -> int:
        """How many lines the screen shows."""
        return max(1, self.size.height)

    def sentences(self) -> Sequence[str]:
        """Return what is said where there is no line."""
        raise NotImplementedError

    def line_spans(self, number: int, cells: int, *, here: bool) -> list[Span]:
        """Return a line; ``here`` is whether the cursor stands on it."""
        raise NotImplementedError

    def lay_out(self, keys: Sequence[Hashable | None]) -> None:
        """Show other lines: the key of each entry, None for a line that is none.

        The cursor stays on its own entry, or in its place when that is gone.
        """
        place = self.place
        self._keys = keys
        self._entries = [key for key in keys if key is not None]
        self._places = {key: place for place, key in enumerate(self._entries)}
        if self._at not in self._places:
            last = len(self._entries) - 1
            self._at = self._entries[min(place, last)] if self._entries else None
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, len(keys)))
        self._show_cursor()
        self.refresh()
        self.post_message(self.Moved())

    def watch_now(self) -> None:
        """Show times as of another time."""
        self.refresh()

    def move(self, rows: int) -> None:
        """Move the cursor by some entries, down when positive."""
        if self._entries:
            self._put(self._entries[min(max(self.place + rows, 0), len(self._entries) - 1)])

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        cells, number = self.scrollable_content_region.width, self.scroll_offset.y + y
        if not self._keys:
            sentences = self.sentences()
            told = 0 < y <= len(sentences)
            said = shortened(sentences[y - 1], cells).center(cells) if told else ""
            spans = [(said, "strong" if y == 1 else "dim")]
        elif number < len(self._keys):
            key = self._keys[number]
            spans = self.line_spans(number, cells, here=key is not None and key == self._at)
        else:
            spans = []
        return strip(self, spans, self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the entry that was clicked."""
        number = self.scroll_offset.y + event.y
        key = self._keys[number] if number < len(self._keys) else None
        if key is not None:
            self._put(key)

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self.refresh()

    def _put(self, key: Hashable) -> None:
        self._at = key
        self._show_cursor()
        self.refresh()
        self.post_message(self.Moved())

    def _show_cursor(self) -> None:
        """Scroll no further than it takes to see the cursor, and the heading of the first."""
        top, height = self.scroll_offset.y, self.page_height
        own = self._keys.index(self._at) if self.place else 0
        if own < top:
            self.scroll_to(y=own, animate=False, immediate=True)
        elif own >= top + height:
            self.scroll_to(y=own - height + 1, animate=False, immediate=True)
