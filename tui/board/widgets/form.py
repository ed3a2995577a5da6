"""What all forms have in common: a title, a place for what is wrong, Enter and Esc."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from enum import Enum, auto
from typing import ClassVar, Final, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Label, Static, TextArea

from policy.refusal import Refusal
from tui.actions.declaration import Offer
from tui.board.widgets.choice import Choice
from tui.board.widgets.key_turns import KeyTurnsApp
from tui.board.widgets.once import Draft, OnceApp, OnceScreen
from tui.board.widgets.prose import NEW_LINE_KEY, Prose
from tui.board.widgets.styles import Span, content
from tui.environment.keymap import display
from tui.phrasing.text import plain_line

Answer = TypeVar("Answer")

_PATIENCE: Final = 1.0
"""Seconds after which a form says that its answer is not in yet."""


NEXT_FIELD: Final[tuple[Span, ...]] = (("Tab", "key"), (" next field   ", "dim"))
"""What the last line says of a form with more fields than one."""


class _FormState(Enum):
    """How far an answer has come: it is asked for, on its way, or in."""

    OPEN = auto()
    SENT = auto()
    TAKEN = auto()


class Form(ModalScreen[Answer | None], OnceScreen[Answer | None], Generic[Answer]):
    """Asks for an ``Answer``; dismissed with None when the person thinks better of it.

    Enter in any field of one line sends the form, Esc leaves it, and what was half written is
    there again when the same is asked anew. One that is to ``stay`` until its answer is in calls
    that with it, and is told what came of it: meanwhile it is not sent again, and what is typed
    waits for what comes after it.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-medium"), (120, "-wide")]  # noqa: RUF012 - Textual's own declaration
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - the same

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    keeps_draft: ClassVar[bool] = True
    """Whether words are written here; not where something that is there already is only named."""

    def __init__(self, title: str, stay: Callable[[Answer], None] | None = None) -> None:
        super().__init__()
        self._title = title
        self._stay = stay
        self._state = _FormState.OPEN
        self._first: list[str] = []
        self._first_chosen: list[int] = []
        self._heading = Static(content([(title, "bright")]), classes="form-title")
        self._said = Static("", markup=False, classes="said")
        self._patience: Timer | None = None

    def stay_for(self, stay: Callable[[Answer], None]) -> None:
        """Stay open until the answer is in, which ``stay`` sees to and tells."""
        self._stay = stay

    @on(events.Mount)
    def _begin(self) -> None:
        self._first, self._first_chosen = self._written(), self._chosen_places()
        draft = self._drafts.get(self._question)
        if draft is not None and draft.first == self._first:
            self._write_again(draft.written)
            if draft.first_chosen == self._first_chosen:
                for choice, place in zip(self.query(Choice), draft.chosen, strict=True):
                    choice.chosen = place
            back = ("   what you had begun is back", "dim")
            self._heading.update(content([(self._title, "bright"), back]))

    def _write_again(self, written: Sequence[str]) -> None:
        """Write into the fields for text what was half written when the form was left."""
        left = iter(written)
        for line in self.query(Input):
            line.value = next(left)
        for area in self.query(TextArea):
            area.text = next(left)
            area.move_cursor(area.document.end)

    @property
    def _drafts(self) -> dict[Hashable, Draft]:
        """The drafts of all forms; none are kept by a program that is not the board."""
        return self.app.drafts if isinstance(self.app, OnceApp) else {}

    @property
    def _question(self) -> Hashable:
        return type(self), self._title

    @property
    def is_begun(self) -> bool:
        """Whether any field of the form reads otherwise than at first."""
        if not self.is_mounted:
            return False
        return self._written() != self._first or self._chosen_places() != self._first_chosen

    def _written(self) -> list[str]:
        """Return what is in the fields for text."""
        lines = [field.value for field in self.query(Input)]
        return lines + [field.text for field in self.query(TextArea)]

    def _chosen_places(self) -> list[int]:
        """Return what is chosen in the fields for one of several words."""
        return [field.chosen for field in self.query(Choice)]

    @property
    def in_short(self) -> str:
        """What was answered, in a line: what is written, and what is chosen beside it."""
        chosen = [field.chosen_word for field in self.query(Choice)]
        return plain_line(" · ".join(said for said in (*chosen, *self._written()) if said))

    def compose(self) -> ComposeResult:
        """Lay out title, fields, what is said about them, and the keys."""
        with Vertical(classes="form"):
            yield self._heading
            yield from self.fields()
            yield self._said
            yield Static(content(self.keys()), classes="form-keys")

    def fields(self) -> ComposeResult:
        """Yield what is asked; each form has its own."""
        raise NotImplementedError

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        new_line: list[Span] = [(display(NEW_LINE_KEY), "key"), (" new line   ", "dim")]
        return [
            ("⏎", "key"), (f" {self.verb}   ", "dim"), *(new_line if self.has_prose else ()),
            *NEXT_FIELD, ("esc", "key"), (" leave", "dim"),
        ]  # fmt: skip

    has_prose: ClassVar[bool] = False
    """Whether there is a field of several lines, so that the key for a new one is named."""

    verb = "send"
    """What Enter does, in a word."""

    def answer(self) -> Answer:
        """Return what was answered; each form has its own.

        Raises:
            Refusal: something is missing or wrong.
        """
        raise NotImplementedError

    def offers(self) -> Iterator[Offer]:
        """Yield what the palette offers: what Enter does, and to leave."""
        yield Offer(self.verb.capitalize(), "Send what is in the fields", None, self.send)
        yield Offer("Leave", "Leave, as if nothing had been asked", None, self.action_leave)

    def say(self, *spans: Span) -> None:
        """Show something about what is in the fields now."""
        self._said.update(content(spans))

    def send(self) -> None:
        """Leave with the answer, or say what is wrong with it; nothing without its fields.

        What the palette offers can be chosen before they are laid out, and after they are gone.
        """
        if not (self.is_mounted and self.is_active) or self._state is not _FormState.OPEN:
            return
        try:
            answer = self.answer()
        except Refusal as refusal:
            self.refuse(refusal.reason)
            return
        self.deliver(answer)

    def deliver(self, answer: Answer) -> None:
        """Leave with an answer, or stay until it is in; once, however often it is asked for."""
        if self._state is not _FormState.OPEN:
            return
        if self._stay is None:
            self._drafts.pop(self._question, None)
            self.dismiss(answer)
            return
        self.wait()
        self._stay(answer)

    def wait(self) -> None:
        """Take nothing more until the answer is in, or was refused."""
        self._state = _FormState.SENT
        if isinstance(self.app, KeyTurnsApp):
            self.app.hold_keys()
        self._patience = self.set_timer(_PATIENCE, self._say_it_waits)

    def _say_it_waits(self) -> None:
        """Say that the answer is not in yet: a database may be far away, or gone."""
        if self._state is _FormState.SENT:
            self.say(
                ("◷ ", "soon"), ("The database has not answered yet.  ", "soon"), ("esc", "key"),
                (" leaves; what is written stays as a draft.", "dim"),
            )  # fmt: skip

    def _is_answered(self, state: _FormState) -> None:
        self._state = state
        if self._patience is not None:
            self._patience.stop()

    def refuse(self, reason: str) -> None:
        """Stay with every word of it, and say why it was not taken."""
        self._is_answered(_FormState.OPEN)
        self.say_why_not(reason)
        if isinstance(self.app, KeyTurnsApp):
            self.app.let_keys_go(given_up=True)

    def say_why_not(self, reason: str) -> None:
        """Show why what is in the fields now would not be taken."""
        self.say(("! ", "late"), (plain_line(reason), "late"))

    def taken(self) -> None:
        """Leave, now that the answer is in; where something lies over it, once that is gone."""
        self._is_answered(_FormState.TAKEN)
        self._drafts.pop(self._question, None)
        self.dismiss(None)
        if isinstance(self.app, KeyTurnsApp):
            self.app.let_keys_go()

    def on_screen_resume(self) -> None:
        """Leave, if the answer came to be in meanwhile."""
        if self._state is _FormState.TAKEN:
            self.dismiss(None)

    def action_leave(self) -> None:
        """Leave without an answer; "left, it offers its draft again"."""
        if self.is_begun and self.keeps_draft:
            self._drafts[self._question] = Draft(
                self._first, self._written(), self._first_chosen, self._chosen_places()
            )
        elif self.is_mounted:
            self._drafts.pop(self._question, None)
        self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Send on Enter."""
        event.stop()
        self.send()

    @on(Prose.Submitted)
    def _prose_submitted(self) -> None:
        """Send on Enter in a field of several lines, too."""
        self.send()


def labelled(label: str, field: Widget, *, tall: bool = False) -> Horizontal:
    """Return a field with its label before it."""
    return Horizontal(
        Label(content([(label, "")]), classes="label"),
        field,
        classes="tall field" if tall else "field",
    )
