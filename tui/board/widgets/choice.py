"""One of a few words, all of them in sight: chosen with arrows, a letter or digit, or a click.

What a policy calls its own may be more than fits a line; then there are several.
"""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.board.widgets.styles import Span, content, spans_width

Value = TypeVar("Value")

_GAP_CELLS = 1
"""What stands behind an option, and may hang over the end of a line."""

_PLACES = frozenset("123456789")


class Choice(Widget, Generic[Value], can_focus=True):
    """A line or more of options with one chosen; its sign is ``●``, the others' ``○``.

    Not Textual's RadioSet, which is a widget an option: the 16 options of a new ticket's form take
    53 ms to mount that way, and 15 ms as three of these. It would take a second key to choose.
    One that ``leads_to`` another field goes on there once an option was chosen by its own key:
    whoever pressed that has said which they mean.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Before", show=False),
        Binding("right,l,space", "step(1)", "Next", show=False),
        Binding("enter", "submit", "Send", show=False),
    ]

    chosen: reactive[int] = reactive(0)

    class Changed(Message):
        """Another option was chosen."""

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(
        self,
        options: Sequence[tuple[Value, str]],
        *,
        chosen: Value,
        leads_to: Widget | None = None,
        id: str | None = None,  # noqa: A002 - as in Widget
    ) -> None:
        super().__init__(id=id)
        self._options = options
        self._leads_to = leads_to
        values = [value for value, _ in options]
        self.set_reactive(Choice.chosen, values.index(chosen))

    @property
    def value(self) -> Value:
        """What is chosen."""
        return self._options[self.chosen][0]

    @property
    def chosen_word(self) -> str:
        """What is chosen, in words."""
        return self._options[self.chosen][1]

    def render(self) -> Content:
        """Return the lines."""
        return Content("\n").join(
            content(span for place in line for span in self._option(place))
            for line in self._lines(self.size.width)
        )

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        """Return how many lines the options take."""
        return len(self._lines(width))

    def _lines(self, cells: int) -> list[list[int]]:
        """Return the options that stand on each line of so many cells, by their places."""
        lines: list[list[int]] = [[]]
        left = cells
        for place in range(len(self._options)):
            wide = spans_width(self._option(place))
            if lines[-1] and wide - _GAP_CELLS > left:
                lines.append([])
                left = cells
            lines[-1].append(place)
            left -= wide
        return lines

    def watch_chosen(self) -> None:
        """Say that another option is chosen."""
        if self.is_mounted:
            self.post_message(self.Changed())

    def action_step(self, options: int) -> None:
        """Choose an option before or behind; after the last comes the first."""
        self.chosen = (self.chosen + options) % len(self._options)

    def action_submit(self) -> None:
        """Say that Enter was pressed."""
        self.post_message(self.Submitted())

    def on_key(self, event: events.Key) -> None:
        """Choose the next option that begins with the letter pressed, or has the digit in it."""
        if not event.is_printable or event.character is None:
            return
        places = [
            (self.chosen + step) % len(self._options) for step in range(1, 1 + len(self._options))
        ]
        for place in places:
            label = self._options[place][1]
            if event.character in (label[0].lower(), *filter(str.isdigit, label)):
                self._pick(event, place)
                return
        if event.character in _PLACES and int(event.character) <= len(self._options):
            # Where no option has the digit, it counts them: the keys are the rank.
            self._pick(event, int(event.character) - 1)

    def _pick(self, event: events.Key, place: int) -> None:
        event.stop()
        self.chosen = place
        if self._leads_to is not None:
            self.screen.set_focus(self._leads_to)  # at once: the next key may be there already

    def on_click(self, event: events.Click) -> None:
        """Choose the option that was clicked."""
        end, lines = 0, self._lines(self.size.width)
        for place in lines[event.y] if event.y < len(lines) else ():
            end += spans_width(self._option(place))
            if event.x < end:
                self.chosen = place
                return

    def on_focus(self) -> None:
        """Brighten what is chosen."""
        self.refresh()

    def on_blur(self) -> None:
        """Quiet what is chosen."""
        self.refresh()

    def _option(self, place: int) -> list[Span]:
        gap = " " if place < len(self._options) - 1 else ""
        label = self._options[place][1] + gap
        if place != self.chosen:
            return [(f"○ {label}", "dim")]
        return [("● ", "mark" if self.has_focus else ""), (label, "bright")]
