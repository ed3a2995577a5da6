"""A text to be scrolled, of any length: no more of its lines are made than were nearly seen."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip
from textual.visual import Visual

from tui.board.widgets.selecting import SelectableLines

_AHEAD: Final = 200
"""How many lines below the screen are ready, so that the bar tells that there are more."""

_AT_ONCE: Final = 3_000
"""How many lines a single key may ask for: the end of a very long text takes several."""

_WHEEL: Final = 3


class LineView(SelectableLines, can_focus=True, inherit_bindings=False):
    """Draws lines that are made as it is scrolled; those on the screen cost a key, and no others.

    Not Textual's own Static in a scroll: that wraps and styles all lines, for each change anew.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Widget
        super().__init__(id=id)
        self.lines: list[Content] = []
        self._further: Iterator[Content] = iter(())

    @property
    def page_height(self) -> int:
        """How many lines the screen shows."""
        return max(1, self.scrollable_content_region.height)

    @property
    def text(self) -> str:
        """The whole text, all of which is made for it."""
        self._make(None)
        return "\n".join(line.plain for line in self.lines)

    def draw(self, lines: Iterator[Content]) -> None:
        """Draw other lines; what was scrolled to stays where it is, as far as there is so much."""
        self.lines, self._further = [], lines
        self._make(self.scroll_offset.y + self.page_height + _AHEAD)
        self.refresh()

    def move(self, rows: int) -> None:
        """Scroll by some lines, down when positive; as many are made as that takes."""
        self.move_to(self.scroll_offset.y + rows)

    def move_to(self, row: int) -> None:
        """Scroll to a line, or to the nearest there is."""
        self._make(min(row + self.page_height + _AHEAD, len(self.lines) + _AT_ONCE))
        self.scroll_to(y=row, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        number, cells, style = self.scroll_offset.y + y, self.size.width, self.visual_style
        if number >= len(self.lines):
            return Strip.blank(cells, style.rich_style)
        first, *_ = Visual.to_strips(self, self.lines[number], cells, 1, style)
        return first.adjust_cell_length(cells, style.rich_style)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.move(_WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.move(-_WHEEL)

    def _make(self, wanted: int | None) -> None:
        """Have as many lines as wanted, or all there are; None wants all."""
        more = None if wanted is None else max(0, wanted - len(self.lines))
        self.lines += islice(self._further, more)
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.lines))
