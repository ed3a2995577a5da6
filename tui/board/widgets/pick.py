"""One of a few answers, each with a key of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from tui.actions import Offer
from tui.board.widgets.form import Form
from tui.board.widgets.styles import Span, content

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Option(Generic[Value]):
    """An answer: its key, its word, what it means, and why it is not possible now, if so."""

    value: Value
    key: str
    label: str
    meaning: str
    why_not: str | None = None


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
        usable = self.option.why_not is None
        role = "bright" if self.has_focus else "" if usable else "dim"
        self.update(
            content([
                mark,
                (f"{self.option.key}  ", "key" if usable else "key-off"),
                (label, role),
                (self.option.why_not or self.option.meaning, "dim"),
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

    def offers(self) -> Iterator[Offer]:
        """Yield the options, and to leave."""
        for option in self._options:
            pick = partial(self._pick, option)
            yield Offer(option.label, option.meaning, option.why_not, pick)
        yield from (offer for offer in super().offers() if offer.use == self.action_leave)

    def on_descendant_focus(self) -> None:
        """Say in full why the option under the cursor is not possible."""
        here = self.focused
        why_not = here.option.why_not if isinstance(here, _OptionLine) else None
        self.say((why_not or "", "dim"))

    def on_key(self, event: events.Key) -> None:
        """Pick by the option's key, or the one under the cursor by Enter."""
        for option in self._options:
            if event.character == option.key:
                event.stop()
                self._pick(option)
                return
        if event.key == "enter" and isinstance(self.focused, _OptionLine):
            event.stop()
            self._pick(self.focused.option)

    def on_click(self, event: events.Click) -> None:
        """Pick the option that was clicked."""
        if isinstance(event.widget, _OptionLine):
            self._pick(event.widget.option)

    def _pick(self, option: Option[Value]) -> None:
        """Leave with an option, or say why it is not possible."""
        if option.why_not is None:
            self.dismiss(Picked(option.value))
        else:
            self.say(("! ", "late"), (option.why_not, "late"))
