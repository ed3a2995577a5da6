"""The history screen: what happened, the latest first, and the way to the desk as it was then."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from policy.refusal import Refusal
from store.read_models import Event, EventFilter
from tui.actions import timeline
from tui.board.client import Answered, Client, GoOn
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.history.history_filter import (
    EXAMPLE,
    HistoryReader,
    parse_history_filter,
    with_ticket,
)
from tui.board.history.history_list import HistoryList
from tui.board.over_screen import OverScreen
from tui.board.widgets.filter_bar import FilterBar
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span, content, spread
from tui.phrasing import times
from tui.phrasing.text import plain_line
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from store.desk import DeskReading

AT_ONCE: Final = 200
"""How many events are read at once."""

_POLL_EVERY: Final = 0.5
_EVERYTHING: Final = EventFilter()
_NOTHING_YET: Final = ("Nothing has happened yet.", "What anybody does appears here.")
_NOTHING_SUCH: Final = ("Nothing like that has happened.", "Another filter may find more.")


class EventsRead(Answered[list[Event]]):
    """Events came, the latest first."""


class HistoryScreen(OverScreen):
    """Shows events, those of one ticket, person or kind where a filter says so."""

    NAME = "history"
    LEAVING = ("back", "history")
    BINDINGS = bindings_of("history")

    def __init__(self, below: DeskScreen) -> None:
        super().__init__(below)
        ticket = self.situation().ticket
        self._ticket = ticket.id if ticket is not None else None
        self._zone = self.context.zone
        self._list = HistoryList(self._zone, self.now)
        self._pane = Pane(self._list, title="What happened", id="history-list")
        self._heading = Static("", markup=False, classes="over-heading")
        self._whole = Static("", markup=False, id="whole-event")
        self._bar = FilterBar(EXAMPLE)
        self._reading: Client[tuple[DeskReading, EventFilter, int], list[Event]] = Client(
            self,
            _read,
            EventsRead,
            name="history",
            fault_folder=self.context.state_folder,
            sentence="{told}",
        )
        self._typed = ""
        self._wanted = _EVERYTHING
        self._events: list[Event] | None = None
        self._limit = AT_ONCE
        self._more = False
        self._revision = -1
        self._trouble = ""

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        self._list.data_bind(DeskScreen.now)
        yield from (self.block(), self._heading, self._pane, self._whole, self._bar, self._footer)

    def on_mount(self) -> None:
        """Read the latest, and whatever comes."""
        self._list.focus()
        self.set_interval(_POLL_EVERY, self._look)
        self._look()
        self._draw()

    # Reading

    def _look(self) -> None:
        """Read again when something has happened since, as the board has noticed."""
        overview = self.state.overview if self.state is not None else None
        changed = overview is not None and overview.revision != self._revision
        if changed and not self._reading.reading:
            self._ask()

    def _ask(self) -> None:
        desk, state = self.client.desk, self.state
        if desk is not None and state is not None:
            self._revision = state.overview.revision
            self._reading.ask((desk, self._wanted, self._limit))

    @on(EventsRead)
    def _came(self, message: EventsRead) -> None:
        if not self._reading.came(message):
            return
        self._trouble = message.trouble
        if message.found is None:
            self._revision = -1
        else:
            self._events = message.found
            self._more = len(message.found) == self._limit
            self._list.show(self._events, _NOTHING_SUCH if self._typed else _NOTHING_YET)
        self._draw()

    @on(HistoryList.EndReached)
    def _end_reached(self) -> None:
        if self._more and not self._reading.reading:
            self._limit += AT_ONCE
            self._ask()
            self._draw()

    def _filter_by(self, typed: str) -> None:
        """Show what a line asks for.

        Raises:
            Refusal: it is wrong.
        """
        zone = self._zone or LocalZone()
        reader = HistoryReader(self.situation().actor, self.context.clock(), zone)
        wanted = parse_history_filter(typed, reader)
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
        self.draw_footer()

    def _notes(self) -> list[Span]:
        return [(f"/ {self._typed}", "soon")] if self._typed else []

    def _heading_spans(self) -> list[Span]:
        said: list[Span] = [(" history", "name"), ("   ", "")]
        if self.situation().past is not None:
            said = [(" PAST", "loud"), *said]
        if self._trouble:
            said.append((f"! no answer from the database: {plain_line(self._trouble)}", "late"))
        elif self._events is None or self._reading.reading:
            said.append(("reading …", "dim"))
        else:
            latest = "the latest " if self._more else ""
            said += [(latest, "dim"), (f"{len(self._events):,}", "strong"), (" things", "dim")]
        now = self.now
        return spread(said, [(f"{now.astimezone(self._zone):%H:%M} ", "strong")], self.size.width)

    def _whole_spans(self) -> list[Span]:
        event = self._list.event
        if event is None:
            return []
        local = event.at.astimezone(self._zone)
        ago = times.ago(event.at, self.now)
        about = f"#{event.ticket}  " if event.ticket is not None else ""
        return [
            (f"{local:%a} {local.day} {local:%b %Y %H:%M:%S}, {ago}   ", "dim"),
            (about, "strong"),
            (timeline.sentence(event, self._zone), ""),
        ]

    # What the person does

    def footer(self) -> tuple[str, ...]:
        """Return what the footer names."""
        return ("open", "filter", "only_ticket", "undo", "redo", "help", "back")

    def label_of(self, command: str) -> str:
        """Return a command's word, which says here where it leads."""
        if command == "open":
            return "look at the desk then"
        if command == "only_ticket":
            only = "everything" if self._only_one else f"only #{self._one}"
            return only if self._one is not None else "only"
        return super().label_of(command)

    @property
    def _one(self) -> int | None:
        """The ticket under the board's cursor, or else that of the event under this one."""
        event = self._list.event
        return self._ticket if self._ticket is not None or event is None else event.ticket

    @property
    def _only_one(self) -> bool:
        return self._wanted.ticket is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False while a filter is typed: then keys are for it."""
        if action in ("command", "say_why_not") and self.has_class("-filtering"):
            return False
        return super().check_action(action, parameters)

    @on(HistoryList.Opened)
    def _opened(self) -> None:
        self.use("open")

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the screen does."""
        return {
            "open": self._go_there,
            "only_ticket": self._toggle_ticket,
            "filter": self._open_filter,
        }

    def own_why_not(self, command: str) -> str | None:
        """Return why a command of the screen cannot be used now."""
        if command == "open" and self._list.event is None:
            return "there is nothing under the cursor"
        if command == "only_ticket" and self._one is None:
            return "there is no ticket to look for"
        return super().own_why_not(command)

    def mover(self) -> HistoryList:
        """Return the list."""
        return self._list

    def _open_filter(self) -> None:
        self.add_class("-filtering")
        self._bar.open(self._typed)

    def _go_there(self) -> None:
        event = self._list.event
        if event is not None:
            if self.situation().past is not None:
                self.dismiss()
            self.look_at(event.at)

    def _toggle_ticket(self) -> None:
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


def _read(wanted: "tuple[DeskReading, EventFilter, int]", _: GoOn) -> list[Event]:
    desk, events_wanted, limit = wanted
    with desk.history.events(events_wanted, limit) as events:
        return list(events)[::-1]
