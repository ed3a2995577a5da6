"""One of a few answers, each with a key of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from string import ascii_lowercase, digits
from typing import Any, ClassVar, Final, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import OptionList

from tui.actions.declaration import Offer
from tui.board.widgets.form import Form
from tui.board.widgets.lines import LineList
from tui.board.widgets.styles import Span, content, spans_width
from tui.phrasing.text import plain_line

Value = TypeVar("Value")

_NARROWEST: Final = 12
"""In how many cells at least what an option means is wrapped."""


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


class _Options(LineList[Option[Any]], inherit_bindings=False):
    """The options, all of them seen in full; after the last comes the first.

    What an option means, and above all why it is not possible, goes on below where it is long.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "cursor_down", show=False),
        Binding("up", "cursor_up", show=False),
        Binding("enter", "select", show=False),
    ]

    def __init__(self, options: Sequence[Option[Any]]) -> None:
        super().__init__(options)
        self._cells = max(len(option.label) for option in options)
        self._wide = 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - as in Widget
        """Return as many lines as the options take in their width."""
        return sum(len(self._wrapped(place, width)) for place in range(len(self._items)))

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self._wide = self.scrollable_content_region.width
        for place in range(len(self._items)):
            self._draw(place)

    def render_line(self, y: int) -> Strip:
        """Return one line, as Textual has it: nothing is hidden here."""
        return OptionList.render_line(self, y)

    def _drawn(self, place: int) -> Content:
        return Content("\n").join(self._wrapped(place, self._wide))

    def _wrapped(self, place: int, cells: int) -> list[Content]:
        """Return the lines of an option, what it means below itself where it is long."""
        *head, meaning = self._line(place)
        indent = spans_width(head)
        first, *further = content([meaning]).wrap(max(_NARROWEST, cells - indent)) or [Content()]
        return [content(head) + first, *(Content(" " * indent) + line for line in further)]

    def spans(self, item: Option[Any], *, here: bool) -> list[Span]:
        """Return an option: its key, its word, and what it means, or why it is not possible."""
        usable = item.why_not is None
        return [
            (f"{item.key}  ", "key" if usable else "key-off"),
            (f"{item.label:<{self._cells}}  ", self.role(here=here) or ("" if usable else "dim")),
            (plain_line(item.why_not or item.meaning), "dim"),
        ]

    def on_click(self, event: events.Click) -> None:
        """Pick the option that was clicked."""
        event.prevent_default()
        place = event.style.meta.get("option")
        if place is not None:
            self.highlighted = place
            self.action_select()


class Pick(Form[Picked[Value]]):
    """Asks for one of the options: by its key, or with the arrows and Enter, or by a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"pick('{key}')", show=False) for key in ascii_lowercase + digits),
        Binding("j", "move(1)", show=False),
        Binding("k", "move(-1)", show=False),
    ]

    def __init__(self, title: str, options: Sequence[Option[Value]]) -> None:
        super().__init__(title)
        self._by_key = {option.key: option for option in options}
        self._options = _Options(options)
        self._picked = ""

    @property
    def in_short(self) -> str:
        """The words of what was picked."""
        return plain_line(self._picked)

    def fields(self) -> ComposeResult:
        """Yield the options."""
        yield self._options

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [
            ("↑↓", "key"), (" and ", "dim"), ("⏎", "key"), (" or the key itself   ", "dim"),
            ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip

    def offers(self) -> Iterator[Offer]:
        """Yield the options, and to leave."""
        for option in self._by_key.values():
            pick = partial(self._pick, option)
            yield Offer(option.label, option.meaning, option.why_not, pick)
        yield from (offer for offer in super().offers() if offer.use == self.action_leave)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for a key that is no option's: then it may move the cursor."""
        if action == "pick":
            return parameters[0] in self._by_key
        return super().check_action(action, parameters)

    def action_pick(self, key: str) -> None:
        """Pick by an option's key."""
        self._pick(self._by_key[key])

    def action_move(self, rows: int) -> None:
        """Move the cursor, down when positive."""
        if rows > 0:
            self._options.action_cursor_down()
        else:
            self._options.action_cursor_up()

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        """Say no more why another option is not possible."""
        self.say(("", ""))

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self._pick(self._options.item)

    def _pick(self, option: Option[Value]) -> None:
        """Answer with an option, or say why it is not possible."""
        if option.why_not is None:
            self._picked = option.label
            self.deliver(Picked(option.value))
        else:
            self.say_why_not(option.why_not)
