"""The words of one wait notice, to be changed before it is sent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, TextArea

from tui.board.widgets.form import Form, labelled
from tui.board.widgets.styles import Span
from tui.phrasing.text import plain_line, typeable

if TYPE_CHECKING:
    from policy.waits.notices import WaitNotice


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a body."""

    subject: str
    body: str


class EditNoticeForm(Form[Words]):
    """Asks for other words; what they promise stays what the schedule says."""

    AUTO_FOCUS = "#body"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f2", "keep", "Keep", show=False)]

    def __init__(self, draft: "WaitNotice") -> None:
        to = draft.requester.name if draft.requester else draft.customer
        super().__init__(f"Notice to {plain_line(to)}")
        self._draft = draft
        self._subject = Input(typeable(draft.subject), compact=True, id="subject")
        self._body = TextArea(typeable(draft.body), tab_behavior="focus", compact=True, id="body")

    def fields(self) -> ComposeResult:
        """Yield subject and body."""
        yield labelled("subject", self._subject)
        yield labelled("body", self._body, tall=True)

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [
            ("F2", "key"), (" keep   ", "dim"), ("Tab", "key"), (" next field   ", "dim"),
            ("esc", "key"), (" leave as it was", "dim"),
        ]  # fmt: skip

    def action_keep(self) -> None:
        """Keep the words."""
        self.send()

    def answer(self) -> Words:
        """Return the words.

        Raises:
            Refusal: the subject or the body is empty.
        """
        subject, body = self._subject.value, self._body.text
        if not subject.strip():
            self._subject.focus()
        elif not body.strip():
            self._body.focus()
        reworded = self._draft.reworded(subject, body)
        return Words(reworded.subject, reworded.body)
