"""The desk's part for conversations: what was written in a ticket, and writing in it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from policy.conversation.messages import ConversationMessage, Draft, MessageState, checked_text
from policy.conversation.steps import StepKind
from policy.conversation.unanswered import before_answer
from policy.intake.conversation import MessageRole
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.tickets import actions
from policy.words import Action, Status
from store.conversations.begun_drafts import draft_of
from store.conversations.drafts import drop_draft, keep_draft
from store.conversations.message_events import MESSAGE_WRITTEN, message_facts
from store.conversations.message_rows import conversation_of, message_numbered, put_messages
from store.conversations.origins import origin_of
from store.conversations.outgoing import (
    before_of_answer,
    drop_failed,
    new_mark,
    put_step,
    queue_failed_again,
)
from store.queue.search_documents import put_documents
from store.session import ReadSession, Session
from store.tickets.ticket_writer import Writer
from store.unit_of_work import carry_out


class ConversationReading:
    """What was written in a ticket, by whom."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def of(self, ticket: int) -> tuple[ConversationMessage, ...]:
        """Return all messages of a ticket, the first one first, with what was merged into it.

        Raises:
            Refusal: there is no such ticket.
        """
        with self._session.read() as reader:
            return conversation_of(reader, reader.ticket(ticket))

    def draft(self, ticket: int) -> Draft | None:
        """Return what this person has begun to write about a ticket, None for nothing."""
        with self._session.read() as reader:
            return draft_of(reader.connection, ticket, reader.login)


class ConversationDesk(ConversationReading):
    """Answers and notes, written here."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def answer(
        self,
        ticket: int,
        text: str,
        status: Status | None = None,
        *,
        hold: timedelta = timedelta(0),
    ) -> Ticket:
        """Write an answer to the customer; ``status`` says whose step is next.

        It counts from now on, and goes out where the ticket comes from a connection, not before
        ``hold`` is over; otherwise it is kept as sent by hand.

        Raises:
            Refusal: this person may not, the ticket is closed, or there is nothing in the text.
        """
        said = checked_text(text)
        with self._session.write(Action.REPLY) as (writer, reader):
            before = reader.ticket(ticket)
            answered = carry_out(
                writer,
                reader,
                ticket,
                "replied",
                lambda each, now: actions.replied(each, now, status),
                unsent=frozenset({StepKind.STATUS}),
            )
            moved = None if answered.status is before.status else answered.status
            kept = before_of_answer(before_answer(before))
            _write(writer, answered, said, StepKind.ANSWER, kept, status=moved, hold=hold)
            drop_draft(writer, ticket)
            return answered

    def note(
        self,
        ticket: int,
        text: str,
        status: Status | None = None,
        *,
        hold: timedelta = timedelta(0),
    ) -> Ticket:
        """Write an internal note, which no customer sees; ``status`` says whose step is next.

        Where it goes out, that is not before ``hold`` is over.

        Raises:
            Refusal: this person may not, or there is nothing in the text.
        """
        said = checked_text(text)
        wanted = Action.COMMENT if status is None else Action.SET_STATUS
        with self._session.write(wanted, Action.COMMENT) as (writer, reader):
            found = reader.ticket(ticket)
            _write(writer, found, said, StepKind.NOTE, {}, hold=hold)
            if status is not None:
                found = carry_out(
                    writer,
                    reader,
                    ticket,
                    "status_changed",
                    lambda each, now: actions.with_status(each, status, now),
                )
            drop_draft(writer, ticket)
            return found

    def send_again(self, message: int) -> Ticket:
        """Send an answer or a note once more that was refused for good; it counts from now on.

        Raises:
            Refusal: this person may not, or it has not failed.
        """
        with self._session.write(Action.REPLY, undoable=False) as (writer, reader):
            failed = _failed(writer, message)
            ticket = reader.ticket(failed.ticket)
            before = before_of_answer(before_answer(ticket))
            if failed.public:
                ticket = carry_out(
                    writer,
                    reader,
                    ticket.id,
                    "replied",
                    actions.replied,
                    note="sent again",
                    unsent=frozenset({StepKind.STATUS}),
                )
            queue_failed_again(writer, message, before)
            return ticket

    def drop(self, message: int) -> Ticket:
        """Give up an answer or a note that was refused for good: it is no more in the ticket.

        Raises:
            Refusal: this person may not, or it has not failed.
        """
        with self._session.write(Action.REPLY, undoable=False) as (writer, reader):
            failed = _failed(writer, message)
            drop_failed(writer, message)
            writer.journal.append(
                "answer_dropped" if failed.public else "note_dropped", ticket=failed.ticket
            )
            put_documents(writer.connection, writer.kind, [failed.ticket])
            return reader.ticket(failed.ticket)

    def keep_draft(
        self, ticket: int, text: str, *, public: bool = True, status: Status | None = None
    ) -> None:
        """Keep what this person has begun to write about a ticket; an empty text forgets it."""
        with self._session.write(Action.COMMENT, undoable=False) as (writer, _):
            keep_draft(writer, ticket, text, public=public, status=status)


def _write(
    writer: Writer,
    ticket: Ticket,
    text: str,
    kind: StepKind,
    before: Mapping[str, Any],
    *,
    status: Status | None = None,
    hold: timedelta = timedelta(0),
) -> None:
    """Keep what this person wrote, and queue it where its ticket comes from a connection."""
    origin = origin_of(writer.connection, ticket)
    mark = None if origin is None else new_mark()
    row = {
        "ticket_id": ticket.id,
        "source": ticket.source if origin is None else origin.connection,
        "at": writer.now,
        "author": writer.actor,
        "role": MessageRole.US,
        "public": kind is StepKind.ANSWER,
        "state": MessageState.SENT if origin is None else MessageState.SENDING,
        "mark": mark,
        "text": text,
    }
    (number,) = put_messages(writer.connection, [row])
    written = message_numbered(writer.connection, number)
    if written is None:
        raise AssertionError(number)
    writer.journal.append(MESSAGE_WRITTEN, after=message_facts(written), ticket=ticket.id)
    put_documents(writer.connection, writer.kind, [ticket.id])
    if origin is not None:
        put_step(
            writer,
            origin,
            ticket.id,
            kind,
            before,
            value=status,
            message=number,
            mark=mark,
            hold=hold,
        )


def _failed(writer: Writer, message: int) -> ConversationMessage:
    """Return a message that has failed.

    Raises:
        Refusal: it has not, or there is none.
    """
    found = message_numbered(writer.connection, message)
    if found is None:
        raise Refusal(f"message {message}: there is none; numberone messages ID has the numbers")
    if found.state is not MessageState.FAILED:
        raise Refusal(f"message {message} of #{found.ticket} has not failed: it is {found.state}")
    return found
