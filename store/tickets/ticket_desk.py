"""The desk's tickets: what a person reads of them, and does to them."""

from collections.abc import Sequence
from dataclasses import replace

from policy.engineering import handover
from policy.intake.incoming import IncomingTicket
from policy.roster.permissions import opening
from policy.ticket import OWN_SOURCE, Ticket
from policy.tickets import actions
from policy.words import Action, Priority, PriorityInput, Status
from store.read_models import Card, Event
from store.session import ReadSession, Session
from store.tickets import ingest
from store.tickets.card import card
from store.tickets.references import number_of
from store.tickets.ticket_writer import TicketUpdate
from store.unit_of_work import change, change_each


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
        """Make the ticket this person's; refused when somebody else has it."""
        (taken,) = self.take_each([ticket])
        return taken

    def assign(self, ticket: int, login: str | None) -> Ticket:
        """Make the ticket ``login``'s, or nobody's."""
        (assigned,) = self.assign_each([ticket], login)
        return assigned

    def take_each(self, tickets: Sequence[int]) -> tuple[Ticket, ...]:
        """Make all of these tickets this person's, or none when one is somebody else's."""
        return change_each(
            self._session,
            Action.TAKE,
            tickets,
            "taken",
            lambda each, _: actions.taken(each, self._session.actor),
        )

    def assign_each(self, tickets: Sequence[int], login: str | None) -> tuple[Ticket, ...]:
        """Make all of these tickets ``login``'s, or nobody's; all or none."""
        return change_each(
            self._session,
            Action.ASSIGN,
            tickets,
            "assigned",
            lambda each, _: actions.assigned(each, login),
        )

    def reply(self, ticket: int, status: Status | None = None) -> Ticket:
        """Record that we answered; ``status`` says whose step is next."""
        return change(
            self._session,
            Action.REPLY,
            ticket,
            "replied",
            lambda each, now: actions.replied(each, now, status),
        )

    def heard(self, ticket: int) -> Ticket:
        """Record that the customer wrote."""
        return change(self._session, Action.HEARD, ticket, "heard", actions.heard)

    def set_status(self, ticket: int, status: Status, *, seen: int | None = None) -> Ticket:
        """Put the ticket into another status; ``seen`` is the version it was decided on."""
        return change(
            self._session,
            Action.SET_STATUS,
            ticket,
            "status_changed",
            lambda each, _: actions.with_status(each, status),
            seen=seen,
        )

    def set_status_each(self, tickets: Sequence[int], status: Status) -> tuple[Ticket, ...]:
        """Put all of these tickets into another status; all or none."""
        return change_each(
            self._session,
            Action.SET_STATUS,
            tickets,
            "status_changed",
            lambda each, _: actions.with_status(each, status),
        )

    def assign_priority(
        self,
        ticket: int,
        priority: Priority,
        *,
        reason: str,
        rests_on: PriorityInput,
        seen: int | None = None,
    ) -> Ticket:
        """Assign a priority beside the definition's; ``seen`` is the version it was decided on."""
        return change(
            self._session,
            Action.ASSIGN_PRIORITY,
            ticket,
            "priority_assigned",
            lambda each, _: actions.with_priority(
                each, priority, by=self._session.actor, reason=reason, rests_on=rests_on
            ),
            seen=seen,
            note=actions.checked_reason(reason),
        )

    def open_ticket(self, incoming: IncomingTicket) -> Ticket:
        """Open a ticket of our own; intake decides its priority, or declines it."""
        with self._session.write(opening(incoming.tier)) as (writer, _):
            ticket = ingest.new_ticket(incoming)
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
