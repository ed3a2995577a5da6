"""The page that is handed over at the end of a shift: to be read, copied or saved."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.board.widgets.line_forms import LineForm
from tui.board.widgets.once import OnceScreen
from tui.board.widgets.pick import Option, Pick, Picked
from tui.board.widgets.styles import Span, content, hanging
from tui.report.shift_note_page import file_name, markdown, write

if TYPE_CHECKING:
    from store.read_models import ShiftNote
    from tui.board.screen import BoardScreen

_INDENT: Final = 2
_HEADINGS: Final = {"# ": "bright", "## ": "heading", "### ": "strong"}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BOLD = re.compile(r"\*\*(.+?)\*\*(.*)")
_ITEM = re.compile(r"( *)- (.*)")
_LABEL = re.compile(r"([A-Z].*?:)((?: .*)?)")


class NoteScreen(ModalScreen[None], OnceScreen[None]):
    """Shows the note; any of the keys that leave something leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,N,enter", "dismiss", "Leave", show=False),
        Binding("y", "copy", "Copy", show=False),
        Binding("s", "save", "Save", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("space,pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, board: "BoardScreen", note: "ShiftNote") -> None:
        super().__init__()
        self._board = board
        self._note = note
        self._markdown = markdown(note, board.setting.zone)
        self._text = Static("", markup=False, id="note-text")
        self._page = VerticalScroll(self._text, id="note-page")

    def compose(self) -> ComposeResult:
        """Lay out the page and the keys under it."""
        keys: list[Span] = [
            ("y", "key"), (" copy   ", "dim"), ("s", "key"), (" save as Markdown   ", "dim"),
            ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip
        with Vertical(id="note"):
            yield self._page
            yield Static(content(keys), classes="form-keys")

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        cells = max(20, self._page.scrollable_content_region.width)
        lines = (drawn for line in self._markdown.splitlines() for drawn in shown(line, cells))
        self._text.update(Content("\n").join(lines))

    def action_scroll(self, lines: int) -> None:
        """Scroll the page."""
        self._page.scroll_relative(y=lines, animate=False, immediate=True)

    def action_copy(self) -> None:
        """Put the page on the clipboard of the terminal, as Markdown."""
        self._board.copy(self._markdown, "The note")

    def action_save(self) -> None:
        """Ask where, and write the page there."""

        def answered(path: str | None) -> None:
            if path is not None:
                self._save(Path(path).expanduser(), overwrite=False)

        name = str(Path.cwd() / file_name(self._note))
        self.app.push_screen(LineForm("Save the note", "file", verb="save", value=name), answered)

    def _save(self, path: Path, *, overwrite: bool) -> None:
        def written(done: bool) -> None:
            if done:
                self._board.tell(f"The note is in {path}.")
            else:
                self._ask_to_overwrite(path)

        text = self._markdown
        self._board.link.fetch("save", lambda _: write(path, text, overwrite=overwrite), written)

    def _ask_to_overwrite(self, path: Path) -> None:
        def answered(answer: Picked[bool] | None) -> None:
            if answer is not None and answer.value:
                self._save(path, overwrite=True)

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
