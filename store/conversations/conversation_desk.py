"""The desk's part for conversations: what was written in a ticket, and writing in it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import col

from policy.conversation.messages import ConversationMessage, Draft, MessageState, checked_text
from policy.conversation.steps import StepKind
from policy.conversation.unanswered import before_answer
from policy.intake.conversation import MessageRole
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.tickets import actions
from policy.words import Action, Status
from store.conversations.message_events import MESSAGE_WRITTEN, message_facts
from store.conversations.message_rows import conversation_of, message_numbered, put_messages
from store.conversations.outgoing import (
    before_of_answer,
    drop_failed,
    new_mark,
    origin_of,
    put_step,
    queue_failed_again,
)
from store.queue.search_documents import put_documents
from store.schema.conversation_tables import DraftRow
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
            row = reader.connection.execute(
                select(*DraftRow.__table__.c).where(  # type: ignore[attr-defined] # SQLModel's table
                    col(DraftRow.ticket_id) == ticket, col(DraftRow.login) == reader.login
                )
            ).first()
        if row is None:
            return None
        status = None if row.status is None else Status(row.status)
        return Draft(ticket=ticket, at=row.at, text=row.text, public=row.public, status=status)


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
            _drop_draft(writer, ticket)
            return answered

    def note(self, ticket: int, text: str, status: Status | None = None) -> Ticket:
        """Write an internal note, which no customer sees; ``status`` says whose step is next.

        Raises:
            Refusal: this person may not, or there is nothing in the text.
        """
        said = checked_text(text)
        wanted = Action.COMMENT if status is None else Action.SET_STATUS
        with self._session.write(wanted, Action.COMMENT) as (writer, reader):
            found = reader.ticket(ticket)
            _write(writer, found, said, StepKind.NOTE, {})
            if status is not None:
                found = carry_out(
                    writer,
                    reader,
                    ticket,
                    "status_changed",
                    lambda each, now: actions.with_status(each, status, now),
                )
            _drop_draft(writer, ticket)
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
            _drop_draft(writer, ticket)
            if text.strip():
                row = {"ticket_id": ticket, "login": writer.actor, "at": writer.now}
                row |= {"public": public, "status": status, "text": text}
                writer.connection.execute(insert(DraftRow), row)


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


def _drop_draft(writer: Writer, ticket: int) -> None:
    writer.connection.execute(
        delete(DraftRow).where(
            col(DraftRow.ticket_id) == ticket, col(DraftRow.login) == writer.actor
        )
    )
