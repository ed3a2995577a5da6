"""The desk's tickets: what a person reads of them, and does to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.conversation.steps import StepKind
from policy.engineering import handover
from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from policy.roster.permissions import opening
from policy.ticket import OWN_SOURCE, Ticket
from policy.tickets import actions
from policy.vocabulary import known_word
from policy.words import Action, Priority, PriorityInput, Status
from store.desk_reader import DeskReader
from store.read_models import Card, Event
from store.schema.tables import TicketRow
from store.session import ReadSession, Session
from store.tickets import ingest
from store.tickets.card import card
from store.tickets.closing import due_to_close
from store.tickets.ingest import next_of
from store.tickets.references import number_of
from store.tickets.ticket_writer import TicketUpdate
from store.unit_of_work import carry_out, carry_out_on, change


class TicketReading:
    """One ticket, and all that happened to it."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def resolve(self, reference: str) -> int:
        """Return the number of the ticket that "12", "#12" or "source:external_id" means.

        Raises:
            Refusal: there is none, or the reference is of neither form.
        """
        with self._session.read() as reader:
            return number_of(reader.connection, reference)

    def get(self, ticket: int) -> Ticket:
        """Return the ticket with this number.

        Raises:
            Refusal: there is none.
        """
        with self._session.read() as reader:
            return reader.ticket(ticket)

    def card(self, ticket: int) -> Card:
        """Return one ticket with all that the detail pane shows of it.

        Raises:
            Refusal: there is none.
        """
        with self._session.read() as reader:
            return card(reader, ticket)

    def history(self, ticket: int) -> tuple[Event, ...]:
        """Return all that happened to a ticket, oldest first."""
        with self._session.read() as reader:
            return reader.history(ticket)


