"""A customer's answer to a wait notice, which a connection read: it belongs to a ticket told of.

"It carries each ticket's reference, so that a reply finds it": by the Message-ID of the notice that
it answers, else by a reference in its subject, where the notice went to whoever writes. Then it is
no ticket of its own, whatever connection it came by.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select
from sqlmodel import col

from policy.conversation.connections import ConversationRead
from policy.conversation.messages import IncomingMessage
from policy.intake.conversation import MessageRole
from policy.ticket import Ticket
from policy.tickets.sources import written_to
from policy.waits.addresses import address_compared
from policy.waits.references import ReferenceForms, reference_forms, reference_of
from policy.words import Status
from store.conversations.connection_rows import entries
from store.engines.statements import AT_ONCE
from store.notices.ledger import TOLD
from store.schema.conversation_tables import MessageRow
from store.schema.promise_tables import NoticeRow
from store.schema.tables import TicketRow
from store.tickets.ingest import next_of
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import TicketUpdate

_MOST_NOTICES = 20
"""How many notices to one address are looked through for a reference, the newest ones."""

_MOST_ANSWERED = 50
"""How many mails before one are looked at, the nearest ones."""

_EMAIL: Any = col(NoticeRow.email)
_MESSAGE_ID = col(NoticeRow.message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAnswer:
    """An answer to a notice: the ``ticket`` it belongs to, and all that the notice told of."""

    message: IncomingMessage
    ticket: int
    told_of: tuple[int, ...]

    @property
    def note(self) -> str:
        """What the history says of it: to what else it may be an answer."""
        others = [f"#{each}" for each in self.told_of if each != self.ticket]
        return f"an answer to the notice{' also about ' if others else ''}{', '.join(others)}"


@dataclass
class SortedOut:
    """What a connection says, without the answers to notices, and these."""

    conversations: list[ConversationRead] = field(default_factory=list)
    answers: list[FoundAnswer] = field(default_factory=list)


class AnswersToNotices:
    """Finds answers to notices in what the connection ``name`` says."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._name = name
        self._tickets: dict[int, Ticket] = {}

    def sorted_out(self, conversations: Sequence[ConversationRead]) -> SortedOut:
        """Take the answers out of conversations; of one that held nothing else nothing stays."""
        notices, kept = self._notices(conversations), self._kept(conversations)
        if not notices and not kept:
            return SortedOut(list(conversations))
        forms = reference_forms(entries(self._connection))
        here = self._known_here(conversations)
        found = SortedOut()
        for each in conversations:
            stay = []
            for message in each.messages:
                answer = self._answer(message, notices, forms, here.get(each.external_id), kept)
                if answer is None:
                    stay.append(message)
                elif message.external_id not in kept:
                    found.answers.append(answer)
            if stay or len(stay) == len(each.messages) or each.external_id in here:
                found.conversations.append(replace(each, messages=tuple(stay)))
        return found

    def heard(self, answers: Iterable[FoundAnswer]) -> list[TicketUpdate]:
        """Return what the answers change: a message in a ticket makes the next step ours."""
        self._tickets.clear()  # what else was read may have changed them
        by_ticket: dict[int, list[FoundAnswer]] = {}
        for each in sorted(answers, key=lambda answer: answer.message.at):
            by_ticket.setdefault(each.ticket, []).append(each)
        return [self._update(number, found) for number, found in by_ticket.items()]

    def _update(self, number: int, answers: Sequence[FoundAnswer]) -> TicketUpdate:
        before = after = self._ticket(number)
        for each in answers:
            after = written_to(after, each.message.at)
        return TicketUpdate(before=before, after=after, kind="heard", note=answers[-1].note)

    def _answer(
        self,
        message: IncomingMessage,
        notices: "_Notices",
        forms: ReferenceForms,
        own: int | None,
        kept: Mapping[str, "_Kept"],
    ) -> FoundAnswer | None:
        """Return a message as an answer to a notice; None where it belongs where it was written.

        ``own`` is the ticket of its conversation. Where it was put before, it stays.
        """
        if message.role is not MessageRole.CUSTOMER:
            return None
        told_of = self._answered(message, notices, own, kept)
        if told_of is None and own is None:
            told_of = self._referred_to(message, notices, forms)
        if told_of is None or (own is not None and own not in told_of):
            return None
        before = kept.get(message.external_id)
        ticket = before.ticket if before else self._first_that_waits(message, told_of, forms)
        if ticket is None or ticket == own:
            return None
        return FoundAnswer(message=message, ticket=ticket, told_of=told_of)

    def _answered(
        self,
        message: IncomingMessage,
        notices: "_Notices",
        own: int | None,
        kept: Mapping[str, "_Kept"],
    ) -> tuple[int, ...] | None:
        """Return what the notice told of that a message answers; None where it answers none.

        The nearest mail that is known decides: an answer to what was written since is none to the
        notice. Who goes on from a mail of theirs in a thread that is no ticket goes on where that
        was put.
        """
        for each in message.answers[:_MOST_ANSWERED]:
            told_of = notices.by_message_id.get(f"<{each}>")
            if told_of is not None:
                return told_of
            if each in kept:
                theirs = own is None and kept[each].author == address_compared(message.author)
                return (kept[each].ticket,) if theirs else None
        return None

    def _referred_to(
        self, message: IncomingMessage, notices: "_Notices", forms: ReferenceForms
    ) -> tuple[int, ...] | None:
        """Return what the newest notice to whoever writes told of that the subject refers to."""
        for told_of in notices.sent_to(message.author):
            if any(self._is_named(message, each, forms) for each in told_of):
                return told_of
        return None

    def _first_that_waits(
        self, message: IncomingMessage, told_of: Sequence[int], forms: ReferenceForms
    ) -> int | None:
        """Return the first ticket told of in which somebody still waits, else the first of them.

        Of those that the subject refers to, where it does. None where all are over: that begins
        anew.
        """
        named = [each for each in told_of if self._is_named(message, each, forms)]
        further = [self._further(each) for each in named or told_of]
        open_ones = [each for each in further if each.status is not Status.CLOSED]
        waiting = [each for each in open_ones if each.owed]
        return next((each.id for each in (*waiting, *open_ones)), None)

    def _is_named(self, message: IncomingMessage, ticket: int, forms: ReferenceForms) -> bool:
        return reference_of(self._ticket(ticket), forms) in message.subject

    def _further(self, number: int) -> Ticket:
        """Return the ticket in which one goes on, after a merge or a close; mostly itself."""
        ticket = self._ticket(number)
        while (further := next_of(ticket)) is not None:
            ticket = self._ticket(further)
        return ticket

    def _ticket(self, number: int) -> Ticket:
        if number not in self._tickets:
            (self._tickets[number],) = by_ids(self._connection, [number])
        return self._tickets[number]

    # What is known

    def _notices(self, conversations: Sequence[ConversationRead]) -> "_Notices":
        theirs = [
            message
            for each in conversations
            for message in each.messages
            if message.role is MessageRole.CUSTOMER
        ]
        answered = {f"<{each}>" for message in theirs for each in message.answers[:_MOST_ANSWERED]}
        authors = {address_compared(message.author) for message in theirs if "[" in message.subject}
        found = _Notices()
        for some in _pieces(answered):
            for row in self._rows(_MESSAGE_ID.in_(some)):
                found.by_message_id[row.message_id] = tuple(row.tickets)
        for some in _pieces(authors):
            for row in self._rows(func.lower(_EMAIL).in_(some)):
                to_them = found.by_address.setdefault(address_compared(row.email), [])
                to_them[_MOST_NOTICES - 1 :] = []
                to_them.insert(0, tuple(row.tickets))
        return found

    def _rows(self, which: Any) -> Iterator[Any]:
        told = col(NoticeRow.state).in_(TOLD)
        columns = (_MESSAGE_ID, _EMAIL, col(NoticeRow.tickets))
        yield from self._connection.execute(
            select(*columns).where(which, told).order_by(col(NoticeRow.id))
        )

    def _known_here(self, conversations: Sequence[ConversationRead]) -> dict[str, int]:
        """Return the tickets that the conversations are, by their names there."""
        found: dict[str, int] = {}
        for some in _pieces({each.external_id for each in conversations}):
            rows = select(col(TicketRow.external_id), col(TicketRow.id)).where(
                col(TicketRow.source) == self._name, col(TicketRow.external_id).in_(some)
            )
            found.update({row.external_id: row.id for row in self._connection.execute(rows)})
        return found

    def _kept(self, conversations: Sequence[ConversationRead]) -> dict[str, "_Kept"]:
        """Return the messages that are kept, and those they answer, by their names there."""
        messages = [message for each in conversations for message in each.messages]
        names = {message.external_id for message in messages}
        for message in messages:
            names.update(message.answers[:_MOST_ANSWERED])
        found: dict[str, _Kept] = {}
        for some in _pieces(names):
            rows = select(
                col(MessageRow.external_id), col(MessageRow.ticket_id), col(MessageRow.author)
            ).where(col(MessageRow.source) == self._name, col(MessageRow.external_id).in_(some))
            found.update(
                (row.external_id, _Kept(row.ticket_id, address_compared(row.author)))
                for row in self._connection.execute(rows)
            )
        return found


class _Kept(NamedTuple):
    """A message that is kept: in which ticket, and whose it is, as addresses compare."""

    ticket: int
    author: str


@dataclass
class _Notices:
    """Which tickets the notices told of that may be answered here, the newest first."""

    by_message_id: dict[str, tuple[int, ...]] = field(default_factory=dict)
    by_address: dict[str, list[tuple[int, ...]]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_message_id or self.by_address)

    def sent_to(self, address: str) -> Sequence[tuple[int, ...]]:
        """Return what each notice to an address told of."""
        return self.by_address.get(address_compared(address), ())


def _pieces(names: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(names)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
