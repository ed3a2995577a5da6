"""A scroll whose length changes without a layout of the whole screen."""

from textual.geometry import Size
from textual.reactive import Reactive

from tui.board.widgets.selecting import SelectableLines


class LineScroll(SelectableLines, can_focus=True, inherit_bindings=False):
    """Scrolls lines that it draws itself; how many they are concerns its scroll bar alone.

    In Textual's own another length lays out the whole screen, which costs most of a key and draws
    what has not changed.
    """

    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)

    def watch_virtual_size(self, virtual_size: Size) -> None:
        """Show in the scroll bar how much there is now."""
        self._refresh_scrollbars()  # Textual has no public way to this but a layout
        self._scroll_update(virtual_size)
