"""One line or one sentence that is asked for."""

from textual.app import ComposeResult
from textual.widgets import Input

from policy.refusal import Refusal
from tui.board.widgets.form import NEXT_FIELD, Form, labelled
from tui.board.widgets.prose import Prose
from tui.board.widgets.styles import Span


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


class SentenceForm(Form[str]):
    """Asks for a text that says something, in a line or several; ``example`` is one of such."""

    has_prose = True

    def __init__(
        self, title: str, label: str, *, verb: str, hint: str, missing: str, example: str
    ) -> None:
        super().__init__(title)
        self.verb = verb
        self._label = label
        self._hint = hint
        self._missing = missing
        self._sentence = Prose(placeholder=example, id="sentence")

    def fields(self) -> ComposeResult:
        """Yield the place to say it."""
        yield labelled(self._label, self._sentence)

    def keys(self) -> list[Span]:
        """Return the keys that the last line names; there is no other field to go to."""
        named = super().keys()
        return [span for span in named if span not in NEXT_FIELD]

    def on_mount(self) -> None:
        """Say what becomes of it."""
        self.say((self._hint, "dim"))

    def answer(self) -> str:
        """Return what was said.

        Raises:
            Refusal: there is nothing.
        """
        said = self._sentence.value
        if not said:
            raise Refusal(self._missing)
        return said
