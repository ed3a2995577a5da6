"""A text to be scrolled, of any length: no more of its lines are made than were nearly seen."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip

from tui.board.widgets.line_scroll import LineScroll
from tui.board.widgets.styles import content_strip

_AHEAD: Final = 200
"""How many lines below the screen are ready, so that the bar tells that there are more."""

_AT_ONCE: Final = 3_000
"""How many lines a single key may ask for: the end of a very long text takes several."""

_WHEEL: Final = 3
_NOTHING: Final = Content()


class LineView(LineScroll):
    """Draws lines that are made as it is scrolled; those on the screen cost a key, and no others.

    Not Textual's own Static in a scroll: that wraps and styles all lines, for each change anew.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Widget
        super().__init__(id=id)
        self.lines: list[Content] = []
        self._further: Iterator[Content] = iter(())
        self.is_whole = True
        """Whether all lines are made."""

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
        before = self.lines
        self.lines, self._further = [], lines
        self._make(self.scroll_offset.y + self.page_height + _AHEAD)
        top = self.scroll_offset.y
        for number in range(top, top + self.size.height):
            was, is_now = (_at(each, number) for each in (before, self.lines))
            if not was.is_same(is_now):  # over a slow line every row that is painted is felt
                self.refresh(Region(0, number - top, self.size.width, 1))

    def extend(self, lines: Iterator[Content], *, in_place_of: int = 0) -> None:
        """Go on with more lines in place of the last few, once all are made; none is made anew."""
        del self.lines[len(self.lines) - in_place_of :]
        self._further = lines
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
        line = _at(self.lines, self.scroll_offset.y + y)
        return content_strip(self, line, self.size.width)

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
        made = list(islice(self._further, more))
        self.is_whole = more is None or len(made) < more
        self.lines += made
        self.virtual_size = Size(self.scrollable_content_region.width, len(self.lines))


def _at(lines: list[Content], number: int) -> Content:
    return lines[number] if number < len(lines) else _NOTHING
