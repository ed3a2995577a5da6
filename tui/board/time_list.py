"""The list of the time screen: what the person recorded, with a cursor tied to its entry."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from tui.board.cursor_list import CursorList
from tui.board.paint import Span
from tui.board.time_rows import Day, EntryLine, day_spans, days, entry_spans

if TYPE_CHECKING:
    from policy.time_entries import TimeEntry

_EMPTY: Final = ("No time is recorded yet.", "The timer is one key, on any ticket.")


class TimeList(CursorList):
    """Draws the entries that are on the screen, under their days."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__(now)
        self._zone = zone
        self._recorded: Sequence[TimeEntry] | None = None
        self._subjects: Mapping[int, str] = {}
        self._lines: list[Day | TimeEntry | None] = []

    @property
    def entry(self) -> "TimeEntry | None":
        """The entry under the cursor."""
        return self._recorded[self.place] if self._recorded else None

    def show(self, entries: "Sequence[TimeEntry]", subjects: Mapping[int, str]) -> None:
        """Show other entries."""
        self._recorded, self._subjects = entries, subjects
        self._divide_into_days()

    def tick(self, now: datetime) -> None:
        """Show times as of ``now`` (UTC), under the days as they are called by then."""
        if now != self._now:
            self._now = now
            self._divide_into_days()

    def sentences(self) -> Sequence[str]:
        """Return that nothing is recorded, once it is read."""
        return () if self._recorded is None else _EMPTY

    def line_spans(self, number: int, cells: int, *, here: bool) -> list[Span]:
        """Return an entry, a day's heading, or the gap before it."""
        line = self._lines[number]
        if line is None:
            return []
        if isinstance(line, Day):
            return day_spans(line, cells)
        drawn = EntryLine(
            entry=line,
            subjects=self._subjects,
            now=self._now,
            zone=self._zone,
            here=here,
            focused=self.has_focus,
        )
        return entry_spans(drawn, cells)

    def _divide_into_days(self) -> None:
        self._lines = []
        for day in days(self._recorded or (), self._now, self._zone):
            self._lines += [None] if self._lines else []
            self._lines += [day, *day.entries]
        self.lay_out(
            [None if line is None or isinstance(line, Day) else line.id for line in self._lines]
        )
