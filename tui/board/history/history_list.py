"""The list of the history screen: what happened, with a cursor that is tied to its event."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Final

from textual import events
from textual.message import Message

from store.read_models import Event
from tui.actions import timeline
from tui.board.widgets.cursor_list import CursorList
from tui.board.widgets.styles import Span, cut
from tui.phrasing import times
from tui.phrasing.text import left_aligned, right_aligned, width

_GAP: Final = 2
_TICKET_AT_LEAST: Final = 4


class HistoryList(CursorList):
    """Draws the events that are on the screen, the latest first."""

    class Opened(Message):
        """The event under the cursor was asked for."""

    class EndReached(Message):
        """The cursor stands on the last event that is known, so that more are wanted."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__(now)
        self._zone = zone
        self._events: Sequence[Event] = ()
        self._empty: tuple[str, ...] = ()
        self._widths = (0, 0)

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self._events[self.place] if self._events else None

    def show(self, found: Sequence[Event], empty: tuple[str, ...]) -> None:
        """Show events; a list that stood at its top stays there.

        ``empty`` is what to say of none.
        """
        if not self.place:
            self._at = None
        self._events, self._empty = found, empty
        self._measure()
        self.lay_out([event.id for event in found])

    def watch_now(self) -> None:
        """Show times as of another time."""
        super().watch_now()
        self._measure()

    def move(self, rows: int) -> None:
        """Move the cursor by some events, down when positive."""
        super().move(rows)
        if self._events and self.place == len(self._events) - 1:
            self.post_message(self.EndReached())

    def sentences(self) -> Sequence[str]:
        """Return what is said of no event."""
        return self._empty

    def line_spans(self, number: int, cells: int, *, here: bool) -> list[Span]:
        """Return an event in a line."""
        event = self._events[number]
        when, ticket = self._widths
        mark = ("▌", "mark" if self.has_focus else "dim") if here else (" ", "")
        role = ("bright" if self.has_focus else "strong") if here else ""
        spans = [
            mark,
            (right_aligned(times.at(event.at, self.now, self._zone), when + 1), "dim"),
            (" " * _GAP, ""),
            (left_aligned(_ticket(event), ticket), role or "dim"),
            (" " * _GAP, ""),
            (timeline.sentence(event, self._zone), role),
        ]
        return cut(spans, cells)

    def on_click(self, event: events.Click) -> None:
        """Open the event that was clicked twice; where the cursor goes, every list knows."""
        if event.chain > 1 and self.scroll_offset.y + event.y < len(self._events):
            self.post_message(self.Opened())

    def on_resize(self) -> None:
        """Lay out anew for another width."""
        self.lay_out([event.id for event in self._events])

    def _measure(self) -> None:
        whens = (width(times.at(event.at, self.now, self._zone)) for event in self._events)
        numbers = (width(_ticket(event)) for event in self._events)
        self._widths = (max(whens, default=0), max(numbers, default=_TICKET_AT_LEAST))


def _ticket(event: Event) -> str:
    return f"#{event.ticket}" if event.ticket is not None else ""
