"""The three panes beside, below or behind each other, and which of them has the keys."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message
from textual.reactive import var

from tui.board.queue.column_headings import ColumnHeadings
from tui.board.queue.queue_view import QueueCounts, View
from tui.board.queue.ticket_list import TicketList
from tui.board.team.team_widget import TeamList
from tui.board.ticket.ticket_pane import TicketText
from tui.board.waits.waits_client import WaitsState
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span
from tui.environment.keymap import Keys, display
from tui.phrasing.company_words import Neighbour, company_spans
from tui.phrasing.times import NOT_YET

NAMES: Final = ("queue", "ticket", "team")
"""The panes in their order."""

_BEYOND_ALL: Final = 2**40
_TITLE_CELLS: Final = 16
"""How many cells of a pane's first line are its frame and the number of a ticket."""


class Panes(Container):
    """Holds queue, ticket and team; where there is room for one only, shows the current one."""

    now: var[datetime] = var(NOT_YET, init=False)
    waiting: var[WaitsState] = var(WaitsState(""), init=False, always_update=True)
    company: var[tuple[Neighbour, ...]] = var((), init=False)

    class Changed(Message):
        """Another pane has the keys."""

    def __init__(self, zone: tzinfo | None, now: datetime, keys: Keys) -> None:
        super().__init__(id="body")
        self.set_reactive(Panes.now, now)
        self._current = NAMES[0]
        self.show_current()
        self.list = TicketList(zone, now)
        self.text = TicketText(zone, now, keys)
        self.team = TeamList(zone, now)
        self._panes = {
            "queue": Pane(ColumnHeadings(self.list), self.list, title="Queue", id="queue"),
            "ticket": Pane(self.text, title="Ticket", id="ticket"),
            "team": Pane(self.team, title="Team", id="team"),
        }

    def compose(self) -> ComposeResult:
        """Lay out the panes; ticket and team go beside the queue, or under it."""
        for each in (self.list, self.text, self.team):
            each.data_bind(Panes.now)
        self.text.data_bind(Panes.waiting)
        yield self._panes["queue"]
        yield Container(self._panes["ticket"], self._panes["team"], id="beside")

    @property
    def current(self) -> str:
        """The name of the pane that has the keys."""
        return self._current

    def watch_company(self) -> None:
        """Say who is at the ticket now."""
        self.post_message(self.Changed())

    def entitle(self, view: View | None, keys: Keys | None, counts: QueueCounts) -> None:
        """Show each pane's title for the list looked at, None while none is read.

        ``keys`` are given where only one pane is seen: its title names the others. Beside a
        ticket's stands who else is at it.
        """
        detail = self.text.detail
        titles = {
            "queue": view.title(self.list.total, len(self.list.marked), counts)
            if view
            else "Queue",
            "ticket": f"#{detail.card.ticket.id}" if detail else "Ticket",
            "team": "Team",
        }
        others = tuple(tabs(keys, self.current)) if keys else ()
        notes = {"queue": (view.note() if view else ()) or others, "team": others}
        company = self._company_of(detail.card.ticket.id) if detail else []
        gap = [("   ", "")] if company and others else []
        notes["ticket"] = (*company, *gap, *others)
        for name, pane in self._panes.items():
            pane.entitle(titles[name], *notes[name])

    def _company_of(self, ticket: int) -> list[Span]:
        """Return who else is at a ticket, in the room beside the title of its pane."""
        cells = self._panes["ticket"].size.width - _TITLE_CELLS
        return company_spans(self.company, ticket, cells)

    def focus_pane(self, name: str) -> None:
        """Give the keys to a pane, and show it where there is room for one only."""
        self._mark(name)
        {"queue": self.list, "ticket": self.text, "team": self.team}[name].focus()

    def focus_next(self, steps: int) -> None:
        """Give the keys to the pane so many further; after the last comes the first."""
        self.focus_pane(NAMES[(NAMES.index(self.current) + steps) % len(NAMES)])

    def move(self, *, rows: int = 0, pages: int = 0) -> None:
        """Move by rows or pages in the pane that has the keys."""
        mover = self._mover()
        mover.move(rows + pages * max(1, mover.page_height - 1))

    def move_to_end(self, *, first: bool) -> None:
        """Move to the first or the last line of the pane that has the keys."""
        self._mover().move_to(0 if first else _BEYOND_ALL)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Follow the focus when a click moved it."""
        for name, pane in self._panes.items():
            if pane in event.widget.ancestors:
                self._mark(name)
        self.post_message(self.Changed())

    def show_current(self) -> None:
        """Show the pane that has the keys, where there is room for one only."""
        for name in NAMES:
            self.set_class(name == self._current, f"-at-{name}")

    def _mark(self, current: str) -> None:
        self._current = current
        if self.screen.has_class("-narrow"):  # elsewhere it would cost a look at every style
            self.show_current()

    def _mover(self) -> TicketList | TicketText | TeamList:
        if self.current == "queue":
            return self.list
        return self.text if self.current == "ticket" else self.team


def tabs(keys: Keys, current: str) -> Iterator[Span]:
    """Yield the panes' names with their keys, for where only one of them is seen."""
    for name in NAMES:
        yield display(keys[name][0]), "key"
        yield f" {name}  ", "strong" if name == current else "dim"
