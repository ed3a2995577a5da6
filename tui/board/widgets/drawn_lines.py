"""A widget that is drawn a line at a time, and repaints only the lines that look otherwise."""

from collections.abc import Sequence

from textual.geometry import Region
from textual.strip import Strip

from tui.board.widgets.line_scroll import LineScroll
from tui.board.widgets.styles import Span, strip


class DrawnLines(LineScroll):
    """Draws the lines that are on the screen; whoever derives from it says what stands in each.

    Over a slow line every row that is painted again is felt: "a key repaints what it changed".
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Widget
        super().__init__(id=id)
        self._drawn: dict[int, Sequence[Span]] = {}

    def line_at(self, y: int) -> Sequence[Span]:
        """Return what stands in a line of the screen."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw those lines anew in which something else stands now."""
        for y in range(self.size.height):
            if self._drawn.get(y) != self.line_at(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        spans = self._drawn[y] = self.line_at(y)
        return strip(self, spans, self.size.width)
