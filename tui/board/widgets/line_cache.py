"""Keeps the lines of a widget that draws them itself, and has nothing around them but padding."""

from typing import Any

from textual._styles_cache import StylesCache  # its only home
from textual.color import Color
from textual.css.styles import StylesBase
from textual.geometry import Region, Size, Spacing
from textual.strip import Strip
from textual.widget import Widget


class LineCache(StylesCache):
    """Puts a line into its padding; Textual asks of each for borders, outlines, tints and more.

    A widget that has any of these is drawn as Textual does it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._has_only_padding = False

    def render_widget(self, widget: Widget, crop: Region) -> list[Strip]:
        """Return the lines of a part of a widget."""
        styles = widget.styles
        self._has_only_padding = (
            styles.gutter == styles.padding
            and not any(edge for edge, _ in styles.outline)
            and not (styles.has_rule("hatch") or styles.tint.a)
            and styles.text_opacity == widget.opacity == 1.0
        )
        return super().render_widget(widget, crop)

    def render_line(
        self,
        styles: StylesBase,
        y: int,
        size: Size,
        content_size: Size,
        padding: Spacing,
        base_background: Color,
        background: Color,
        render_content_line: Any,  # noqa: ANN401 - as Textual's own, which is private
        *rest: Any,  # noqa: ANN401 - what only a border asks for
    ) -> Strip:
        """Return one line."""
        if not self._has_only_padding:
            return super().render_line(
                styles, y, size, content_size, padding, base_background, background,
                render_content_line, *rest,
            )  # fmt: skip
        ground = self.get_inner_outer(base_background, background)[0].rich_style
        top, _, _, left = padding
        if not top <= y < top + content_size.height:
            return Strip.blank(size.width, ground)
        line: Strip = render_content_line(y - top)
        right = size.width - left - content_size.width
        return line.crop_pad(content_size.width, left, right, ground)
