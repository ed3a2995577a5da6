"""The time screen: what the person recorded, how time is split, and the protected time offered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from policy.refusal import Refusal
from policy.words import Work
from tui.board.client import Answered, Client, GoOn
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.over_screen import OverScreen
from tui.board.time import entry_handlers
from tui.board.time.time_list import TimeList, heading_spans, split_lines
from tui.board.time.time_model import TimeView
from tui.board.widgets.page import Page
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span, content, cut, spread
from tui.environment.keymap import display
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.time.entries import TimeEntry
    from store.desk import DeskReading

_FOOTER: Final = (
    *("timer", "customer_work", "internal_work", "edit_entry", "remove_entry", "protected_time"),
)
_SPLIT: Final = "Customer ▏internal"
_SUBJECTS_AT_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the person recorded, with the subjects of its tickets."""

    entries: "tuple[TimeEntry, ...]"
    subjects: Mapping[int, str]


class EntriesRead(Answered[Recorded]):
    """What the person recorded was read."""


class TimeScreen(OverScreen):
    """Shows entries and split."""

    NAME = "time"
    LEAVING = ("back", "allocation")
    BINDINGS = bindings_of("time")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, below: DeskScreen) -> None:
        super().__init__(below)
        self.list = TimeList(self.context.zone, self.now)
        self._heading = Static("", markup=False, classes="over-heading")
        self._note = Static("", markup=False, classes="over-note")
        self._text = Static("", markup=False)
        self._split = Page(self._text, id="split-text")
        self._entries: Client[DeskReading, Recorded] = Client(
            self, _read, EntriesRead, name="entries", fault_folder=self.context.state_folder
        )

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.block()
        yield self._heading
        yield self._note
        with Container(id="time-body"):
            yield Pane(self.list.data_bind(DeskScreen.now), title="Your time", id="time-list")
            split = Pane(self._split, title=_SPLIT, id="split")
            split.entitle(_SPLIT, ("Tab", "key"))
            yield split
        yield self._footer

    def on_mount(self) -> None:
        """Show what was read last, and read the entries."""
        self.list.focus()
        self.watch_state()

    def watch_state(self) -> None:
        """Show time as the board has read it, and read the entries anew."""
        desk = self.client.desk
        if desk is not None:
            self._entries.ask(desk)
        self._draw()

    @on(EntriesRead)
    def _came(self, message: EntriesRead) -> None:
        if self._entries.came(message) and message.found is not None:
            self.list.show(message.found.entries, message.found.subjects)

    def watch_now(self) -> None:
        """Let the timer go on."""
        self._draw()

    @on(TimeList.Moved)
    def _moved(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        """Lay out anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        time, now = self._time, self.now
        if time is None:
            self._heading.update(content([(" time", "name"), ("   reading …", "dim")]))
            return
        zone, cells = self.context.zone, self.size.width
        self._heading.update(content(heading_spans(time, now, zone, cells)))
        note = self._note_lines(time)
        self._note.update(Content("\n").join(note))
        self._note.display = bool(note)
        self._draw_split(time)
        self.draw_footer()

    def _note_lines(self, time: TimeView) -> list[Content]:
        suggestion = time.mine.suggestion
        if suggestion is None:
            return []
        key = display(self.context.keys["protected_time"][0])
        subject = plain_line(suggestion.ticket.subject)
        cells = self.size.width - 2
        title: list[Span] = [
            ("Protected time: ", "heading"),
            (f"#{suggestion.ticket.id} {subject}", "strong"),
        ]
        return [
            content(spread(title, [(key, "key"), (" takes it", "")], cells)),
            content(cut([(suggestion.why, "dim")], cells)),
        ]

    def _draw_split(self, time: TimeView) -> None:
        from policy.time.allocation import said_window  # noqa: PLC0415 - not before the first frame

        cells = max(20, self._split.scrollable_content_region.width - 1)
        measured = time.allocation
        team, login = self.team, self.situation().actor
        lines = [content(each) for each in split_lines(measured, team, login, cells)]
        aim = round(100 * measured.internal_aim)
        said = [f"The last {said_window(measured.window)}; {100 - aim} ▏{aim} is meant."]
        if time.mine.paused:
            said.append("Internal work pauses at this level: nothing is held against anyone.")
        else:
            said.append("What was done while internal work paused is left out.")
        words = content([(" ".join(said), "dim")]).wrap(cells)
        self._text.update(Content("\n").join([*lines, Content(), *words]))

    # What the person does

    @property
    def _time(self) -> TimeView | None:
        return self.state.time if self.state is not None else None

    def footer(self) -> tuple[str, ...]:
        """Return what the footer names; the protected time only while some is offered."""
        offered = self.why_not("protected_time") is None
        return (*(each for each in _FOOTER if offered or each != "protected_time"), "back")

    def label_of(self, command: str) -> str:
        """Return a command's word: the timer's says what it does next."""
        if command == "timer":
            return "stop" if self.situation().timing else "start"
        return super().label_of(command)

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the screen does."""
        entry, time = self.list.entry, self._time
        offered = time.mine.suggestion if time is not None else None
        return {
            "protected_time": lambda: entry_handlers.protected_time(self, offered),
            "customer_work": lambda: entry_handlers.work_without_ticket(self, Work.CUSTOMER),
            "internal_work": lambda: entry_handlers.work_without_ticket(self, Work.INTERNAL),
            "edit_entry": lambda: entry_handlers.edit_entry(self, entry),
            "remove_entry": lambda: entry_handlers.remove_entry(self, entry),
        }

    def own_why_not(self, command: str) -> str | None:
        """Return why a command of the screen cannot be used now."""
        reason = super().own_why_not(command)
        return reason or entry_handlers.why_not(command, self.list.entry, self._time)

    def mover(self) -> TimeList | Page:
        """Return the split while it has the keys, else the list."""
        return self._split if self._split.has_focus else self.list


def _read(desk: "DeskReading", _: GoOn) -> Recorded:
    with desk.snapshot():
        entries = desk.time.entries()
        return Recorded(entries, _subjects(desk, entries))


def _subjects(desk: "DeskReading", entries: "tuple[TimeEntry, ...]") -> dict[int, str]:
    """Return the subjects of the tickets that the latest entries went to."""
    numbers = dict.fromkeys(each.ticket for each in entries if each.ticket is not None)
    found: dict[int, str] = {}
    for number in list(numbers)[:_SUBJECTS_AT_MOST]:
        try:
            found[number] = desk.tickets.get(number).subject
        except Refusal:  # it was taken back since
            continue
    return found
