"""The list of the time screen: what the person recorded, with a cursor tied to its entry."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.board.paint import strip
from tui.board.time_rows import Day, EntryLine, day_spans, days, entry_spans
from tui.text import shortened

if TYPE_CHECKING:
    from policy.time_entries import TimeEntry

_EMPTY: Final = ("No time is recorded yet.", "The timer is one key, on any ticket.")


class TimeList(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the entries that are on the screen."""

    class Moved(Message):
        """The cursor stands on another entry, or its entry changed."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._now = now
        self._entries: Sequence[TimeEntry] | None = None
        self._subjects: Mapping[int, str] = {}
        self._lines: list[Day | TimeEntry | None] = []
        self._at: int | None = None

    @property
    def entry(self) -> "TimeEntry | None":
        """The entry under the cursor."""
        return self._entries[self._place()] if self._entries else None

    @property
    def page_height(self) -> int:
        """How many lines the screen shows."""
        return max(1, self.size.height)

    def show(self, entries: "Sequence[TimeEntry]", subjects: Mapping[int, str]) -> None:
        """Show other entries; the cursor stays on its own, or in its place when that is gone."""
        place = self._place()
        self._entries, self._subjects = entries, subjects
        if self._at not in {each.id for each in entries}:
            self._at = entries[min(place, len(entries) - 1)].id if entries else None
        self._lay_out()
        self.post_message(self.Moved())

    def tick(self, now: datetime) -> None:
        """Show times as of ``now`` (UTC)."""
        if now != self._now:
            self._now = now
            self._lay_out()

    def move(self, rows: int) -> None:
        """Move the cursor by some entries, down when positive."""
        if self._entries:
            place = min(max(self._place() + rows, 0), len(self._entries) - 1)
            self._at = self._entries[place].id
            self._uncover()
            self.refresh()
            self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        cells, number = self.scrollable_content_region.width, self.scroll_offset.y + y
        if not self._lines:
            told = self._entries is not None and 0 < y <= len(_EMPTY)
            said = shortened(_EMPTY[y - 1], cells).center(cells) if told else ""
            return strip(self, [(said, "strong" if y == 1 else "dim")], self.size.width)
        line = self._lines[number] if number < len(self._lines) else None
        if line is None:
            return strip(self, [], self.size.width)
        if isinstance(line, Day):
            return strip(self, day_spans(line, cells), self.size.width)
        drawn = EntryLine(
            entry=line,
            subjects=self._subjects,
            now=self._now,
            zone=self._zone,
            here=line.id == self._at,
            focused=self.has_focus,
        )
        return strip(self, entry_spans(drawn, cells), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the entry that was clicked."""
        number = self.scroll_offset.y + event.y
        line = self._lines[number] if number < len(self._lines) else None
        if line is not None and not isinstance(line, Day):
            self._at = line.id
            self.move(0)

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self.refresh()

    def _lay_out(self) -> None:
        self._lines = []
        for day in days(self._entries or (), self._now, self._zone):
            self._lines += [None] if self._lines else []
            self._lines += [day, *day.entries]
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, len(self._lines)))
        self._uncover()
        self.refresh()

    def _place(self) -> int:
        numbers = [each.id for each in self._entries or ()]
        return numbers.index(self._at) if self._at in numbers else 0

    def _uncover(self) -> None:
        """Scroll no further than it takes to see the cursor, and the heading of the first."""
        places = (
            number
            for number, line in enumerate(self._lines)
            if line is not None and not isinstance(line, Day) and line.id == self._at
        )
        own = next(places, 1)
        if own == 1:
            self.scroll_to(y=0, animate=False, immediate=True)
        elif own < self.scroll_offset.y:
            self.scroll_to(y=own, animate=False, immediate=True)
        elif own >= self.scroll_offset.y + self.size.height:
            self.scroll_to(y=own - self.size.height + 1, animate=False, immediate=True)
