"""A scroll whose length changes without a layout of the whole screen."""

from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar

from tui.board.widgets.pane import part_of_bar, thumb
from tui.board.widgets.selecting import SelectableLines


class LineScroll(SelectableLines, can_focus=True, inherit_bindings=False):
    """Scrolls lines that it draws itself; how many they are concerns its scroll bar alone.

    In Textual's own another length lays out the whole screen, which costs most of a key and draws
    what has not changed.
    """

    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)

    def watch_virtual_size(self, virtual_size: Size) -> None:
        """Show in the scroll bar how much there is now, where that looks otherwise."""
        self._refresh_scrollbars()  # Textual has no public way to this but a layout
        if self.show_vertical_scrollbar and self.size.height:
            bar, lines = self.vertical_scrollbar, self.container_size.height
            before = thumb(bar.window_size, bar.window_virtual_size, lines, bar.position)
            bar.set_reactive(ScrollBar.window_virtual_size, virtual_size.height)
            bar.set_reactive(ScrollBar.window_size, lines)
            after = thumb(lines, virtual_size.height, lines, bar.position)
            for y in range(lines):
                if part_of_bar(before, y) is not part_of_bar(after, y):
                    bar.refresh(Region(0, y, bar.size.width, 1))
        self.scroll_y = self.validate_scroll_y(self.scroll_y)
