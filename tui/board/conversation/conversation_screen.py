"""The whole conversation of one ticket over the board, the last message first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from policy.conversation.messages import ConversationMessage, Draft
from policy.phrases import STATUS_NAMES
from policy.ticket import Ticket
from store.presence import Doing
from tui.actions.conversation_actions import FOOTER_OF_CONVERSATION
from tui.actions.declaration import ActionContext
from tui.board.client import Answered, Client, GoOn
from tui.board.conversation.sending_line import AnswersOnTheirWay, SendingLine
from tui.board.conversation.thread_lines import ThreadLook
from tui.board.conversation.thread_view import ThreadView
from tui.board.desk_screen import DeskScreen, bindings_of
from tui.board.over_screen import OverScreen
from tui.board.resting_place import Place
from tui.board.widgets.styles import Span, content, spread
from tui.environment.keymap import display
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import due_label

if TYPE_CHECKING:
    from store.desk import DeskReading

ON_TICKET = ("reply", "attachments", "refused_answer", "take", "open_link")
"""What is done to the ticket of the screen, wherever the board's cursor is by now."""

OnTicket = Callable[[str, Ticket], None]
"""Does what a command of ``ON_TICKET`` says to a ticket."""


@dataclass(frozen=True, slots=True)
class WholeConversation:
    """A ticket as it is now, all messages with the last one first, and what was begun of ours."""

    ticket: Ticket
    messages: Sequence[ConversationMessage]
    draft: Draft | None


class ConversationRead(Answered[WholeConversation]):
    """The conversation was read."""


class ConversationScreen(OverScreen):
    """Shows what was written in one ticket, whatever happens to the board's cursor meanwhile."""

    NAME = "conversation"
    LEAVING = ("back",)
    BINDINGS = bindings_of("conversation")
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - Textual's own declaration

    def __init__(
        self,
        below: DeskScreen,
        ticket: Ticket,
        on_ticket: OnTicket,
        on_their_way: AnswersOnTheirWay,
    ) -> None:
        super().__init__(below)
        self._sending = SendingLine(on_their_way, display(self.context.keys["undo"][0]))
        self.ticket = ticket
        self._on_ticket = on_ticket
        self._heading = Static("", markup=False, classes="over-heading")
        self.thread = ThreadView()
        self._folded = True
        self.found: WholeConversation | None = None
        self._reading: Client[tuple[DeskReading, int], WholeConversation] = Client(
            self,
            _read,
            ConversationRead,
            name="conversation",
            fault_folder=self.context.state_folder,
            sentence="that cannot be read; {told}",
        )

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.block()
        yield self._heading
        yield self.thread
        yield self._sending
        yield self._footer

    def on_mount(self) -> None:
        """Read what was written."""
        self.begin()
        self._ask()
        self._draw()

    def begin(self) -> None:
        """Give the keys to the conversation."""
        self.thread.focus()

    def place(self) -> Place:
        """Return the ticket of the screen, which is looked at."""
        return self.ticket.id, Doing.LOOKS

    def situation(self) -> ActionContext:
        """Return what the commands look at: the ticket is the screen's own."""
        return replace(super().situation(), ticket=self.ticket)

    def handlers(self) -> Mapping[str, Callable[[], None]]:
        """Return what each command of the screen does."""
        on_ticket = {name: self._use_on_ticket(name) for name in ON_TICKET}
        return {**on_ticket, "fold_quotes": self._fold}

    def footer(self) -> tuple[str, ...]:
        """Return what the last line names."""
        return FOOTER_OF_CONVERSATION[self.NAME]

    def mover(self) -> ThreadView:
        """Return the conversation."""
        return self.thread

    def watch_state(self) -> None:
        """Read again, as something has changed."""
        if self.is_mounted:
            self._ask()

    def watch_now(self) -> None:
        """Show times as of another minute, and how far what is on its way has come."""
        if self.is_mounted:
            self._draw()

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        self.call_after_refresh(self._draw)

    @on(ConversationRead)
    def _came(self, message: ConversationRead) -> None:
        if message.found is None:
            self.refuse(message.trouble)
        else:
            self.found, self.ticket = message.found, message.found.ticket
            self.took_in(message.found)
        self._draw()
        self._reading.came(message)

    def took_in(self, found: WholeConversation) -> None:
        """Do what is to be done with a conversation that was read."""

    def _ask(self) -> None:
        desk = self.client.desk
        if desk is not None:
            self._reading.ask_in_turn(lambda: (desk, self.ticket.id))

    def _use_on_ticket(self, command: str) -> Callable[[], None]:
        return lambda: self._on_ticket(command, self.ticket)

    def _fold(self) -> None:
        self._folded = not self._folded
        self._draw()

    def _draw(self) -> None:
        self._heading.update(content(heading_spans(self, self.size.width)))
        self.draw_footer()
        if self.found is None or not self.thread.is_mounted:
            return
        messages = tuple(self.found.messages)
        now = times.whole_minute(self.now)
        look = ThreadLook(
            now=now,
            zone=self.context.zone,
            cells=self.thread.cells,
            folded=self._folded,
            fold_key=display(self.context.keys["fold_quotes"][0]),
            opening=messages[-1].id if messages else None,
        )
        self.thread.show(messages, look)


def heading_spans(screen: ConversationScreen, cells: int) -> list[Span]:
    """Return which ticket it is, whose, its status, and until when the customer is answered."""
    ticket, now, zone = screen.ticket, screen.now, screen.context.zone
    left: list[Span] = [
        (f" #{ticket.id} ", "bright"),
        (f" {ticket.priority or 'declined'} ", role_of(screen.words, ticket.priority)),
        (f" {plain_line(ticket.customer)} · ", ""),
        (plain_line(ticket.subject), "bright"),
    ]
    if ticket.respond_by is not None and ticket.actionable:
        due = f"{due_label(ticket)} {times.at(ticket.respond_by, now, zone)}"
    else:
        due = STATUS_NAMES[ticket.status]
    return spread(left, [(f"  {due} ", "dim")], cells)


def _read(wanted: "tuple[DeskReading, int]", _: GoOn) -> WholeConversation:
    desk, number = wanted
    with desk.snapshot():
        messages = desk.conversation.of(number)
        return WholeConversation(
            desk.tickets.get(number), messages[::-1], desk.conversation.draft(number)
        )
