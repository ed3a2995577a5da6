"""The page that is handed over at the end of a shift: to be read, copied or saved."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.form_answers import ask_to_read
from tui.board.over_screen import OverPage
from tui.board.widgets.line_forms import LineForm
from tui.board.widgets.page import Page
from tui.board.widgets.pick import Option, Pick, Picked
from tui.board.widgets.styles import Span, content, hanging
from tui.environment.keymap import display
from tui.report.shift_note_page import file_name, markdown, write

if TYPE_CHECKING:
    from store.desk import DeskReading
    from store.history.shift_models import ShiftNote

_INDENT: Final = 2
_HEADINGS: Final = {"# ": "bright", "## ": "heading", "### ": "strong"}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BOLD = re.compile(r"\*\*(.+?)\*\*(.*)")
_ITEM = re.compile(r"( *)- (.*)")
_LABEL = re.compile(r"([A-Z].*?:)((?: .*)?)")


class NoteScreen(OverPage):
    """Shows the note, to be copied or saved."""

    NAME = "note"
    LEAVING = ("back", "quit", "handover_note")
    BINDINGS = bindings_of("note")

    def __init__(self, below: DeskScreen, note: "ShiftNote") -> None:
        super().__init__(below)
        self._note = note
        self._markdown = markdown(note, self.context.zone)
        self._text = Static("", markup=False, id="note-text")
        self._page = Page(self._text, id="note-page")

    def compose(self) -> ComposeResult:
        """Lay out the page and the keys under it."""
        keys = self.context.keys
        copy, save, leave = (display(keys[each][0]) for each in self.footer())
        said: list[Span] = [
            (copy, "key"), (" copy   ", "dim"), (save, "key"), (" save as Markdown   ", "dim"),
            (leave, "key"), (" leave", "dim"),
        ]  # fmt: skip
        with Vertical(id="note"):
            yield self._page
            yield Static(content(said), classes="form-keys")

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        cells = max(20, self._page.scrollable_content_region.width)
        lines = (drawn for line in self._markdown.splitlines() for drawn in shown(line, cells))
        self._text.update(Content("\n").join(lines))

    def footer(self) -> tuple[str, ...]:
        """Return what the last line names."""
        return ("report_copy", "report_save", "back")

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the page does."""
        return {
            "report_copy": lambda: self.copy(self._markdown, "The note"),
            "report_save": self._ask_where,
        }

    def mover(self) -> Page:
        """Return the page."""
        return self._page

    def _ask_where(self) -> None:
        """Ask where, and write the page there."""

        def writing(named: str, _: "DeskReading") -> tuple[Path, bool]:
            path = Path(named).expanduser()
            return path, write(path, self._markdown, overwrite=False)

        name = str(Path.cwd() / file_name(self._note, self.context.zone))
        form = LineForm("Save the note", "file", verb="save", value=name)
        ask_to_read(self, form, "save", writing, self._written)

    def _written(self, found: tuple[Path, bool]) -> None:
        """Say where the note is, or ask before anything is written over."""
        path, done = found
        if done:
            self.tell(f"The note is in {path}.")
        else:
            self._ask_to_overwrite(path)

    def _ask_to_overwrite(self, path: Path) -> None:
        def overwriting() -> tuple[Path, bool]:
            return path, write(path, self._markdown, overwrite=True)

        def answered(answer: Picked[bool] | None) -> None:
            if answer is not None and answer.value:
                self.client.fetch("save", lambda _: overwriting(), self._written)

        options = [
            Option(value=False, key="k", label="keep", meaning="leave the file as it is"),
            Option(value=True, key="o", label="overwrite", meaning="put this note in its place"),
        ]
        self.app.push_screen(Pick(f"{path.name} exists already.", options), answered)


def shown(line: str, cells: int) -> Iterator[Content]:
    """Yield a line of Markdown as the board draws it, in lines of at most ``cells``."""
    for sign, role in _HEADINGS.items():
        if line.startswith(sign):
            yield from content([(_plain(line.removeprefix(sign)), role)]).wrap(cells)
            return
    if item := _ITEM.fullmatch(line):
        indent = len(item[1]) + _INDENT
        label = (" " * len(item[1]) + "·", "dim")
        yield from hanging(label, _labelled(item[2], nested=bool(item[1])), indent, cells)
    elif bold := _BOLD.fullmatch(line):
        yield from content([(_plain(bold[1]), "strong"), (_plain(bold[2]), "")]).wrap(cells)
    else:
        yield from content([(_plain(line), "dim")]).wrap(cells) or [Content()]


def _labelled(text: str, *, nested: bool) -> list[Span]:
    """Return an item with the word before its colon dim, as facts have it on the board."""
    label = None if nested else _LABEL.fullmatch(text)
    if label is None:
        return [(_plain(text), "")]
    return [(_plain(label[1]), "dim"), (_plain(label[2]), "")]


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
