"""The list of the waits screen: drafts and the ledger, with a cursor tied to its entry."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, tzinfo
from typing import Final

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.board.paint import strip
from tui.board.waits_rows import Entry, EntryLine, Key, Section, entry_spans, heading_spans
from tui.text import shortened

_EMPTY: Final = ("Nobody needs to be told that they will wait.", "What is due appears here.")


class WaitsList(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the entries that are on the screen."""

    class Moved(Message):
        """The cursor stands on another entry, or its entry changed."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._now = now
        self._lines: list[Section | Entry | None] = []
        self._entries: list[Entry] = []
        self._places: dict[Key, int] = {}
        self._line_of: dict[Key, int] = {}
        self._marked: AbstractSet[Key] = frozenset()
        self._at: Key | None = None

    @property
    def entry(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entries[self._place()] if self._entries else None

    @property
    def page_height(self) -> int:
        """How many lines the screen shows."""
        return max(1, self.size.height)

    def show(self, sections: Sequence[Section]) -> None:
        """Show other entries; the cursor stays on its own, or in its place when that is gone."""
        place = self._place()
        self._lines = []
        for section in sections:
            self._lines += [None] if self._lines else []
            self._lines += [section, *section.entries]
        self._entries = [entry for section in sections for entry in section.entries]
        self._places = {entry.key: place for place, entry in enumerate(self._entries)}
        self._line_of = {
            line.key: number for number, line in enumerate(self._lines) if isinstance(line, Entry)
        }
        if self._at not in self._places:
            self._at = (
                self._entries[min(place, len(self._entries) - 1)].key if self._entries else None
            )
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, len(self._lines)))
        self._uncover()
        self.refresh()
        self.post_message(self.Moved())

    def mark(self, marked: AbstractSet[Key]) -> None:
        """Show which drafts are marked."""
        self._marked = marked
        self.refresh()

    def tick(self, now: datetime) -> None:
        """Show times as of ``now`` (UTC), to the second."""
        if now != self._now:
            self._now = now
            self.refresh()

    def move(self, rows: int) -> None:
        """Move the cursor by some entries, down when positive."""
        if self._entries:
            place = min(max(self._place() + rows, 0), len(self._entries) - 1)
            self._at = self._entries[place].key
            self._uncover()
            self.refresh()
            self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        cells, number = self.scrollable_content_region.width, self.scroll_offset.y + y
        if not self._lines:
            said = shortened(_EMPTY[y - 1], cells).center(cells) if 0 < y <= len(_EMPTY) else ""
            return strip(self, [(said, "strong" if y == 1 else "dim")], self.size.width)
        line = self._lines[number] if number < len(self._lines) else None
        if line is None:
            return strip(self, [], self.size.width)
        if isinstance(line, Section):
            return strip(self, heading_spans(line, cells), self.size.width)
        drawn = EntryLine(
            entry=line,
            now=self._now,
            zone=self._zone,
            marked=line.key in self._marked,
            here=line.key == self._at,
            focused=self.has_focus,
        )
        return strip(self, entry_spans(drawn, cells), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the entry that was clicked."""
        number = self.scroll_offset.y + event.y
        line = self._lines[number] if number < len(self._lines) else None
        if isinstance(line, Entry):
            self._at = line.key
            self.move(0)

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self.refresh()

    def _place(self) -> int:
        return 0 if self._at is None else self._places.get(self._at, 0)

    def _uncover(self) -> None:
        """Scroll no further than it takes to see the cursor, and the heading of the first."""
        own = 1 if self._at is None else self._line_of.get(self._at, 1)
        if own == 1:
            self.scroll_to(y=0, animate=False, immediate=True)
        elif own < self.scroll_offset.y:
            self.scroll_to(y=own, animate=False, immediate=True)
        elif own >= self.scroll_offset.y + self.size.height:
            self.scroll_to(y=own - self.size.height + 1, animate=False, immediate=True)
