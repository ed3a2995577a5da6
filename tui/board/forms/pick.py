"""One of a few answers, each with a key of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.board.forms.form import Form
from tui.board.paint import Span, content

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Option(Generic[Value]):
    """An answer: its key, its word, and what it means."""

    value: Value
    key: str
    label: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Picked(Generic[Value]):
    """What was picked; in a box of its own, as an answer may be None."""

    value: Value


class _OptionLine(Static, can_focus=True):
    """An option on a line; the focus is the cursor."""

    def __init__(self, option: Option[Any], width: int) -> None:
        super().__init__("", markup=False)
        self.option = option
        self._width = width

    def on_mount(self) -> None:
        self._draw()

    def on_focus(self) -> None:
        self._draw()

    def on_blur(self) -> None:
        self._draw()

    def _draw(self) -> None:
        mark = ("▌ ", "mark") if self.has_focus else ("  ", "")
        label = f"{self.option.label:<{self._width}}  "
        self.update(
            content([
                mark,
                (f"{self.option.key}  ", "key"),
                (label, "bright" if self.has_focus else ""),
                (self.option.meaning, "dim"),
            ])
        )  # fmt: skip


class Pick(Form[Picked[Value]]):
    """Asks for one of the options: by its key, or with the arrows and Enter, or by a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("down,j", "app.focus_next"),
        ("up,k", "app.focus_previous"),
    ]

    def __init__(self, title: str, options: Sequence[Option[Value]]) -> None:
        super().__init__(title)
        self._options = options

    def fields(self) -> ComposeResult:
        """Yield a line an option."""
        width = max(len(option.label) for option in self._options)
        for option in self._options:
            yield _OptionLine(option, width)

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [
            ("↑↓", "key"), (" and ", "dim"), ("⏎", "key"), (" or the key itself   ", "dim"),
            ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip

    def on_key(self, event: events.Key) -> None:
        """Pick by the option's key, or the one under the cursor by Enter."""
        for option in self._options:
            if event.character == option.key:
                event.stop()
                self.dismiss(Picked(option.value))
                return
        if event.key == "enter" and isinstance(self.focused, _OptionLine):
            event.stop()
            self.dismiss(Picked(self.focused.option.value))

    def on_click(self, event: events.Click) -> None:
        """Pick the option that was clicked."""
        if isinstance(event.widget, _OptionLine):
            self.dismiss(Picked(event.widget.option.value))
