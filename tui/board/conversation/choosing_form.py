"""One of many things by its name: typed letters leave those that have them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widgets import Input

from policy.refusal import Refusal
from tui.actions.declaration import Offer
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.lines import LineList
from tui.board.widgets.styles import Span
from tui.phrasing.text import left_aligned, plain_line, shortened

Chosen = TypeVar("Chosen")

_NAME: Final = 24
_MEANING: Final = 46


@dataclass(frozen=True, slots=True)
class Choosable(Generic[Chosen]):
    """One of them: what it is called, what there is to know of it, and itself."""

    name: str
    meaning: str
    value: Chosen


class _Choices(LineList[Choosable[Chosen]]):
    """The choices that have what is typed in their names."""

    def spans(self, item: Choosable[Chosen], *, here: bool) -> list[Span]:
        """Return its name, and what there is to know of it."""
        name = left_aligned(plain_line(item.name), _NAME)
        meaning = shortened(plain_line(item.meaning), _MEANING)
        return [(f"{name}  ", self.role(here=here)), (meaning, "dim")]


class ChoosingForm(Form[Chosen]):
    """Asks for one of several things; the arrows move while a part of the name is typed.

    ``others`` are keys that choose in another way, each with its word: ``way`` tells which.
    """

    keeps_draft = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("f2", "other_way", show=False),
    ]

    def __init__(
        self, title: str, choices: Sequence[Choosable[Chosen]], *, verb: str, other: str = ""
    ) -> None:
        super().__init__(title)
        self.verb = verb
        self._other = other
        self._all = choices
        self._shown: Sequence[Choosable[Chosen]] = choices
        self._typed = Input(placeholder="a part of its name", compact=True, id="part")
        self._place = Container(_Choices(choices), id="choices")
        self.in_other_way = False

    def fields(self) -> ComposeResult:
        """Yield the place to type, and what is left of the choices."""
        yield labelled("find", self._typed)
        yield self._place

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        other: list[Span] = [("F2", "key"), (f" {self._other}   ", "dim")] if self._other else []
        return [
            ("⏎", "key"), (f" {self.verb}   ", "dim"), *other, ("↑↓", "key"), ("   ", ""),
            ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip

    def offers(self) -> Iterator[Offer]:
        """Yield what Enter does, what else can be done, and to leave."""
        first, *rest = super().offers()
        yield first
        if self._other:
            use: Callable[[], None] = self.action_other_way
            yield Offer(self._other.capitalize(), "The one under the cursor", None, use)
        yield from rest

    def on_mount(self) -> None:
        """Begin where a part of a name is typed."""
        self._typed.focus()

    async def on_input_changed(self) -> None:
        """Leave those whose names have what is typed."""
        part = self._typed.value.strip().casefold()
        self._shown = [each for each in self._all if part in each.name.casefold()]
        await self._place.remove_children()
        if self._shown:
            await self._place.mount(_Choices(self._shown))
        self.say(("", "") if self._shown else ("none of them is called so", "dim"))

    def action_move(self, rows: int) -> None:
        """Move the cursor, down when positive."""
        for lines in self._place.query(LineList):
            lines.action_move(rows)

    def action_other_way(self) -> None:
        """Choose what is under the cursor, in the other way."""
        if self._other:
            self.in_other_way = True
            self.send()

    @on(LineList.OptionSelected)
    def _chosen(self) -> None:
        self.send()

    def answer(self) -> Chosen:
        """Return what is under the cursor.

        Raises:
            Refusal: nothing is called what was typed.
        """
        for lines in self._place.query(_Choices):
            found: Chosen = lines.item.value
            return found
        self.in_other_way = False
        raise Refusal("none of them is called so")
