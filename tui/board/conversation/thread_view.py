"""A whole conversation to be scrolled, of any length: no more of it is wrapped than was seen."""

from collections.abc import Iterator
from itertools import islice
from typing import ClassVar, Final

from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from policy.conversation.messages import ConversationMessage
from tui.board.conversation.thread_lines import ThreadLook, thread_lines

_AHEAD: Final = 200
"""How many lines below the screen are ready, so that the bar tells that there are more."""

_AT_ONCE: Final = 3_000
"""How many lines a single key may ask for: the end of a very long thread takes several."""

_WHEEL: Final = 3


class ThreadView(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws the messages, the last one first, as lines of which only those seen are made."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__(id="thread")
        self._messages: tuple[ConversationMessage, ...] = ()
        self._look: ThreadLook | None = None
        self._lines: list[Content] = []
        self._further: Iterator[Content] = iter(())

    @property
    def page_height(self) -> int:
        """How many lines the screen shows."""
        return max(1, self.scrollable_content_region.height)

    @property
    def cells(self) -> int:
        """How wide a line may be."""
        return max(20, self.scrollable_content_region.width - 1)

    def show(self, messages: tuple[ConversationMessage, ...], look: ThreadLook) -> None:
        """Show messages, the last one first; what was scrolled to stays where it is."""
        if (messages, look) == (self._messages, self._look):
            return
        self._messages, self._look = messages, look
        wanted = self.scroll_offset.y + self.page_height + _AHEAD
        self._lines, self._further = [], thread_lines(messages, look)
        self._make(wanted)
        self.refresh()

    def move(self, rows: int) -> None:
        """Scroll by some lines, down when positive; as many are made as that takes."""
        wanted = self.scroll_offset.y + min(rows, _AT_ONCE) + self.page_height + _AHEAD
        self._make(min(wanted, len(self._lines) + _AT_ONCE))
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        number, cells = self.scroll_offset.y + y, self.size.width
        style = self.visual_style
        if number >= len(self._lines):
            return Strip.blank(cells, style.rich_style)
        (line, *_) = Visual.to_strips(self, self._lines[number], cells, 1, style)
        return line.adjust_cell_length(cells, style.rich_style)

    def on_mouse_scroll_down(self) -> None:
        """Scroll down."""
        self.move(_WHEEL)

    def on_mouse_scroll_up(self) -> None:
        """Scroll up."""
        self.move(-_WHEEL)

    def _make(self, wanted: int) -> None:
        """Have as many lines as wanted, or all there are."""
        self._lines += islice(self._further, max(0, wanted - len(self._lines)))
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
