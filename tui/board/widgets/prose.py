"""A field for sentences: as many lines as are written or pasted, and Enter sends them."""

from typing import Final

from textual import events
from textual.message import Message
from textual.widgets import TextArea

NEW_LINE_KEY: Final = "ctrl+n"
"""What begins a new line in every terminal."""

_NEW_LINE: Final = frozenset({NEW_LINE_KEY, "shift+enter", "alt+enter"})
"""Many terminals send the latter two as Enter alone; elsewhere they do what one expects."""


class Prose(TextArea):
    """Grows with what is in it; pasted lines stay lines.

    Enter sends the form, as in a field of one line: what is asked for here is a sentence or two.
    """

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(
        self,
        text: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - as in Widget
    ) -> None:
        super().__init__(text, tab_behavior="focus", compact=True, placeholder=placeholder, id=id)

    @property
    def value(self) -> str:
        """What is written, without what is empty around it."""
        return self.text.strip()

    async def _on_key(self, event: events.Key) -> None:
        """Send on Enter, and begin a line with the keys for that; the rest is as in a TextArea."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted())
        elif event.key in _NEW_LINE:
            event.stop()
            event.prevent_default()
            self.insert("\n")