class TicketDesk(TicketReading):
    """What people do to tickets."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def take(self, ticket: int) -> Ticket:
        """Make the ticket this person's; refused when somebody else has it who is not away."""
        (taken,) = self.take_each([ticket])
        return taken

    def assign(self, ticket: int, login: str | None) -> Ticket:
        """Make the ticket ``login``'s, or nobody's; see ``assign_each``."""
        (assigned,) = self.assign_each([ticket], login)
        return assigned

    def take_each(self, tickets: Sequence[int]) -> tuple[Ticket, ...]:
        """Make all of these tickets this person's, or none when one is somebody else's.

        What somebody has who is away counts as nobody's, and is taken over.
        """
        with self._session.write(Action.TAKE) as (writer, reader):

            def take(ticket: Ticket, _: datetime) -> Ticket:
                away = reader.holders.away(ticket)
                return actions.taken(ticket, reader.login, away)

            return tuple(carry_out(writer, reader, each, "taken", take) for each in tickets)

    def assign_each(self, tickets: Sequence[int], login: str | None) -> tuple[Ticket, ...]:
        """Make all of these tickets ``login``'s, or nobody's; all or none.

        Raises:
            Refusal: this person may not, or there is a team and ``login`` is nobody's of it: "a
                person can give tickets only to logins of the team".
        """
        with self._session.write(Action.ASSIGN) as (writer, reader):
            holder = None if login is None else reader.roster.holder(login)
            return tuple(
                carry_out(
                    writer, reader, each, "assigned", lambda it, _: actions.assigned(it, holder)
                )
                for each in tickets
            )

    def reply(self, ticket: int, status: Status | None = None) -> Ticket:
        """Record that we answered elsewhere; ``status`` says whose step is next.

        "Nothing is sent", but for a status that was given.
        """
        return change(
            self._session,
            Action.REPLY,
            ticket,
            "replied",
            lambda each, now: actions.replied(each, now, status),
            unsent=frozenset({StepKind.STATUS} if status is None else ()),
        )

    def heard(self, ticket: int) -> Ticket:
        """Record that the customer wrote, and return the ticket that is open for it.

        What they wrote in a merged ticket counts in the one it was merged into, and in one that
        was closed here it makes a ticket of its own.

        Raises:
            Refusal: this person may not, or it is closed at its source, which opens a follow-up.
        """
        with self._session.write(Action.HEARD) as (writer, reader):
            goes_on = reader.ticket(ticket)
            while (further := next_of(goes_on)) is not None:
                goes_on = reader.ticket(further)
            if goes_on.status is not Status.CLOSED:
                return carry_out_on(writer, goes_on, "heard", actions.heard)
            _refuse_when_closed_there(writer.connection, goes_on)
            closed, new = ingest.continued(writer.connection, goes_on, writer.now)
            _, opened = writer.write(
                [
                    TicketUpdate(before=goes_on, after=closed, kind="heard"),
                    TicketUpdate(before=None, after=new, kind="continued", note=f"#{closed.id}"),
                ]
            )
            return opened

    def set_status(self, ticket: int, status: Status, *, unanswered: str = "") -> Ticket:
        """Put the ticket into another status.

        ``unanswered`` is why nobody needs an answer, where one is solved or closed while owed.
        """
        return change(
            self._session,
            Action.SET_STATUS,
            ticket,
            "solved_unanswered" if unanswered else "status_changed",
            lambda each, now: actions.with_status(each, status, now, unanswered=unanswered),
            note=actions.checked_reason(unanswered, "unanswered"),
        )

    def set_status_each(
        self, tickets: Sequence[int], status: Status, *, unanswered: str = ""
    ) -> tuple[Ticket, ...]:
        """Put all of these tickets into another status; all or none.

        ``unanswered`` is why those of them that are owed need no answer.
        """
        reason = actions.checked_reason(unanswered, "unanswered")
        with self._session.write(Action.SET_STATUS) as (writer, reader):
            owed = {each for each in tickets if reader.ticket(each).owed}
            if reason and not owed:
                these = f"#{tickets[0]}" if len(tickets) == 1 else "these"
                raise Refusal(f"unanswered: nobody waits for an answer of {these}; leave it out")
            return tuple(
                carry_out(
                    writer,
                    reader,
                    each,
                    "solved_unanswered" if reason and each in owed else "status_changed",
                    partial(_moved, status=status, unanswered=reason if each in owed else ""),
                    note=reason if each in owed else "",
                )
                for each in tickets
            )

    def close_due(self, at_most: int) -> int:
        """Write down that solved tickets closed by themselves, and return how many.

        "A ``solved`` ticket closes after ``close_after``": at most so many are written in this one
        transaction, so that nobody waits for it.
        """
        with self._session.read() as reader:
            if not due_to_close(reader.connection, reader.now, _close_after(reader), 1):
                return 0
        with self._session.write(closed_beside=0) as (writer, reader):
            due = due_to_close(writer.connection, writer.now, _close_after(reader), at_most)
            writer.close_due(due)
            return len(due)

    def assign_priority(
        self,
        ticket: int,
        priority: Priority,
        *,
        reason: str,
        rests_on: PriorityInput,
    ) -> Ticket:
        """Assign a priority beside the definition's.

        Raises:
            Refusal: this person may not, or the policy in force has no such priority.
        """
        note = actions.checked_reason(reason)
        with self._session.write(Action.ASSIGN_PRIORITY) as (writer, reader):
            word = known_word("priority", priority, reader.words.priorities)

            def assign(each: Ticket, _: datetime) -> Ticket:
                return actions.with_priority(
                    each, word, by=self._session.actor, reason=reason, rests_on=rests_on
                )

            return carry_out(writer, reader, ticket, "priority_assigned", assign, note=note)

    def open_ticket(self, incoming: IncomingTicket) -> Ticket:
        """Open a ticket of our own; intake decides its priority, or declines it."""
        with self._session.read() as reading:
            wanted = opening(incoming.tier, reading.words)
        with self._session.write(wanted) as (writer, _):
            words = writer.rulebook.vocabulary
            ingest.refuse_unknown_words([incoming], words)
            ticket = ingest.new_ticket(incoming, words, writer.now)
            name = ingest.free_name(writer.connection, OWN_SOURCE)
            named = replace(ticket, source=OWN_SOURCE, external_id=name)
            opened = TicketUpdate(before=None, after=named, kind="opened", body=incoming.body)
            return writer.write([opened])[0]

    def comment(self, ticket: int, text: str) -> Ticket:
        """Write a comment into the ticket's history, where it stays; nothing else of it changes.

        Raises:
            Refusal: this person may not, or there is no text, or it cannot be kept.
        """
        said = handover.checked_comment(text)
        with self._session.write(Action.COMMENT, undoable=False) as (writer, reader):
            found = reader.ticket(ticket)
            writer.journal.append("commented", note=said, ticket=found.id)
            return found


def _close_after(reader: DeskReader) -> timedelta:
    return reader.rulebook.statuses.close_after


def _moved(ticket: Ticket, now: datetime, *, status: Status, unanswered: str) -> Ticket:
    return actions.with_status(ticket, status, now, unanswered=unanswered)


def _refuse_when_closed_there(connection: Connection, ticket: Ticket) -> None:
    """Refuse what "is closed at its source, as a source opens a follow-up itself"."""
    said = connection.scalar(select(col(TicketRow.imported)).where(col(TicketRow.id) == ticket.id))
    if (said or {}).get("status") == Status.CLOSED:
        raise Refusal(
            f"#{ticket.id} is closed at its source, {ticket.source}, which opens another ticket for"
            " what is written now; open a new ticket if it does not"
        )
