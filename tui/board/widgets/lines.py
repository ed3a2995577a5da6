"""A list of lines with a cursor, to choose one of them in a form."""

from collections.abc import Sequence
from typing import ClassVar, Final, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.board.widgets.styles import Span, strip

_LINES_AT_LEAST: Final = 3

Item = TypeVar("Item")


class LineList(Widget, Generic[Item], can_focus=True):
    """Draws the lines that have room, the one under the cursor among them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", "move(-100000)", show=False),
        Binding("end,G", "move(100000)", show=False),
    ]

    class Moved(Message):
        """The cursor stands on another line."""

    class Chosen(Message):
        """A line was clicked twice."""

    def __init__(self, items: Sequence[Item], place: int = 0) -> None:
        super().__init__()
        self._items = items
        self._place = place
        self._top = 0

    @property
    def item(self) -> Item:
        """What is under the cursor; there is something."""
        return self._items[self._place]

    def spans(self, item: Item, *, here: bool) -> list[Span]:
        """Return the text of a line; each list has its own."""
        raise NotImplementedError

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - as in Widget
        """Return as many lines as there are, up to a sixth of the screen."""
        return min(len(self._items), max(_LINES_AT_LEAST, viewport.height // 6))

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        self._top = self._first()
        number = self._top + y
        if number >= len(self._items):
            return strip(self, [], self.size.width)
        return strip(self, self._line(number), self.size.width)

    def action_move(self, rows: int) -> None:
        """Move the cursor, down when positive."""
        place = min(max(self._place + rows, 0), len(self._items) - 1)
        if place != self._place:
            self._place = place
            self.refresh()
            self.post_message(self.Moved())

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many as there are on the screen."""
        self.action_move(pages * max(1, self.size.height))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that was clicked; a double click chooses it."""
        self.action_move(self._top + event.y - self._place)
        if event.chain == 2:  # noqa: PLR2004 - a double click
            self.post_message(self.Chosen())

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self.refresh()

    def _first(self) -> int:
        """Return which line stands first, so that the cursor is seen."""
        height = max(1, self.size.height)
        lowest = max(0, len(self._items) - height)
        return min(max(self._top, self._place - height + 1), self._place, lowest)

    def _line(self, number: int) -> list[Span]:
        here = number == self._place
        mark = ("▌ ", "mark" if self.has_focus else "dim") if here else ("  ", "")
        hidden = len(self._items) - self._top - self.size.height
        last = number == self._top + self.size.height - 1
        more = f"   ↓ {hidden} more" if last and hidden > 0 else ""
        return [mark, *self.spans(self._items[number], here=here), (more, "dim")]

    def role(self, *, here: bool) -> str:
        """Return how the words of a line look that matter most."""
        return ("bright" if self.has_focus else "strong") if here else ""
