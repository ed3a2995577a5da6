"""The list of tickets: only the lines on the screen are drawn, from pages of the database."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var

from policy.roster.holders import Holders
from policy.ticket import Ticket
from policy.vocabulary import NO_WORDS, Vocabulary
from tui.board.queue.pages import PageCache
from tui.board.queue.queue_rows import Columns, QueueRow, columns, row_spans
from tui.board.widgets.drawn_lines import DrawnLines
from tui.board.widgets.styles import Span
from tui.phrasing.text import shortened
from tui.phrasing.times import NOT_YET

_WHEEL: Final = 3


@dataclass(frozen=True, slots=True)
class ListState:
    """What the list shows beside its tickets: how many there are, and what to say of none.

    ``holders`` says of a ticket whether whoever has it is away, None before anything is read.
    """

    total: int
    ranked: bool
    empty: tuple[str, ...]
    words: Vocabulary = NO_WORDS
    holders: Holders | None = None


class TicketList(DrawnLines):
    """A list of any length with a cursor that is tied to a ticket, not to a row."""

    now: var[datetime] = var(NOT_YET, init=False)
    headed: var[Columns | None] = var(None, init=False)
    """The columns that headings stand over, None while there is no ticket."""

    class CursorMoved(Message):
        """The cursor stands on another row, or another ticket stands under it."""

    class WindowMoved(Message):
        """Other rows are on the screen."""

    class Opened(Message):
        """The ticket under the cursor was asked for."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self.set_reactive(TicketList.now, now)
        self._listed = ListState(total=0, ranked=True, empty=())
        self.pages = PageCache()
        self.row = 0
        self._followed: int | None = None
        self._sought: int | None = None
        self._marked: dict[int, Ticket] = {}

    @property
    def ticket(self) -> Ticket | None:
        """The ticket under the cursor; None when there is none, or it is not read yet."""
        ticket = self.pages[self.row]
        return ticket if ticket is not None and ticket.id == self._followed else None

    @property
    def followed(self) -> int | None:
        """The id of the ticket that the cursor is tied to, or is on its way to."""
        return self._followed if self._sought is None else self._sought

    @property
    def is_seeking(self) -> bool:
        """Whether the cursor is on its way to a ticket that is yet to be read."""
        return self._sought is not None

    @property
    def marked(self) -> tuple[int, ...]:
        """The numbers of the marked tickets, in the order in which they were marked."""
        return tuple(self._marked)

    @property
    def marked_tickets(self) -> tuple[Ticket, ...]:
        """The marked tickets: as they are read now, or else as they were when they were marked."""
        read = {each.id: each for each in self.pages if each.id in self._marked}
        return tuple({**self._marked, **read}.values())

    @property
    def total(self) -> int:
        """How many tickets the list has."""
        return self._listed.total

    @property
    def top(self) -> int:
        """The first row on the screen."""
        return self.scroll_offset.y

    @property
    def page_height(self) -> int:
        """How many rows the screen shows."""
        return max(1, self.scrollable_content_region.height)

    @property
    def columns(self) -> Columns:
        """The columns of the list as wide as it is."""
        cells, listed = self.scrollable_content_region.width, self._listed
        return columns(cells, listed.total, listed.words, ranked=listed.ranked)

    def show(self, listed: ListState, row: int, followed: int | None) -> None:
        """Show a list whose pages changed, with the cursor on ``row``, that of ``followed``.

        The cursor keeps its line on the screen, but a list that stood at its top stays there,
        and one that was scrolled away from its cursor is not brought back to it.
        """
        if self._sought == followed:
            self._sought = None
        moved, top = row - self.row, self.top
        seen = top <= self.row < top + self.page_height
        self._listed = listed
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, listed.total))
        self.headed = self.columns if listed.total else None
        self.row = self._within(row)
        if top and moved:
            self.scroll_to(y=top + moved, animate=False, immediate=True)
        self._follow()
        if seen:
            self._show_cursor()
        self.redraw()

    def add_pages(self) -> None:
        """Draw again, after pages that were missing came."""
        if self._followed is None:
            self._follow()
        self.redraw()

    def mark(self) -> None:
        """Mark the ticket under the cursor, or take its mark away, wherever it will stand."""
        if self.ticket is not None:
            if self._marked.pop(self.ticket.id, None) is None:
                self._marked[self.ticket.id] = self.ticket
            self.redraw()

    def unmark(self) -> None:
        """Take all marks away."""
        self._marked.clear()
        self.redraw()

    def restart(self, sought: int | None = None) -> None:
        """Go to the first row, of a list that is yet to be read, or to the ticket sought in it."""
        self.row = 0
        self._followed, self._sought = None, sought
        if sought is not None:
            self.pages.replace({})
        self.scroll_to(y=0, animate=False, immediate=True)

    def watch_now(self) -> None:
        """Show the time left as of another time."""
        self.redraw()

    def move(self, rows: int) -> None:
        """Move the cursor by some rows, down when positive."""
        self.move_to(self.row + rows)

    def move_to(self, row: int) -> None:
        """Move the cursor to a row, or to the nearest there is."""
        row, self._sought = self._within(row), None
        if row == self.row and self._followed is not None:
            return
        self.refresh_line(self.row)
        self.row = row
        self._follow()
        self._show_cursor()
        self.refresh_line(self.row)
        self.post_message(self.CursorMoved())

    def line_at(self, y: int) -> list[Span]:
        """Return what stands in a line of the screen."""
        cells = self.scrollable_content_region.width
        row = self.top + y
        if not self._listed.total:
            return self._empty_line(y, cells)
        ticket = self.pages[row]
        if row >= self._listed.total or ticket is None:
            return []
        holders = self._listed.holders
        drawn = QueueRow(
            ticket,
            self._listed.words,
            row + 1,
            self.now,
            self._zone,
            here=row == self.row,
            focused=self.has_focus,
            marked=ticket.id in self._marked,
            away=None if holders is None else holders.away(ticket),
        )
        return row_spans(drawn, self.columns)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw the rows that are on the screen now, and say so."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.WindowMoved())

    def on_resize(self) -> None:
        """Keep the cursor on the screen."""
        self.headed = self.columns if self.total else None
        self.virtual_size = Size(self.scrollable_content_region.width, max(1, self.total))
        self._show_cursor()
        self.post_message(self.WindowMoved())

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row that was clicked; a double click opens its ticket."""
        row = self.top + event.y
        if row < self.total:
            self.move_to(row)
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.post_message(self.Opened())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down; the cursor stays."""
        event.stop()
        self.scroll_to(y=self.top + _WHEEL, animate=False, immediate=True)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up; the cursor stays."""
        event.stop()
        self.scroll_to(y=self.top - _WHEEL, animate=False, immediate=True)

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self.refresh_line(self.row)

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self.refresh_line(self.row)

    def _within(self, row: int) -> int:
        return min(max(row, 0), max(0, self._listed.total - 1))

    def _follow(self) -> None:
        ticket = self.pages[self.row] if self._listed.total else None
        self._followed = ticket.id if ticket else None

    def _show_cursor(self) -> None:
        """Scroll no further than it takes to see the cursor."""
        top, height = self.top, self.page_height
        if self.row < top:
            self.scroll_to(y=self.row, animate=False, immediate=True)
        elif self.row >= top + height:
            self.scroll_to(y=self.row - height + 1, animate=False, immediate=True)

    def _empty_line(self, y: int, cells: int) -> list[Span]:
        """Return a line of the friendly sentences that stand in the middle of an empty list."""
        sentences = self._listed.empty
        number = y - max(0, (self.page_height - len(sentences)) // 2 - 1)
        if not 0 <= number < len(sentences):
            return []
        sentence = shortened(sentences[number], cells)
        return [(sentence.center(cells), "strong" if number == 0 else "dim")]
