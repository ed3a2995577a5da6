"""A pane: a titled thin rule above its contents, a bright frame, and a scroll bar as quiet."""

from enum import Enum, auto
from typing import Final

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from tui.board.widgets.styles import Span, cut, spans_width, strip
from tui.phrasing.text import plain_line

_ANY: Final = Color.default()


def thumb(window: float, virtual: float, cells: int, position: float) -> tuple[int, int]:
    """Return the first cell and the length of a bar's thumb, where so much of all is seen."""
    length = max(1, round(cells * window / max(virtual, 1)))
    scrollable = max(virtual - window, 1)
    return round((cells - length) * min(position / scrollable, 1)), length


class BarPart(Enum):
    """What a cell of a scroll bar belongs to."""

    BEFORE = auto()
    THUMB = auto()
    BEHIND = auto()


def part_of_bar(thumb: tuple[int, int], cell: int) -> BarPart:
    """Return which part of a bar with such a thumb a cell belongs to."""
    first, length = thumb
    if cell < first:
        return BarPart.BEFORE
    return BarPart.THUMB if cell < first + length else BarPart.BEHIND


class ThinScrollBar(ScrollBarRender):
    """Draws the thumb as a line at the right edge, and no track."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = _ANY,
        bar_color: Color = _ANY,
    ) -> Segments:
        """Return a segment a cell; the board has no horizontal bars."""
        start, length = thumb(window_size, virtual_size, size, position)
        held = Style(color=bar_color, bgcolor=back_color, meta={"@mouse.down": "grab"})
        before = Style(bgcolor=back_color, meta={"@mouse.down": "scroll_up"})
        behind = Style(bgcolor=back_color, meta={"@mouse.down": "scroll_down"})
        segments = [
            *[Segment(" " * thickness, before)] * start,
            *[Segment("▐".rjust(thickness), held)] * length,
            *[Segment(" " * thickness, behind)] * (size - start - length),
        ]
        return Segments(segments, new_lines=vertical)


_BRIGHT: Final = ("┏", "━", "┓", "┃", "┗", "┛")
_QUIET: Final = ("─", "─", "─", " ", " ", " ")
_TITLE_CLEARANCE: Final = 6


class Pane(Widget):
    """Draws frame, title and note around its children; the frame takes a cell on every side.

    The cells are taken whether the frame is bright or not, so that contents keep their place.
    """

    def __init__(self, *children: Widget, title: str, id: str) -> None:  # noqa: A002 - as in Widget
        super().__init__(*children, id=id)
        self._title = title
        self._note: tuple[Span, ...] = ()

    def entitle(self, title: str, *note: Span) -> None:
        """Show another title, and a note at the right of it; both may hold text from outside."""
        harmless = tuple((plain_line(text), role) for text, role in note)
        if (title, harmless) != (self._title, self._note):
            self._title, self._note = title, harmless
            self.refresh(Region(0, 0, self.size.width, 1))  # and nothing of what stands inside

    def on_descendant_focus(self) -> None:
        """Brighten the frame."""
        self._refresh_frame()

    def on_descendant_blur(self) -> None:
        """Quiet the frame."""
        self._refresh_frame()

    def _refresh_frame(self) -> None:
        """Draw the frame anew, and nothing of what stands in it."""
        cells, lines = self.size
        edges = (
            Region(0, 0, cells, 1),
            Region(0, lines - 1, cells, 1),
            Region(0, 0, 1, lines),
            Region(cells - 1, 0, 1, lines),
        )
        self.refresh(*edges)

    def render_line(self, y: int) -> Strip:
        """Return one line of the frame; the child is drawn above all but its edges."""
        cells, last = self.size.width, self.size.height - 1
        bright = self.has_focus_within
        left, flat, right, side, bottom_left, bottom_right = _BRIGHT if bright else _QUIET
        edge = "frame" if bright else "rule"
        if y == 0:
            return strip(self, self._top(left, flat, right, bright=bright), cells)
        if y < last:
            return strip(self, [(side, edge), (" " * (cells - 2), ""), (side, edge)], cells)
        flat = flat if bright else " "
        return strip(self, [(bottom_left + flat * (cells - 2) + bottom_right, edge)], cells)

    def _top(self, left: str, flat: str, right: str, *, bright: bool) -> list[Span]:
        edge = "frame" if bright else "rule"
        room = max(0, self.size.width - _TITLE_CLEARANCE)
        role = "frame-title" if bright else "title"
        title = cut([(plain_line(self._title), role)], room)
        note = cut(self._note, room - spans_width(title) - 3) if self._note else []
        tail = [(" ", edge), *note, (" ", edge)] if note else []
        line = self.size.width - _TITLE_CLEARANCE - spans_width(title) - spans_width(tail)
        head = [(left + flat + " ", edge), *title, (" ", edge)]
        return [*head, (flat * line, edge), *tail, (flat + right, edge)]
