"""One line that is asked for: a ticket's number, or where a file is to be."""

from textual.app import ComposeResult
from textual.widgets import Input

from policy.refusal import Refusal
from tui.board.forms.form import Form, labelled
from tui.board.paint import Span


class LineForm(Form[str]):
    """Asks for a line of text; ``said`` stands under it, ``verb`` is what Enter does."""

    def __init__(
        self, title: str, label: str, *, verb: str, value: str = "", placeholder: str = "",
        said: str = "",
    ) -> None:  # fmt: skip
        super().__init__(title)
        self.verb = verb
        self._label = label
        self._line = Input(value, placeholder=placeholder, compact=True, id="line")
        self._said_first = said

    def fields(self) -> ComposeResult:
        """Yield the line."""
        yield labelled(self._label, self._line)

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [("⏎", "key"), (f" {self.verb}   ", "dim"), ("esc", "key"), (" leave", "dim")]

    def on_mount(self) -> None:
        """Say what is known before anything is typed."""
        self._line.cursor_position = len(self._line.value)
        self.say((self._said_first, "dim"))

    def answer(self) -> str:
        """Return the line.

        Raises:
            Refusal: nothing was typed.
        """
        typed = self._line.value.strip()
        if not typed:
            raise Refusal(f"{self._label}: missing")
        return typed
