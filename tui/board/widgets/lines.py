"""A list of lines with a cursor, to choose one of them in a form."""

from collections.abc import Sequence
from typing import ClassVar, Final, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.board.widgets.styles import Span, content, strip

_LINES_AT_LEAST: Final = 3
_BEYOND_ALL: Final = 100_000

Item = TypeVar("Item")


class LineList(OptionList, Generic[Item], inherit_bindings=False):
    """Draws the lines that have room, the one under the cursor among them.

    ``OptionHighlighted`` says that the cursor moved. A click puts it on a line, and a double
    click, or Enter, chooses the line: ``OptionSelected``.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home", f"move(-{_BEYOND_ALL})", show=False),
        Binding("end,G", f"move({_BEYOND_ALL})", show=False),
        Binding("enter", "select", show=False),
    ]

    def __init__(self, items: Sequence[Item], place: int = 0) -> None:
        super().__init__(compact=True, markup=False)
        self._items = items
        self._first_place = place
        self._drawn_at: int | None = None

    @property
    def item(self) -> Item:
        """What is under the cursor; there is something."""
        return self._items[self._first_place if self.highlighted is None else self.highlighted]

    def spans(self, item: Item, *, here: bool) -> list[Span]:
        """Return the text of a line; each list has its own."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Show the lines, the cursor where it belongs at first."""
        self.add_options(Option(self._drawn(place)) for place in range(len(self._items)))
        self.highlighted = self._first_place

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - as in Widget
        """Return as many lines as there are, up to a sixth of the screen."""
        return min(len(self._items), max(_LINES_AT_LEAST, viewport.height // 6))

    def render_line(self, y: int) -> Strip:
        """Return one line; the last that is seen says how many there are behind it."""
        place = self.scroll_offset.y + y
        hidden = len(self._items) - 1 - place
        if y < self.size.height - 1 or hidden <= 0:
            return super().render_line(y)
        more = (f"   ↓ {hidden} more", "dim")
        return strip(self, [*self._line(place), more], self.size.width).apply_meta(
            {"option": place}
        )

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Draw the cursor where it is now, and no more where it was."""
        super().watch_highlighted(highlighted)
        for place in {self._drawn_at, highlighted} - {None}:
            self._draw(place)
        self._drawn_at = highlighted

    def action_move(self, rows: int) -> None:
        """Move the cursor, down when positive."""
        self.highlighted = (self.highlighted or 0) + rows

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many as there are on the screen."""
        self.action_move(pages * max(1, self.size.height))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the line that was clicked; a double click chooses it."""
        event.prevent_default()
        place = event.style.meta.get("option")
        if place is not None:
            self.highlighted = place
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.action_select()

    def on_focus(self) -> None:
        """Brighten the cursor."""
        self._draw(self.highlighted)

    def on_blur(self) -> None:
        """Quiet the cursor."""
        self._draw(self.highlighted)

    def role(self, *, here: bool) -> str:
        """Return how the words of a line look that matter most."""
        return ("bright" if self.has_focus else "strong") if here else ""

    def _draw(self, place: int | None) -> None:
        if place is not None:
            self.replace_option_prompt_at_index(place, self._drawn(place))

    def _drawn(self, place: int) -> Content:
        """Return a line as it is drawn now; a list may take more than one for it."""
        return content(self._line(place))

    def _line(self, place: int) -> list[Span]:
        here = place == (self._first_place if self.highlighted is None else self.highlighted)
        mark = ("▌ ", "mark" if self.has_focus else "dim") if here else ("  ", "")
        return [mark, *self.spans(self._items[place], here=here)]
