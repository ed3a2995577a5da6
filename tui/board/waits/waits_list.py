"""The list of the waits screen: drafts and the ledger, with a cursor tied to its entry."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, tzinfo
from typing import Final

from tui.board.waits.waits_rows import (
    Key,
    WaitEntry,
    WaitEntryLine,
    WaitGroup,
    entry_spans,
    heading_spans,
)
from tui.board.widgets.cursor_list import CursorList
from tui.board.widgets.styles import Span

_EMPTY: Final = ("Nobody needs to be told that they will wait.", "What is due appears here.")


class WaitsList(CursorList):
    """Draws the entries that are on the screen, under their headings."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__(now)
        self._zone = zone
        self._lines: list[WaitGroup | WaitEntry | None] = []
        self._notices: list[WaitEntry] = []
        self._marked: AbstractSet[Key] = frozenset()

    @property
    def entry(self) -> WaitEntry | None:
        """The entry under the cursor."""
        return self._notices[self.place] if self._notices else None

    def show(self, sections: Sequence[WaitGroup]) -> None:
        """Show other entries."""
        self._lines = []
        for section in sections:
            self._lines += [None] if self._lines else []
            self._lines += [section, *section.entries]
        self._notices = [entry for section in sections for entry in section.entries]
        self.lay_out([line.key if isinstance(line, WaitEntry) else None for line in self._lines])

    def mark(self, marked: AbstractSet[Key]) -> None:
        """Show which drafts are marked."""
        self._marked = marked
        self.refresh()

    def sentences(self) -> Sequence[str]:
        """Return that nobody is to be told."""
        return _EMPTY

    def line_spans(self, number: int, cells: int, *, here: bool) -> list[Span]:
        """Return an entry, a heading, or the gap before it."""
        line = self._lines[number]
        if line is None:
            return []
        if isinstance(line, WaitGroup):
            return heading_spans(line, cells)
        drawn = WaitEntryLine(
            entry=line,
            now=self.now,
            zone=self._zone,
            marked=line.key in self._marked,
            here=here,
            focused=self.has_focus,
        )
        return entry_spans(drawn, cells)
