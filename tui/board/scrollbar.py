"""A scroll bar as quiet as the rules: a thin line where Textual's own is a filled block."""

from typing import Final

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

_ANY: Final = Color.default()


class ThinScrollBar(ScrollBarRender):
    """Draws the thumb as a line at the right edge, and no track."""

    @classmethod
    def render_bar(  # noqa: PLR0917 - as Textual declares it
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
        length = max(1, round(size * window_size / max(virtual_size, 1)))
        scrollable = max(virtual_size - window_size, 1)
        start = round((size - length) * min(position / scrollable, 1))
        thumb = Style(color=bar_color, bgcolor=back_color, meta={"@mouse.down": "grab"})
        before = Style(bgcolor=back_color, meta={"@mouse.down": "scroll_up"})
        behind = Style(bgcolor=back_color, meta={"@mouse.down": "scroll_down"})
        segments = [
            *[Segment(" " * thickness, before)] * start,
            *[Segment("▐".rjust(thickness), thumb)] * length,
            *[Segment(" " * thickness, behind)] * (size - start - length),
        ]
        return Segments(segments, new_lines=vertical)
