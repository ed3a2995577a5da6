"""Takes in what a connection says of its tickets and of what was written in them.

"First response and the customer's last word come from the messages: public ones of people, not of
programs, out-of-office replies or bounces."
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select, update
from sqlmodel import col

from policy.conversation.connections import ConversationRead, TakenIn
from policy.conversation.messages import SAID_STATES, IncomingMessage, MessageState
from policy.conversation.steps import StepState
from policy.intake.conversation import (
    Message,
    MessageRole,
    conversation_times,
    written_by_customer,
)
from policy.intake.incoming import IncomingTicket
from policy.ticket import Ticket
from policy.tickets.actions import decided
from policy.tickets.merging import merged_there
from policy.words import Status
from store.conversations.kept_conversations import KeptConversation, Known, kept_conversations
from store.conversations.message_rows import put_messages, stored_attachments
from store.conversations.outgoing import queue_changes
from store.conversations.reconciling import Reconciled, reconciled
from store.conversations.step_ends import end_of_step, numbers_marked, step_of_message
from store.desk_reader import DeskReader
from store.notices.answers_to_notices import AnswersToNotices, FoundAnswer
from store.queue.search_documents import put_documents
from store.schema.conversation_tables import MessageRow, MessageTextRow
from store.schema.tables import TicketRow
from store.tickets.assignees import assigned_in_the_team
from store.tickets.ingest import Ingested, ingest, next_of
from store.tickets.known_tickets import known_tickets
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import TicketUpdate, Writer
from store.unit_of_work import write_each

_TIMES: Final = ("first_response_at", "last_response_at", "last_customer_message_at")
_MESSAGE: Any = MessageRow.__table__.c  # type: ignore[attr-defined] # SQLModel's table


class ReadingIn:
    """One batch of a connection on its way in, in the transaction of the one who reads it."""

    def __init__(self, writer: Writer, reader: DeskReader, name: str) -> None:
        self._writer = writer
        self._reader = reader
        self._name = name
        self._connection = writer.connection

    def taken_in(self, conversations: Sequence[ConversationRead]) -> TakenIn:
        """Take all of it in, and return what that changed."""
        found_answers = AnswersToNotices(self._connection, self._name)
        sorted_out = found_answers.sorted_out(conversations)
        read, conversations = len(conversations), sorted_out.conversations
        self._end_marked(conversations)
        said = [each for each in conversations if each.ticket is not None]
        known = known_tickets(self._connection, [each.ticket for each in said if each.ticket])
        refused = self._refused(conversations, known)
        said = [each for each in said if each.external_id not in refused]
        kept = kept_conversations(self._connection, self._name, said, known)
        here = self._come_back(said, kept)
        told = {each.external_id: self._told(each, here[each.external_id]) for each in said}
        incoming = [self._timed(each, told[each.external_id]) for each in said]
        result = reconciled(self._writer, self._name, incoming, known)
        found = ingest(
            self._connection,
            result.tickets,
            self._writer.rulebook,
            self._writer.now,
            written={(self._name, name): written_by_customer(told[name]) for name in told},
        )
        updates = self._with_what_was_only_read(found, result)
        new = self._put_messages(said, here, known, found)
        write_each(self._writer, assigned_in_the_team(updates, self._reader.roster))
        self._tell(result, new, {update.after.id for update in updates})
        self._end_undelivered(conversations)
        self._hear(found_answers, sorted_out.answers)
        for each in conversations:
            self._remove_or_merge(each)
        admitted = sum(each is not None for each in found.admitted)
        updated = sum(
            new_ticket is None and (differed or known[self._name, each.external_id][0] in new)
            for each, new_ticket, differed in zip(said, found.admitted, found.differed, strict=True)
        )
        gone = sum(each.deleted or each.merged_into is not None for each in conversations)
        return TakenIn(
            read=read,
            admitted=admitted,
            updated=updated + gone,
            unchanged=len(said) - admitted - updated,
            messages=sum(new.values()) + len(sorted_out.answers),
            refused=refused,
        )

    def _hear(self, found: AnswersToNotices, answers: Sequence[FoundAnswer]) -> None:
        """Put customers' answers to wait notices into the tickets they belong to."""
        put_messages(self._connection, [self._row(each.ticket, each.message) for each in answers])
        heard = found.heard(answers)
        for each, ticket in zip(heard, write_each(self._writer, heard), strict=True):
            if each.before is not None:
                queue_changes(self._writer, each.before, ticket, frozenset())
        tickets = sorted({each.ticket for each in answers})
        put_documents(self._connection, self._writer.kind, tickets)

    # What cannot come in

    def _refused(self, conversations: Iterable[ConversationRead], known: Known) -> dict[str, str]:
        """Return which tickets cannot be taken in, and why."""
        refused = {each.external_id: each.refused for each in conversations if each.refused}
        for each in conversations:
            is_new = (self._name, each.external_id) not in known
            if each.lacking and is_new and each.ticket is not None:
                refused[each.external_id] = each.lacking
        return refused

    # What was written

    def _come_back(
        self, said: Sequence[ConversationRead], kept: Mapping[str, KeptConversation]
    ) -> dict[str, KeptConversation]:
        """Know our own messages that come back, and return the conversations with them."""
        after = {}
        for each in said:
            conversation = kept[each.external_id]
            for message in each.messages:
                if message.external_id in conversation.names:
                    continue
                ours = conversation.ours(message)
                if ours is not None:
                    conversation = self._named(conversation, ours, message)
            after[each.external_id] = conversation
        return after

    def _named(
        self, conversation: KeptConversation, ours: Any, message: IncomingMessage
    ) -> KeptConversation:
        """Give a message of ours its name there; it was written when the person sent it."""
        values = {"external_id": message.external_id, "state": MessageState.SENT, "outcome": ""}
        if message.message_id is not None:
            values["message_id"] = message.message_id
        that = col(MessageRow.id) == ours.id
        self._connection.execute(update(MessageRow).where(that).values(values))
        step = step_of_message(self._writer, ours.id)
        if step is not None:
            end_of_step(self._writer, self._reader, step, StepState.SENT, "It is there.")
        others = [row for row in conversation.kept if row.id != ours.id]
        (row,) = self._connection.execute(
            select(*_MESSAGE, col(MessageTextRow.text))
            .join(MessageTextRow, col(MessageTextRow.message_id) == col(MessageRow.id))
            .where(that)
        )
        return KeptConversation((*others, row))

    def _told(self, each: ConversationRead, conversation: KeptConversation) -> list[Message]:
        """Return what was said in a conversation by now: what is kept of it, and what is new."""
        kept = [
            Message(row.at, MessageRole(row.role), row.public)
            for row in conversation.kept
            if row.state in SAID_STATES
        ]
        new = (each for each in each.messages if each.external_id not in conversation.names)
        return [*kept, *(Message(message.at, message.role, message.public) for message in new)]

    def _timed(self, each: ConversationRead, messages: Sequence[Message]) -> IncomingTicket:
        """Return a ticket with the times that its conversation tells, and its holder as a member.

        "A help desk's agent is matched to a member by e-mail address or login."
        """
        ticket = each.ticket
        if ticket is None:
            raise AssertionError(each)
        changed: dict[str, Any] = {}
        if ticket.assignee is not None:
            changed["assignee"] = self._reader.roster.login_of(ticket.assignee)
        if messages:
            times = conversation_times(messages, ticket.received_at)
            changed |= {name: getattr(times, name) for name in _TIMES}
        return ticket.model_copy(update=changed) if changed else ticket

    def _put_messages(
        self,
        said: Sequence[ConversationRead],
        here: Mapping[str, KeptConversation],
        known: Known,
        found: Ingested,
    ) -> dict[int, int]:
        """Keep the messages that are new; return how many, by the ticket they belong to."""
        numbers = {}
        for each, admitted in zip(said, found.admitted, strict=True):
            number, _ = known.get((self._name, each.external_id), (0, None))
            numbers[each.external_id] = number if admitted is None else admitted.id
        became = {update.after.id: update.after for update in found.updates}
        rows = []
        counts: dict[int, int] = {}
        for each in said:
            ticket = self._ticket(numbers[each.external_id], became)
            kept = here[each.external_id].names
            fresh = {m.external_id: m for m in each.messages if m.external_id not in kept}
            for message in fresh.values():
                number = self._belongs_to(ticket, message, became)
                rows.append(self._row(number, message))
                counts[number] = counts.get(number, 0) + 1
        put_messages(self._connection, rows)
        return counts

    def _ticket(self, number: int, became: Mapping[int, Ticket]) -> Ticket:
        if number in became:
            return became[number]
        (found,) = by_ids(self._connection, [number])
        return found

    def _belongs_to(
        self, ticket: Ticket, message: IncomingMessage, became: Mapping[int, Ticket]
    ) -> int:
        """Return the ticket that a message is part of; after a close, where it goes on."""
        while ticket.continued_in is not None:
            further = self._ticket(ticket.continued_in, became)
            if message.at < further.received_at:
                break
            ticket = further
        return ticket.id

    def _row(self, ticket: int, message: IncomingMessage) -> dict[str, Any]:
        is_ours = message.role is MessageRole.US
        author = self._reader.roster.login_of(message.author) if is_ours else message.author
        return {
            "ticket_id": ticket,
            "source": self._name,
            "external_id": message.external_id,
            "at": message.at,
            "author": author,
            "name": message.name,
            "role": message.role,
            "public": message.public,
            "state": MessageState.SENT if is_ours else MessageState.RECEIVED,
            "attachments": stored_attachments(message.attachments),
            "message_id": message.message_id,
            "text": message.text,
        }

    # What the history tells

    def _with_what_was_only_read(self, found: Ingested, result: Reconciled) -> list[TicketUpdate]:
        """Return the updates, with what was said of fields in which ours holds as said."""
        updates = []
        read = dict(result.read)
        for each in found.updates:
            said = read.get(each.after.id)
            if said is None or each.imported is None:
                updates.append(each)
            else:
                del read[each.after.id]
                updates.append(replace(each, imported={**each.imported, **said}))
        for number, said in read.items():
            became = next((each for each in updates if each.after.id == number), None)
            if became is None:
                (ticket,) = by_ids(self._connection, [number])
                became = TicketUpdate(before=ticket, after=ticket, kind="read_back")
            else:
                updates.remove(became)
            imported = self._connection.scalar(
                select(col(TicketRow.imported)).where(col(TicketRow.id) == number)
            )
            updates.append(replace(became, imported={**(imported or {}), **said}, note=self._name))
        return updates

    def _tell(self, result: Reconciled, new: Mapping[int, int], told: set[int]) -> None:
        """Tell what was decided between both sides, and of messages that changed nothing else."""
        for number, notes in result.notes.items():
            for note in notes:
                self._writer.journal.append("both_changed", note=note, ticket=number)
        silent = sorted(new.keys() - told)
        for number in silent:
            many = "a message" if new[number] == 1 else f"{new[number]} messages"
            self._writer.journal.append(
                "messages_came", note=f"{many} of {self._name}", ticket=number
            )
        put_documents(self._connection, self._writer.kind, sorted(new))

    # What became of steps of ours

    def _end_marked(self, conversations: Iterable[ConversationRead]) -> None:
        marks = frozenset(mark for each in conversations for mark in each.marks)
        for number in numbers_marked(self._writer, marks) if marks else ():
            end_of_step(self._writer, self._reader, number, StepState.SENT, "It is there.")

    def _end_undelivered(self, conversations: Iterable[ConversationRead]) -> None:
        """Let what came back count as failed for good: the customer waits again."""
        for each in conversations:
            for name, why in each.undelivered.items():
                message = self._connection.scalar(
                    select(col(MessageRow.id)).where(
                        col(MessageRow.source) == self._name, col(MessageRow.external_id) == name
                    )
                )
                step = None if message is None else step_of_message(self._writer, message)
                if step is not None:
                    end_of_step(self._writer, self._reader, step, StepState.FAILED, why)

    # What is gone there

    def _remove_or_merge(self, each: ConversationRead) -> None:
        """Delete here what is deleted there, and merge what is merged there."""
        ticket = self._here(each.external_id) if each.deleted or each.merged_into else None
        if ticket is None:
            return
        if each.merged_into is not None:
            into = self._here(each.merged_into)
            while into is not None and (further := next_of(into)) is not None:
                (into,) = by_ids(self._connection, [further]) or (None,)
            if into is not None and ticket.merged_into is None and into.id != ticket.id:
                self._merge(ticket, into)
        elif self._is_hung_on(ticket):
            over = decided(ticket, Status.CLOSED, self._writer.now)
            update = TicketUpdate(before=ticket, after=over, kind="deleted_there", note=self._name)
            self._writer.write([update])
        else:
            self._writer.remove([ticket], self._name, "deleted_there")

    def _merge(self, ticket: Ticket, into: Ticket) -> None:
        both = merged_there(ticket, into)
        self._writer.write(
            [
                TicketUpdate(before=ticket, after=both.duplicate, kind="merged", note=self._name),
                TicketUpdate(
                    before=into, after=both.into, kind="merged_here", note=f"#{ticket.id}"
                ),
            ]
        )

    def _is_hung_on(self, ticket: Ticket) -> bool:
        """Return whether others go on in a ticket, or it goes on in another."""
        merged = col(TicketRow.merged_into) == ticket.id
        found = self._connection.scalar(select(col(TicketRow.id)).where(merged).limit(1))
        return found is not None or ticket.continued_in is not None

    def _here(self, external_id: str) -> Ticket | None:
        number = self._connection.scalar(
            select(col(TicketRow.id)).where(
                col(TicketRow.source) == self._name, col(TicketRow.external_id) == external_id
            )
        )
        return None if number is None else by_ids(self._connection, [number])[0]
