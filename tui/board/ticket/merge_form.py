"""Into which ticket? A number, or one of the same customer's other tickets."""

from collections.abc import Sequence
from string import digits
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from policy.phrases import STATUS_NAMES
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.vocabulary import NO_WORDS, Vocabulary
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.lines import LineList
from tui.board.widgets.styles import Span
from tui.phrasing.badges import role_of
from tui.phrasing.text import left_aligned, plain_line

_NUMBER: Final = 7
_STATUS: Final = 8


class TicketLines(LineList[Ticket]):
    """Tickets of one customer, each with how it stands, in the policy's ``words``."""

    words = NO_WORDS

    def spans(self, item: Ticket, *, here: bool) -> list[Span]:
        """Return number, priority, status and subject."""
        return [
            (left_aligned(f"#{item.id}", _NUMBER), self.role(here=here)),
            (f" {item.priority} ", role_of(self.words, item.priority)),
            (left_aligned(STATUS_NAMES[item.status], _STATUS) + " ", "dim"),
            (plain_line(item.subject), self.role(here=here)),
        ]


class MergeForm(Form[int | str]):
    """Asks which ticket goes on; answers with its number, or with what was typed to name it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(digit, f"begin('{digit}')", show=False) for digit in digits
    ]

    verb = "merge"
    keeps_draft = False

    def __init__(self, ticket: Ticket, others: Sequence[Ticket], words: Vocabulary) -> None:
        super().__init__(f"Merge #{ticket.id} into which ticket?")
        self._ticket = ticket
        self._lines = TicketLines(others) if others else None
        if self._lines is not None:
            self._lines.words = words
        self._into = Input(placeholder="its number", compact=True, id="into")

    def fields(self) -> ComposeResult:
        """Yield the same customer's other tickets, and a place for a number."""
        if self._lines is not None:
            yield self._lines
        yield labelled("or number" if self._lines else "number", self._into)

    def on_mount(self) -> None:
        """Say what merging does."""
        (self._lines or self._into).focus()
        self._explain()

    @on(LineList.OptionHighlighted)
    def _lines_moved(self) -> None:
        """Say what it does with another ticket."""
        self._explain()

    def on_input_changed(self) -> None:
        """Say what it does with another number."""
        self._explain()

    @on(LineList.OptionSelected)
    def _lines_chosen(self) -> None:
        """Merge into the ticket under the cursor."""
        self.send()

    def action_begin(self, digit: str) -> None:
        """Begin a number by its first digit."""
        self._into.focus()
        self._into.value = digit
        self._into.cursor_position = 1

    def answer(self) -> int | str:
        """Return the reference that was typed, or else the number under the cursor."""
        typed = self._into.value.strip()
        if typed:
            return typed
        if self._lines is None:
            raise Refusal("number: missing; say which ticket goes on")
        return self._lines.item.id

    def _explain(self) -> None:
        typed = plain_line(self._into.value.strip()).removeprefix("#")
        number = typed or (f"{self._lines.item.id}" if self._lines else "")
        if not number:
            customer = plain_line(self._ticket.customer)
            self.say((f"{customer} has no other ticket that is open.", "dim"))
            return
        waits = self._ticket.waiting_since is not None and self._ticket.actionable
        where = f"; the customer waits in #{number} from then on" if waits else ""
        self.say((f"#{self._ticket.id} is closed for good{where}.", "dim"))
