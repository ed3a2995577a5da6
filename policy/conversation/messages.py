"""A conversation as it is kept: messages, who wrote each, and how far ours have come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from policy.intake.conversation import MessageRole
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import OpenedBy, Status

LONGEST_MESSAGE: Final = 1_000_000
"""How many characters a message may have."""

OPENING: Final = 0
"""The number of the message that a ticket's own description is; the others count from 1."""


class MessageState(StrEnum):
    """How far a message has come: theirs were received, ours are sent or have failed."""

    RECEIVED = "received"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    TAKEN_BACK = "taken_back"
    """One of ours that a person took back before it had gone out; shown nowhere, and kept."""


SHOWN_STATES: Final = frozenset(MessageState) - {MessageState.TAKEN_BACK}
"""The states in which a message is part of its conversation."""

SAID_STATES: Final = frozenset({MessageState.RECEIVED, MessageState.SENT})
"""The states in which whoever it is for can have read a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a message: its name, its kind and its size in bytes.

    ``reference`` is what its connection fetches it by.
    """

    name: str
    media_type: str
    size: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationMessage:
    """One message of a ticket's conversation; ``at`` is when it was written, in UTC.

    ``author`` is the login or address of whoever wrote it, ``name`` how they are called.
    ``outcome`` says in a sentence how sending it ended, or why it has not gone out yet.
    ``message_id`` is that of a mail, ``source`` the connection or file that the message is of, and
    ``more`` how many characters of a long text were left unread.
    """

    id: int
    ticket: int
    at: datetime
    author: str
    name: str
    role: MessageRole
    public: bool
    text: str
    state: MessageState
    attachments: tuple[Attachment, ...] = ()
    outcome: str = ""
    message_id: str | None = None
    source: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEnd:
    """The end of a ticket's conversation: its last ``messages``, the last one first.

    ``earlier`` is how many stand before these, ``failed`` are those of ours that were refused for
    good, the latest first, and ``connection`` is the one by which an answer goes out: None where it
    is kept here. ``is_begun`` says that whoever reads it has a draft.
    """

    messages: tuple[ConversationMessage, ...] = ()
    earlier: int = 0
    failed: tuple[ConversationMessage, ...] = ()
    connection: str | None = None
    is_begun: bool = False

    @property
    def is_moving(self) -> bool:
        """Whether one of ours is on its way, and will soon be told otherwise."""
        return any(each.state is MessageState.SENDING for each in self.messages)


NO_CONVERSATION: Final = ConversationEnd()
"""That of a ticket in which nothing was written but its description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody has begun to write about a ticket; ``at`` is when it was kept (UTC)."""

    ticket: int
    at: datetime
    text: str
    public: bool
    status: Status | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """One message as a connection says it; ``external_id`` is its name there, ``at`` is UTC.

    ``mark`` is that of our step that wrote it, None where it is none of ours. ``answers`` are the
    ids of the mails that a mail answers, without brackets, the nearest first; ``subject`` is its.
    """

    external_id: str
    at: datetime
    role: MessageRole
    public: bool
    author: str
    text: str
    name: str = ""
    attachments: tuple[Attachment, ...] = ()
    mark: str | None = None
    message_id: str | None = None
    answers: tuple[str, ...] = ()
    subject: str = ""


def checked_text(text: str, what: str = "text") -> str:
    """Return what a person wrote, without the empty lines around it.

    Raises:
        Refusal: it says nothing, is too long, or holds what no database takes.
    """
    written = text.replace("\r\n", "\n").strip("\n").rstrip()
    if not written.strip():
        raise Refusal(f"{what}: empty; expected what is to be said")
    if len(written) > LONGEST_MESSAGE:
        raise Refusal(f"{what}: {len(written):,} characters; expected at most {LONGEST_MESSAGE:,}")
    if "\0" in written:
        raise Refusal(f"{what}: expected text without NUL characters")
    try:
        written.encode()
    except UnicodeEncodeError:
        raise Refusal(f"{what}: expected text in Unicode") from None
    return written


def opening_of(ticket: Ticket, body: str) -> ConversationMessage | None:
    """Return a ticket's description as the first message; None where there is none.

    It is the customer's, or of one of us who opened the ticket for them.
    """
    if not body.strip():
        return None
    is_theirs = ticket.opened_by is OpenedBy.CUSTOMER
    asker = ticket.requester
    return ConversationMessage(
        id=OPENING,
        ticket=ticket.id,
        at=ticket.received_at,
        author=(asker and asker.email) or ticket.customer if is_theirs else ticket.opened_by,
        name=(asker.name if asker else ticket.customer) if is_theirs else "",
        role=MessageRole.CUSTOMER if is_theirs else MessageRole.US,
        public=True,
        text=body,
        state=MessageState.RECEIVED,
    )


def written_by(message: ConversationMessage) -> str:
    """Return who a message is from, for people: one of us by login, others by their name."""
    if message.role is MessageRole.US:
        return message.author
    return message.name or message.author
