"""One sentence: why it cannot wait, what is missing, or a comment."""

from textual.app import ComposeResult
from textual.widgets import Input

from policy.refusal import Refusal
from tui.board.forms.form import Form, labelled
from tui.board.paint import Span


class SentenceForm(Form[str]):
    """Asks for one line of text that says something."""

    def __init__(self, title: str, label: str, *, verb: str, hint: str, missing: str) -> None:
        super().__init__(title)
        self.verb = verb
        self._label = label
        self._hint = hint
        self._missing = missing
        self._sentence = Input(placeholder="a sentence", compact=True, id="sentence")

    def fields(self) -> ComposeResult:
        """Yield the sentence."""
        yield labelled(self._label, self._sentence)

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [("⏎", "key"), (f" {self.verb}   ", "dim"), ("esc", "key"), (" leave", "dim")]

    def on_mount(self) -> None:
        """Say what becomes of it."""
        self.say((self._hint, "dim"))

    def answer(self) -> str:
        """Return the sentence.

        Raises:
            Refusal: there is none.
        """
        said = self._sentence.value.strip()
        if not said:
            raise Refusal(self._missing)
        return said
