"""Text that is dragged over: marked, and copied with a word about it, whatever draws it."""

from itertools import islice
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.geometry import Offset, Region
from textual.screen import Screen, ScreenResultType
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from tui.board.widgets.line_cache import LineCache
from tui.board.widgets.part_compositor import PartCompositor
from tui.environment.desktop import clipboard_doubt

_LINES_AT_MOST: Final = 5_000
"""How many lines are copied; what was dragged over is no more than some screens."""


class SelectableLines(ScrollView, can_focus=False, inherit_bindings=False):
    """A scroll of lines, each drawn by itself, of which what is dragged over can be copied.

    A selection is of lines and cells, from the first line there is. While there is none it costs
    nothing: Textual's own way marks every piece of every line with its place.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Widget
        super().__init__(id=id)
        self._styles_cache = LineCache()  # Textual has no public way to choose it

    @property
    def text_selection(self) -> Selection | None:
        """None: Textual would mark every line as if it were the first."""
        return None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines of the screen, what is selected of them marked."""
        strips = super().render_lines(crop)
        selection = self.screen.selections.get(self)
        if selection is None:
            return strips
        style = self.screen.get_component_rich_style("screen--selection")
        first = crop.y - self.gutter.top + self.scroll_offset.y
        before = self.gutter.left - crop.x
        return [
            _marked(strip, _cells(selection, number, before, strip.cell_length), style)
            for number, strip in enumerate(strips, start=first)
        ]

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text of what is selected, without the spaces at the ends of its lines."""
        first = 0 if selection.start is None else selection.start.y
        last = self.virtual_size.height - 1 if selection.end is None else selection.end.y
        lines = [
            self._text(number, selection)
            for number in islice(range(first, last + 1), _LINES_AT_MOST)
        ]
        text = "\n".join(lines)
        return (text, "\n") if text.strip() else None

    def text_select_all(self) -> None:
        """Do nothing: a double click chooses a line here."""

    def place_of(self, x: int, y: int) -> Offset:
        """Return the cell and the line of what is at a place of the screen."""
        region = self.content_region
        return Offset(max(0, x - region.x), max(0, y - region.y) + self.scroll_offset.y)

    def _text(self, number: int, selection: Selection) -> str:
        strip = self.render_line(number - self.scroll_offset.y)
        start, end = _cells(selection, number, 0, strip.cell_length)
        return strip.crop(start, end).text.rstrip()


class SelectingScreen(Screen[ScreenResultType]):
    """Says what was dragged over, and copies it; nothing empties a clipboard."""

    def __init__(
        self,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - as in Screen
        classes: str | None = None,
    ) -> None:
        super().__init__(name, id, classes)
        self._compositor = PartCompositor()  # Textual has no public way to choose it

    def on_unmount(self) -> None:
        """Let the lines go that were drawn here: Textual keeps the caches of 1,024 widgets.

        An ``lru_cache`` on a method of its ``StylesCache`` does, and a line takes some 2 KB.
        """
        for widget in (self, *self._compositor.full_map):
            widget._styles_cache.clear()  # there is no public way

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """Return what is at a place of the screen, and which place of its text that is."""
        widget, offset = super().get_widget_and_offset_at(x, y)
        if isinstance(widget, SelectableLines):
            return widget, widget.place_of(x, y)
        return widget, offset

    def on_text_selected(self, event: events.TextSelected) -> None:
        """Say how what was dragged over is copied."""
        event.stop()
        text = self.get_selected_text()
        if text is not None and text.strip():
            self.notify(f"{_counted(text)} selected: ctrl+c copies.", markup=False)

    def action_copy_text(self) -> None:
        """Copy what is selected; where that is nothing, let the key mean something else."""
        text = self.get_selected_text()
        if text is None or not text.strip():
            raise SkipAction
        self.app.copy_to_clipboard(text)
        self.clear_selection()
        self.notify(f"{_counted(text)} copied, {clipboard_doubt()}.", markup=False)


def _counted(text: str) -> str:
    lines = len(text.splitlines())
    return "1 line is" if lines == 1 else f"{lines} lines are"


def _cells(selection: Selection, number: int, before: int, width: int) -> tuple[int, int]:
    """Return from which cell of a line on it is selected, and to which; twice the same for none."""
    span = selection.get_span(number)
    if span is None:
        return 0, 0
    start, end = span
    return max(0, start + before), width if end < 0 else max(0, min(end + before, width))


def _marked(strip: Strip, cells: tuple[int, int], style: Style) -> Strip:
    start, end = cells
    if start >= end:
        return strip
    marked = [
        Segment(text, (own or Style.null()) + style, control)
        for text, own, control in strip.crop(start, end)
    ]
    length = strip.cell_length
    return Strip.join([strip.crop(0, start), Strip(marked), strip.crop(end, length)])
