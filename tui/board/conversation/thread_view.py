"""A whole conversation to be scrolled, the last message first."""

from policy.conversation.messages import ConversationMessage
from tui.board.conversation.thread_lines import ThreadLook, thread_lines
from tui.board.widgets.line_view import LineView


class ThreadView(LineView):
    """Draws the messages, however many and long they are."""

    def __init__(self) -> None:
        super().__init__(id="thread")
        self._drawn: tuple[tuple[ConversationMessage, ...], ThreadLook] | None = None

    @property
    def cells(self) -> int:
        """How wide a line may be."""
        return max(20, self.scrollable_content_region.width - 1)

    def show(self, messages: tuple[ConversationMessage, ...], look: ThreadLook) -> None:
        """Show messages, the last one first; what was scrolled to stays where it is."""
        if (messages, look) != self._drawn:
            self._drawn = (messages, look)
            self.draw(thread_lines(messages, look))
