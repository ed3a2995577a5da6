"""What every help desk can do for us: say what changed, and take one step of a person's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from connections.attempts import Delivery
from policy.conversation.steps import OutgoingStep, StepKind
from policy.intake.conversation import MessageRole

__all__ = [
    "START",
    "Account",
    "AttachmentRead",
    "Cursor",
    "HelpDesk",
    "MessageRead",
    "OutgoingStep",
    "Reading",
    "StepKind",
    "TicketRead",
    "Unreachable",
]

Cursor = Mapping[str, object]
"""How far a help desk has been read, as plain JSON values that its own module understands."""

START: Cursor = {}
"""The cursor of a connection that has never been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRead:
    """A file that came with a message: its name as it was sent, its kind, and its size in bytes.

    ``reference`` is what the help desk's module needs to fetch it.
    """

    name: str
    media_type: str
    size: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRead:
    """One message of a conversation as its help desk has it; ``at`` is UTC.

    ``external_id`` is unique within the connection. ``author`` is the login or address of whoever
    wrote it, ``name`` how they are called. ``text`` is plain text, whatever it was written as.
    ``mark`` is ours where we wrote it, and ``message_id`` that of a mail. ``answers`` are the ids
    of the mails before that in its thread, without brackets and the nearest first, and ``subject``
    is its subject.
    """

    external_id: str
    at: datetime
    role: MessageRole
    public: bool
    author: str
    text: str
    name: str = ""
    attachments: tuple[AttachmentRead, ...] = ()
    mark: str | None = None
    message_id: str | None = None
    answers: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRead:
    """One ticket as its help desk says it at one time.

    ``record`` holds its fields under the help desk's own names, for the mapping of the connection;
    None where it is gone. ``messages`` are the ones not told before, in the order they were
    written; those told before may come again. ``marks`` are our steps that are seen to be done.
    ``merged_into`` is the id there of the ticket it became part of. ``undelivered`` says, by their
    external ids, which messages of ours came back, each with the reason in one line.
    """

    external_id: str
    record: Mapping[str, object] | None
    messages: tuple[MessageRead, ...] = ()
    marks: frozenset[str] = frozenset()
    merged_into: str | None = None
    undelivered: Mapping[str, str] = field(default_factory=dict)

    @property
    def deleted(self) -> bool:
        """Whether it is no more over there, and no part of another one either."""
        return self.record is None and self.merged_into is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What changed since a cursor, and the cursor after it: both are kept in one transaction.

    ``more`` says that there is more to read at once. ``pause`` is how long the help desk wants to
    be left alone before the next reading, by its own rate headers. ``total`` is how many tickets a
    first reading has in all, None where that is not known or it is not the first one. ``came_back``
    says why mails of ours reached nobody, by their Message-IDs without brackets.
    """

    tickets: tuple[TicketRead, ...]
    cursor: Cursor
    more: bool = False
    pause: timedelta = timedelta(0)
    total: int | None = None
    came_back: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whom a login is over there, and in sentences what it lacks for what it is to do."""

    login: str
    name: str
    lacks: tuple[str, ...] = ()


class HelpDesk(Protocol):
    """One help desk that can be read and written; used by one thread at a time.

    Every method raises ``Unreachable`` where there is no answer that can be relied on.
    """

    def account(self) -> Account:
        """Return whom we are there and what is missing: rights, the field for our marks."""

    def changes(self, since: Cursor, limit: int) -> Reading:
        """Return what changed since a cursor, of about ``limit`` tickets at most."""

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        """Return the whole conversation of one ticket, the first message first."""

    def attachment(self, reference: str) -> bytes:
        """Return a file that came with a message."""

    def write(self, step: OutgoingStep) -> Delivery:
        """Carry out one step over there, and return what became of it, read back.

        An answer of success is no proof: what was written is read again and compared.
        """

    def find(self, step: OutgoingStep) -> bool | None:
        """Return whether a step that may have arrived is there; None while nobody can know.

        To be asked no sooner than ``settles_after`` after the attempt.
        """

    @property
    def settles_after(self) -> timedelta:
        """For how long after an attempt without an answer it may still be carried out there."""

    def close(self) -> None:
        """Hang up."""


class Unreachable(Exception):  # noqa: N818 - it says what is so, as a refusal does
    """A help desk that gave no answer to rely on; ``why`` is one line for people, no secret in it.

    ``retry_after`` is how long it asked to be left alone; ``for_good`` says that a person has to
    change something first, such as a login that was refused.
    """

    def __init__(
        self, why: str, *, retry_after: timedelta | None = None, for_good: bool = False
    ) -> None:
        super().__init__(why)
        self.why = why
        self.retry_after = retry_after
        self.for_good = for_good
