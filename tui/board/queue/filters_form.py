"""The saved filters: one is picked or removed, or the present one gets a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from policy.refusal import Refusal
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.lines import LineList
from tui.board.widgets.styles import Span, content
from tui.phrasing.text import left_aligned, plain_line, width

_NAME_AT_MOST: Final = 20


class FilterChoice(Enum):
    """What is to be done with a filter."""

    SHOW = "show"
    SAVE = "save"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class FilterAnswer:
    """What is to be done with the filter of a name."""

    wanted: FilterChoice
    name: str


class FilterLines(LineList[tuple[str, str]]):
    """The saved filters: a name, and what was typed."""

    def __init__(self, filters: Mapping[str, str]) -> None:
        super().__init__(list(filters.items()))
        self._name_cells = min(_NAME_AT_MOST, max(width(plain_line(name)) for name in filters))

    def spans(self, item: tuple[str, str], *, here: bool) -> list[Span]:
        """Return the name and the filter."""
        name, typed = item
        shown = left_aligned(plain_line(name), self._name_cells)
        return [(f"{shown}   ", self.role(here=here)), (plain_line(typed), "dim")]


class FilterForm(Form[FilterAnswer]):
    """Asks which filter to show, to remove, or under which name to save the present one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("d,delete", "remove", show=False)]

    keeps_draft = False

    def __init__(self, filters: Mapping[str, str], present: str) -> None:
        super().__init__("Saved filters")
        self._filters = filters
        self._present = present
        self._lines = FilterLines(filters) if filters else None
        self._field = Input(placeholder="a name, to save it", compact=True, id="name")
        self._to_remove = ""

    def fields(self) -> ComposeResult:
        """Yield the saved filters, and a place to name the present one."""
        if self._lines is not None:
            yield self._lines
        elif not self._present:
            yield Static(content([("Nothing is saved yet: / filters, f saves it.", "")]))
        if self._present:
            shown = plain_line(self._present)
            yield labelled("now", Static(content([(shown, "soon")]), classes="present"))
            yield labelled("save as", self._field)

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        lines: list[Span] = [
            ("⏎", "key"), (" show   ", "dim"), ("d", "key"), (" remove   ", "dim"),
        ]  # fmt: skip
        save: list[Span] = [("Tab", "key"), (" save the present one   ", "dim")]
        return [
            *(lines if self._lines else []),
            *(save if self._present else []),
            ("esc", "key"),
            (" leave", "dim"),
        ]

    def on_mount(self) -> None:
        """Begin in the list; without one, with the name."""
        if self._lines is not None:
            self._lines.focus()

    @on(LineList.OptionHighlighted)
    def _lines_moved(self) -> None:
        """Ask again before removing another one."""
        self._to_remove = ""
        self.say(("", ""))

    @on(LineList.OptionSelected)
    def _lines_chosen(self) -> None:
        """Show the filter."""
        self.send()

    def action_remove(self) -> None:
        """Remove the filter under the cursor, on the second press of the same key."""
        if self._lines is None:
            return
        name = self._lines.item[0]
        if self._to_remove == name:
            self.deliver(FilterAnswer(FilterChoice.REMOVE, name))
        else:
            self._to_remove = name
            self.say((f"d once more removes {plain_line(name)}.", "soon"))

    def answer(self) -> FilterAnswer:
        """Return what is to be done: the name that is typed is saved, else the cursor's is shown.

        Raises:
            Refusal: there is neither.
        """
        if isinstance(self.focused, Input):
            name = self._field.value.strip()
            if not name:
                raise Refusal("name: missing; one word that says what the filter shows")
            return FilterAnswer(FilterChoice.SAVE, name)
        if self._lines is None:
            raise Refusal("nothing is saved yet")
        return FilterAnswer(FilterChoice.SHOW, self._lines.item[0])
