"""An answer, written under the conversation; what was begun is kept by ticket until it is sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static, TextArea

from policy.conversation.messages import Draft, checked_text, written_by
from policy.intake.conversation import MessageRole
from policy.refusal import Refusal
from policy.ticket import Ticket
from store.presence import Doing
from tui.actions.declaration import ActionContext
from tui.board.conversation.conversation_screen import (
    ConversationScreen,
    OnTicket,
    WholeConversation,
)
from tui.board.conversation.sending_line import AnswersOnTheirWay, Unkept
from tui.board.conversation.thread_view import ThreadView
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.resting_place import Place
from tui.board.widgets.styles import Span, content, cut, spans_width
from tui.phrasing.company_words import company_spans
from tui.phrasing.text import plain_line, typeable

_KEEP_EVERY: Final = 5.0
"""Seconds between two times at which what was written is kept: no more than that can be lost."""


@dataclass(frozen=True, slots=True)
class Written:
    """What is in the editor: the words, and whether the customer is to read them."""

    text: str
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHandlers:
    """What an answer's screen asks for.

    ``send`` asks whose step is next and sends, ``keep`` keeps a draft (with ``told`` whether that
    is to be said), ``edit`` goes on in the person's own editor, and ``canned`` chooses a text to
    be put in.
    """

    send: Callable[["AnswerScreen", Written], None]
    keep: Callable[[int, Written, bool], None]
    edit: Callable[["AnswerScreen", Written], None]
    canned: Callable[["AnswerScreen"], None]


class AnswerEditor(TextArea):
    """Takes text of several lines; tab leads out of it, and a paste is kept whole."""

    def __init__(self) -> None:
        super().__init__(
            "",
            tab_behavior="focus",
            compact=True,
            id="answer-text",
            soft_wrap=True,
            placeholder="Write here; Tab leads to the conversation and back",
        )

    async def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert(typeable(event.text.replace("\r\n", "\n").replace("\r", "\n")))


class AnswerScreen(ConversationScreen, inherit_bindings=False):
    """Shows the conversation, and under it the answer that is written.

    Public and internal are told apart in words and colour. It stays open until the answer is in.
    """

    NAME = "answer"
    AUTO_FOCUS = "#answer-text"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("answer"),
        Binding("tab", "app.focus_next", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
    ]

    def __init__(
        self,
        below: DeskScreen,
        ticket: Ticket,
        on_ticket: OnTicket,
        on_their_way: AnswersOnTheirWay,
        handlers: AnswerHandlers,
    ) -> None:
        super().__init__(below, ticket, on_ticket, on_their_way)
        on_their_way.unkept = self._unkept
        self.editor = AnswerEditor()
        self._rule = Static("", markup=False, id="answer-rule")
        self._refusal = ""
        self._said = Static("", markup=False, id="answer-said")
        self._ask_for = handlers
        self.public = True
        self._kept: Written | None = None
        self._newest: int | None = None
        self._is_sent = False
        self._put = ""

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._heading
        yield self.thread
        yield self._rule
        yield self.editor
        yield self._said
        yield self._footer

    def begin(self) -> None:
        """Give the keys to the editor, and keep what is written as it grows."""
        self.editor.focus()
        self.set_interval(_KEEP_EVERY, self._keep)

    @property
    def written(self) -> Written:
        """What is in the editor now."""
        return Written(self.editor.text, self.public)

    @property
    def is_begun(self) -> bool:
        """Return that nothing would be lost: what is written is kept when the board is left."""
        return False

    def place(self) -> Place:
        """Return the ticket, and that something is written in it once there is a word of it."""
        if not self.editor.text.strip():
            return super().place()
        return self.ticket.id, Doing.ANSWERS if self.public else Doing.NOTES

    def watch_company(self) -> None:
        """Say who else writes here."""
        self._draw()

    def situation(self) -> ActionContext:
        """Return what the commands look at; marks on the board have nothing to do with it."""
        return replace(super().situation(), marked=0)

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the screen does."""
        return {
            **super().handlers(),
            "answer_send": self._send,
            "answer_internal": self._change_kind,
            "answer_editor": lambda: self._ask_for.edit(self, self.written),
            "answer_canned": lambda: self._ask_for.canned(self),
            "back": self._leave,
        }

    def label_of(self, command: str) -> str:
        """Return a command's word: what the key makes of it, and that leaving keeps the draft."""
        if command == "answer_internal":
            return "internal" if self.public else "to the customer"
        return "leave, draft kept" if command == "back" else super().label_of(command)

    def put_in(self, text: str) -> None:
        """Put a text in where the cursor is, or in place of what is selected."""
        self.editor.insert(typeable(text))
        self.editor.focus()

    def write(self, text: str) -> None:
        """Have another text in the editor, with the cursor behind it."""
        self.editor.text = self._put = typeable(text)
        self.editor.move_cursor(self.editor.document.end)
        self.editor.focus()

    def say(self, *spans: Span) -> None:
        """Say something about what is written, in one line under it."""
        self._said.update(content(cut(spans, max(1, self.size.width - 2))))

    def refuse(self, reason: str) -> None:
        """Stay with every word of it, and say why it was not taken."""
        self._is_sent = False
        self._refusal = plain_line(reason)
        self.say(("! ", "late"), (self._refusal, "late"))

    def begin_sending(self) -> bool:
        """Return whether it is not on its way already; from now on it is."""
        is_first, self._is_sent = not self._is_sent, True
        return is_first

    def taken(self) -> None:
        """Leave, now that it is in."""
        self._kept = self.written
        self.dismiss(None)

    def took_in(self, found: WholeConversation) -> None:
        """Put in what was begun earlier, and say who has written while this is."""
        if self._kept is None:
            self._begin_with(found.draft)
        newest = found.messages[0] if found.messages else None
        number = -1 if newest is None else newest.id
        is_news = self._newest is not None and number > self._newest
        self._newest = max(number, self._newest or number)
        if is_news and newest is not None:
            who = plain_line(written_by(newest))
            role = "late" if newest.role is MessageRole.CUSTOMER else "soon"
            said = f"{who} has written meanwhile; it stands above."
            if self._refusal:  # why it was not sent is not covered by that
                said, role = f"{self._refusal}; {said}", "late"
            self.say(("! ", role), (said, role))

    def _begin_with(self, draft: Draft | None) -> None:
        """Go on with a draft; what was typed before it came stands below it."""
        if draft is None:
            self._kept = Written("", public=True)
            return
        self._kept = Written(draft.text, draft.public)
        typed = self.editor.text
        self.public = draft.public
        self.write(draft.text + ("\n" + typed if typed.strip() else ""))
        self.say(("What you had begun is back.", "dim"))

    @on(TextArea.Changed)
    def _changed(self) -> None:
        if not self._is_sent and self.editor.text != self._put:
            self._refusal = ""
            self.say()

    def _send(self) -> None:
        try:
            checked_text(self.editor.text, "the note" if not self.public else "the answer")
        except Refusal as refusal:
            self.refuse(refusal.reason)
            return
        self._ask_for.send(self, self.written)

    def _change_kind(self) -> None:
        self.public = not self.public
        self._draw()

    def _keep(self) -> None:
        """Keep what is written, where it is no longer as it was kept last."""
        if self._kept is not None and self.written != self._kept and not self._is_sent:
            self._kept = self.written
            self._ask_for.keep(self.ticket.id, self.written, False)

    def _unkept(self) -> Unkept | None:
        """Return what would be lost if the board ended now."""
        said = self.written
        if self._is_sent or said == self._kept or not said.text.strip():
            return None
        return Unkept(self.ticket.id, said.text, said.public)

    def _leave(self) -> None:
        """Leave with the draft kept, and said; nothing is said where there is none."""
        if self.written != self._kept or self.editor.text.strip():
            self._kept = self.written
            if self.editor.text.strip() or self.found is not None:
                said = bool(self.editor.text.strip())
                self._ask_for.keep(self.ticket.id, self.written, said)
        self.dismiss(None)

    def mover(self) -> ThreadView:
        """Return the conversation, whose keys work while it has them."""
        return self.thread

    def _draw(self) -> None:
        super()._draw()
        self.set_class(not self.public, "-internal")
        company = company_spans(self.company, self.ticket.id, self.size.width // 2)
        self._rule.update(
            content(rule_spans(self.ticket, self.size.width, company, public=self.public))
        )


def rule_spans(
    ticket: Ticket, cells: int, company: Sequence[Span] = (), *, public: bool
) -> list[Span]:
    """Return the line above the editor: who will read what is written, and who else is there."""
    asker = ticket.requester.name if ticket.requester is not None else ticket.customer
    if public:
        role, said = "frame", f"Answer to {plain_line(asker)}: the customer reads it"
    else:
        role, said = "soon", "Internal note: only we read it, no customer does"
    beside = [("  ", ""), *company] if company else []
    title = cut([(said, role), *beside], max(1, cells - 6))
    rest = max(0, cells - spans_width(title) - 4)
    return [("━━ ", role), *title, (" " + "━" * rest, role)]
