"""The history screen: what happened, the latest first, and the way to the desk as it was then."""

from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Static

from policy.refusal import Refusal
from store.read_models import Event, EventFilter
from tui.actions import timeline
from tui.board.history.history_client import EventsRead, HistoryLink
from tui.board.history.history_filter import (
    EXAMPLE,
    HistoryReader,
    parse_history_filter,
    with_ticket,
)
from tui.board.history.history_list import HistoryList
from tui.board.keyed_screen import MOVES, KeyedScreen, rows_of
from tui.board.past.past_handlers import go_to
from tui.board.widgets.filter_bar import FilterBar
from tui.board.widgets.footer import Footer, FooterKey
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span, content, spread
from tui.environment.keymap import display
from tui.phrasing import times
from tui.phrasing.text import plain_line
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from tui.board.screen import BoardScreen

AT_ONCE: Final = 200
"""How many events are read at once."""

_POLL_EVERY: Final = 0.5
_EVERYTHING: Final = EventFilter()
_NOTHING_YET: Final = ("Nothing has happened yet.", "What anybody does appears here.")
_NOTHING_SUCH: Final = ("Nothing like that has happened.", "Another filter may find more.")


class HistoryScreen(KeyedScreen):
    """Shows events; what it does goes through the board, which lives on below it."""

    def __init__(self, board: "BoardScreen") -> None:
        super().__init__(board, "history")
        ticket = board.situation().ticket
        self._ticket = ticket.id if ticket is not None else None
        self._zone, now = board.setting.zone, board.setting.clock()
        self._list = HistoryList(self._zone, now)
        self._pane = Pane(self._list, title="What happened", id="history-list")
        self._heading = Static("", markup=False, classes="waits-heading")
        self._whole = Static("", markup=False, id="whole-event")
        self._bar = FilterBar(EXAMPLE)
        self._footer = Footer()
        self._link = HistoryLink(self, board.setting.state_folder)
        self._typed = ""
        self._wanted = _EVERYTHING
        self._events: list[Event] | None = None
        self._limit = AT_ONCE
        self._more = False
        self._revision = -1
        self._trouble = ""

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield from (self._heading, self._pane, self._whole, self._bar, self._footer)

    def on_mount(self) -> None:
        """Read the latest, and whatever comes."""
        self._list.focus()
        self.set_interval(_POLL_EVERY, self._look)
        self._look()
        self._draw()

    # Reading

    def _look(self) -> None:
        """Read again when something has happened since, as the board has noticed."""
        self._list.tick(self.board.setting.clock())
        overview = self.board.overview
        if overview is not None and overview.revision != self._revision and not self._link.reading:
            self._ask()

    def _ask(self) -> None:
        desk, overview = self.board.link.desk, self.board.overview
        if desk is not None and overview is not None:
            self._revision = overview.revision
            self._link.ask(desk, self._wanted, self._limit)

    @on(EventsRead)
    def _came(self, message: EventsRead) -> None:
        if not self._link.came(message):
            return
        self._trouble = message.trouble
        if message.trouble:
            self._revision = -1
        else:
            self._events = message.events
            self._more = len(message.events) == self._limit
            self._list.show(self._events, _NOTHING_SUCH if self._typed else _NOTHING_YET)
        self._draw()

    @on(HistoryList.EndReached)
    def _end_reached(self) -> None:
        if self._more and not self._link.reading:
            self._limit += AT_ONCE
            self._ask()
            self._draw()

    def _filter_by(self, typed: str) -> None:
        """Show what a line asks for.

        Raises:
            Refusal: it is wrong.
        """
        now, zone = self.board.setting.clock(), self._zone or LocalZone()
        wanted = parse_history_filter(typed, HistoryReader(self.board.actor, now, zone))
        self._typed = typed.strip()
        if wanted != self._wanted:
            self._wanted, self._limit = wanted, AT_ONCE
            self._ask()
        self._draw()

    # Drawing

    @on(HistoryList.Moved)
    def _moved(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        self._pane.entitle("What happened", *self._notes())
        self._heading.update(content(self._heading_spans()))
        self._whole.update(content(self._whole_spans()))
        self._footer.show(tuple(self._footer_keys()))

    def _notes(self) -> list[Span]:
        return [(f"/ {self._typed}", "soon")] if self._typed else []

    def _heading_spans(self) -> list[Span]:
        said: list[Span] = [(" history", "name"), ("   ", "")]
        if self.board.past is not None:
            said = [(" PAST", "loud"), *said]
        if self._trouble:
            said.append((f"! no answer from the database: {plain_line(self._trouble)}", "late"))
        elif self._events is None or self._link.reading:
            said.append(("reading …", "dim"))
        else:
            latest = "the latest " if self._more else ""
            said += [(latest, "dim"), (f"{len(self._events):,}", "strong"), (" things", "dim")]
        now = self.board.setting.clock()
        return spread(said, [(f"{now.astimezone(self._zone):%H:%M} ", "strong")], self.size.width)

    def _whole_spans(self) -> list[Span]:
        event = self._list.event
        if event is None:
            return []
        local = event.at.astimezone(self._zone)
        ago = times.ago(event.at, self.board.setting.clock())
        about = f"#{event.ticket}  " if event.ticket is not None else ""
        return [
            (f"{local:%a} {local.day} {local:%b %Y %H:%M:%S}, {ago}   ", "dim"),
            (about, "strong"),
            (timeline.sentence(event), ""),
        ]

    def _footer_keys(self) -> list[FooterKey]:
        keys = self.board.setting.keys
        only = "everything" if self._only_one else f"only #{self._one}"
        shown = [
            ("open", "look at the desk then", self._list.event is not None),
            ("filter", "find", True),
            ("only_ticket", only if self._one is not None else "only", self._one is not None),
            ("undo", "take back", self.board.past is None),
            ("redo", "do again", self.board.past is None),
            ("help", "help", True),
            ("back", "back", True),
        ]
        return [FooterKey(each, display(keys[each][0]), said, can) for each, said, can in shown]

    # What the person does

    @property
    def _one(self) -> int | None:
        """The ticket under the board's cursor, or else that of the event under this one."""
        event = self._list.event
        return self._ticket if self._ticket is not None or event is None else event.ticket

    @property
    def _only_one(self) -> bool:
        return self._wanted.ticket is not None

    def command_for(self, event: events.Key) -> str | None:
        """Return what a key stands for on this screen, None while a filter is typed."""
        return None if self.has_class("-filtering") else super().command_for(event)

    @on(HistoryList.Opened)
    def _opened(self) -> None:
        self.use("open")

    def use(self, command: str) -> None:
        """Use a command, or say why that cannot be done now."""
        if command == "open":
            self._go_there()
        elif command == "only_ticket":
            self._toggle_ticket()
        elif command == "filter":
            self.add_class("-filtering")
            self._bar.open(self._typed)
        elif command in ("back", "history"):
            self.dismiss()
        elif command in MOVES:
            page = max(1, self._list.page_height - 1)
            self._list.move(rows_of(command, page))
        else:
            super().use(command)

    def _go_there(self) -> None:
        event = self._list.event
        if event is None:
            self.board.refuse("there is nothing under the cursor")
            return
        if self.board.past is not None:
            self.dismiss()
        go_to(self.board, event.at)

    def _toggle_ticket(self) -> None:
        if self._one is None:
            self.board.refuse("there is no ticket to look for")
            return
        self._filter_by(with_ticket(self._typed, None if self._only_one else self._one))

    @on(FilterBar.Typed)
    def _filter_typed(self, message: FilterBar.Typed) -> None:
        try:
            self._filter_by(message.text)
        except Refusal as refusal:
            self._bar.say_wrong(refusal.reason)
        else:
            self._bar.say_wrong("")

    @on(FilterBar.Closed)
    def _filter_closed(self, message: FilterBar.Closed) -> None:
        self.remove_class("-filtering")
        self._list.focus()
        if not message.keep:
            self._filter_by("")
