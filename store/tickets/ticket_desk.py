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
from store.tickets.ticket_writer import TicketUpdate
from store.unit_of_work import change, change_each


class TicketReading:
    """One ticket, and all that happened to it."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def get(self, reference: str) -> Ticket:
        """Return the ticket that "12", "#12" or "source:external_id" means.

        Raises:
            Refusal: there is none.
        """
        with self._session.read() as reader:
            return reader.ticket(reference)

    def card(self, ticket_id: int) -> Card:
        """Return one ticket with all that the detail pane shows of it.

        Raises:
            Refusal: there is none.
        """
        with self._session.read() as reader:
            return reader.card(ticket_id)

    def history(self, ticket_id: int) -> tuple[Event, ...]:
        """Return all that happened to a ticket, oldest first."""
        with self._session.read() as reader:
            return reader.history(ticket_id)


class TicketDesk(TicketReading):
    """What people do to tickets."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def take(self, reference: str) -> Ticket:
        """Make the ticket this person's; refused when somebody else has it."""
        return change(
            self._session,
            Action.TAKE,
            reference,
            "taken",
            lambda each, _: actions.taken(each, self._session.actor),
        )

    def assign(self, reference: str, login: str | None) -> Ticket:
        """Make the ticket ``login``'s, or nobody's."""
        return change(
            self._session,
            Action.ASSIGN,
            reference,
            "assigned",
            lambda each, _: actions.assigned(each, login),
        )

    def take_each(self, references: Sequence[str]) -> tuple[Ticket, ...]:
        """Make all of these tickets this person's, or none when one is somebody else's."""
        return change_each(
            self._session,
            Action.TAKE,
            references,
            "taken",
            lambda each, _: actions.taken(each, self._session.actor),
        )

    def assign_each(self, references: Sequence[str], login: str | None) -> tuple[Ticket, ...]:
        """Make all of these tickets ``login``'s, or nobody's; all or none."""
        return change_each(
            self._session,
            Action.ASSIGN,
            references,
            "assigned",
            lambda each, _: actions.assigned(each, login),
        )

    def reply(self, reference: str, status: Status | None = None) -> Ticket:
        """Record that we answered; ``status`` says whose step is next."""
        return change(
            self._session,
            Action.REPLY,
            reference,
            "replied",
            lambda each, now: actions.replied(each, now, status),
        )

    def heard(self, reference: str) -> Ticket:
        """Record that the customer wrote."""
        return change(self._session, Action.HEARD, reference, "heard", actions.heard)

    def set_status(self, reference: str, status: Status, *, seen: int | None = None) -> Ticket:
        """Put the ticket into another status; ``seen`` is the version it was decided on."""
        return change(
            self._session,
            Action.SET_STATUS,
            reference,
            "status_changed",
            lambda each, _: actions.with_status(each, status),
            seen=seen,
        )

    def set_status_each(self, references: Sequence[str], status: Status) -> tuple[Ticket, ...]:
        """Put all of these tickets into another status; all or none."""
        return change_each(
            self._session,
            Action.SET_STATUS,
            references,
            "status_changed",
            lambda each, _: actions.with_status(each, status),
        )

    def assign_priority(
        self,
        reference: str,
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
            reference,
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

    def comment(self, reference: str, text: str) -> Ticket:
        """Write a comment into the ticket's history, where it stays; nothing else of it changes.

        Raises:
            Refusal: this person may not, or there is no text, or it cannot be kept.
        """
        said = handover.checked_comment(text)
        with self._session.write(Action.COMMENT, undoable=False) as (writer, reader):
            ticket = reader.ticket(reference)
            writer.journal.append("commented", note=said, ticket=ticket.id)
            return ticket
