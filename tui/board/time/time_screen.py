"""The time screen: what the person recorded, how time is split, and the protected time offered."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from policy.refusal import Refusal
from tui.actions import COMMANDS
from tui.actions.time_actions import TIME_COMMANDS
from tui.board.keyed_screen import MOVES, KeyedScreen, rows_of
from tui.board.time.entry_handlers import TIME_DEEDS, why_not
from tui.board.time.time_list import TimeList, heading_spans, split_lines
from tui.board.time.time_model import TimeView
from tui.board.widgets.footer import Footer, FooterKey
from tui.board.widgets.pane import Pane
from tui.board.widgets.styles import Span, content, cut, spread
from tui.environment.fault_log import note_fault
from tui.environment.keymap import display
from tui.phrasing.text import plain_line

if TYPE_CHECKING:
    from policy.time.entries import TimeEntry
    from store.desk import DeskReading
    from tui.board.screen import BoardScreen

_FOOTER: Final = (
    *("timer", "customer_work", "internal_work", "edit_entry", "remove_entry", "protected_time"),
)
_SPLIT: Final = "Customer ▏internal"
_SUBJECTS_AT_MOST: Final = 60


class EntriesRead(Message):
    """What the person recorded was read, with the subjects of its tickets."""

    def __init__(self, entries: "tuple[TimeEntry, ...]", subjects: Mapping[int, str]) -> None:
        super().__init__()
        self.entries = entries
        self.subjects = subjects


class TimeScreen(KeyedScreen):
    """Shows entries and split; what it does goes through the board, which lives on below it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's own declaration

    def __init__(self, board: "BoardScreen") -> None:
        super().__init__(board, "time")
        self.list = TimeList(board.setting.zone, board.setting.clock())
        self._heading = Static("", markup=False, classes="waits-heading")
        self._note = Static("", markup=False, classes="waits-note")
        self._text = Static("", markup=False)
        self._split = VerticalScroll(self._text, id="split-text")
        self._footer = Footer()

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._heading
        yield self._note
        with Container(id="time-body"):
            yield Pane(self.list, title="Your time", id="time-list")
            split = Pane(self._split, title=_SPLIT, id="split")
            split.entitle(_SPLIT, ("Tab", "key"))
            yield split
        yield self._footer

    def on_mount(self) -> None:
        """Show what was read last, and keep the minutes running."""
        self.list.focus()
        self.set_interval(1.0, self._tick)
        self.board.stood.subscribe(self, self._stood)
        self._stood()

    @property
    def entry(self) -> "TimeEntry | None":
        """The entry under the cursor."""
        return self.list.entry

    def _stood(self, _: object = None) -> None:
        """Show time as the board has read it, and read the entries anew."""
        desk = self.board.link.desk
        if desk is not None:
            self.run_worker(lambda: self._read(desk), name="entries", group="entries", thread=True)
        self._draw()

    def _read(self, desk: "DeskReading") -> None:
        try:
            with desk.snapshot():
                entries = desk.time.entries()
                subjects = _subjects(desk, entries)
            self.post_message(EntriesRead(entries, subjects))
        except Refusal:  # the board's own reading says that nobody answers
            pass
        except Exception as fault:  # a board on the wall outlives a bad moment
            note_fault(self.board.setting.state_folder, fault)

    @on(EntriesRead)
    def _came(self, message: EntriesRead) -> None:
        self.list.show(message.entries, message.subjects)

    @on(TimeList.Moved)
    def _moved(self) -> None:
        self._draw()

    def _tick(self) -> None:
        self.list.tick(self.board.setting.clock())
        self._draw()

    def on_resize(self) -> None:
        """Lay out anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        time, now = self.board.time, self.board.setting.clock()
        if time is None:
            self._heading.update(content([(" time", "name"), ("   reading …", "dim")]))
            return
        zone, cells = self.board.setting.zone, self.size.width
        self._heading.update(content(heading_spans(time, now, zone, cells)))
        note = self._note_lines(time)
        self._note.update(Content("\n").join(note))
        self._note.display = bool(note)
        self._draw_split(time)
        self._footer.show(tuple(self._footer_keys()))

    def _note_lines(self, time: TimeView) -> list[Content]:
        suggestion = time.mine.suggestion
        if suggestion is None:
            return []
        key = display(self.board.setting.keys["protected_time"][0])
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
        team, login = self.board.team, self.board.actor
        lines = [content(each) for each in split_lines(measured, team, login, cells)]
        aim = round(100 * measured.internal_aim)
        said = [f"The last {said_window(measured.window)}; {100 - aim} ▏{aim} is meant."]
        if time.mine.paused:
            said.append("Internal work pauses at this level: nothing is held against anyone.")
        else:
            said.append("What was done while internal work paused is left out.")
        words = content([(" ".join(said), "dim")]).wrap(cells)
        self._text.update(Content("\n").join([*lines, Content(), *words]))

    def _footer_keys(self) -> list[FooterKey]:
        keys, situation = self.board.setting.keys, self.board.situation()
        shown = []
        for each in _FOOTER:
            own = each in TIME_COMMANDS
            command = TIME_COMMANDS[each] if own else COMMANDS[each]
            usable = (why_not(self, each) if own else command.disabled(situation)) is None
            if usable or each != "protected_time":
                label = _timer_label(situation.timing) if each == "timer" else command.label
                shown.append(FooterKey(each, display(keys[each][0]), label, usable))
        return [*shown, FooterKey("back", display(keys["back"][0]), "back", usable=True)]

    # What the person does

    def use(self, command: str) -> None:
        """Use a command, or say why that cannot be done now."""
        if command in TIME_DEEDS:
            reason = why_not(self, command)
            if reason is not None:
                self.board.refuse(reason)
            else:
                TIME_DEEDS[command](self)
        elif command in ("back", "allocation"):
            self.dismiss()
        elif command in MOVES:
            self._move(command)
        else:
            super().use(command)

    def _move(self, command: str) -> None:
        page = max(1, self.list.page_height - 1)
        rows = rows_of(command, page)
        if self._split.has_focus:
            self._split.scroll_relative(y=rows, animate=False, immediate=True)
        else:
            self.list.move(rows)


def _timer_label(timing: bool) -> str:
    return "stop" if timing else "start"


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
