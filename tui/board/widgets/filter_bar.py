"""The line where a filter is typed; it stands where the keys stood, so that nothing moves."""

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from tui.phrasing.text import plain_line


class FilterBar(Widget):
    """Asks for a filter; the list follows while it is typed."""

    class Typed(Message):
        """The filter reads otherwise now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Closed(Message):
        """Enter keeps the filter, Esc clears it."""

        def __init__(self, *, keep: bool) -> None:
            super().__init__()
            self.keep = keep

    def __init__(self, example: str = "") -> None:
        super().__init__()
        self._input = Input(placeholder=example, compact=True)
        self._wrong = Static("", markup=False, classes="wrong")
        self._is_wrong = False

    def compose(self) -> ComposeResult:
        """Lay out the sign, the filter and what is wrong with it."""
        yield Label("/")
        yield self._input
        yield self._wrong

    def open(self, text: str, example: str | None = None) -> None:
        """Begin with a filter, the cursor behind it; where there is none, an example stands."""
        self.say_wrong("")
        if example is not None:
            self._input.placeholder = example
        self._input.value = text
        self._input.cursor_position = len(text)
        self._input.focus()

    def say_wrong(self, reason: str) -> None:
        """Show what is wrong with the filter; nothing when it is right."""
        self._is_wrong = bool(reason)
        self._wrong.update(plain_line(reason))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say that it reads otherwise."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close and keep, unless something is wrong."""
        event.stop()
        self._close()

    def on_key(self, event: events.Key) -> None:
        """Close and clear on Esc; close and keep on the way back to the list."""
        if event.key == "escape":
            event.prevent_default().stop()
            self.post_message(self.Closed(keep=False))
        elif event.key in ("down", "tab"):
            event.prevent_default().stop()
            self._close()

    def _close(self) -> None:
        if not self._is_wrong:
            self.post_message(self.Closed(keep=True))
