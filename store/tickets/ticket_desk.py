"""The desk's tickets: what a person reads of them, and does to them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from policy.intake.incoming import IncomingTicket
from policy.ordering.explanation import Explanation
from policy.roster.permissions import opening
from policy.ticket import OWN_SOURCE, Ticket
from policy.tickets import actions
from policy.words import Action, Priority, PriorityInput, Status
from store.queue.query import Query
from store.read_models import Card, Event, Listing, Load, Overview
from store.tickets import ingest
from store.tickets.ingest import Outcome
from store.tickets.ticket_writer import TicketUpdate
from store.unit_of_work import ChangingDoor


class TicketDesk(ChangingDoor):
    """The tickets: the number one, the queue, and what people do to each."""

    def revision(self) -> int:
        """Return a number that grows with every change by anyone; cheap enough to poll."""
        with self._reader() as reader:
            return reader.revision()

    def overview(self) -> Overview:
        """Return the number one, why it is that one, and what the header shows."""
        with self._reader() as reader:
            return reader.overview()

    def page(self, query: Query, offset: int, limit: int | None) -> tuple[Ticket, ...]:
        """Return the query's tickets from the 0-based row ``offset`` on; None for all of them."""
        with self._reader() as reader:
            return reader.page(query, offset, limit)

    @contextmanager
    def listing(self, query: Query, limit: int | None = None) -> Iterator[Listing]:
        """Give the query's tickets with their positions, the first ``limit`` or all.

        They are read as they are asked for, all as of one instant, so only inside the ``with``.
        """
        with self._reader() as reader:
            yield reader.listing(query, limit)

    def total(self, query: Query) -> int:
        """Return how many tickets the query finds."""
        with self._reader() as reader:
            return reader.search.total(query)

    def position(self, ticket_id: int) -> int | None:
        """Return the 1-based place of a ticket in the queue, None when it is not in it."""
        with self._reader() as reader:
            return reader.position(ticket_id)

    def row_of(self, ticket_id: int, query: Query) -> int | None:
        """Return the 0-based row of a ticket in the query's list, None when it is not there."""
        with self._reader() as reader:
            return reader.search.row_of(ticket_id, query)

    def ticket(self, reference: str) -> Ticket:
        """Return the ticket that "12", "#12" or "source:external_id" means.

        Raises:
            Refusal: there is none.
        """
        with self._reader() as reader:
            return reader.ticket(reference)

    def card(self, ticket_id: int) -> Card:
        """Return one ticket with all that the detail pane shows of it.

        Raises:
            Refusal: there is none.
        """
        with self._reader() as reader:
            return reader.card(ticket_id)

    def history(self, ticket_id: int) -> tuple[Event, ...]:
        """Return all that happened to a ticket, oldest first."""
        with self._reader() as reader:
            return reader.history(ticket_id)

    def explain(self, reference: str, versus: str | None = None) -> Explanation:
        """Return why a ticket stands before or behind another, or before the one behind it.

        Raises:
            Refusal: one of the two does not exist.
        """
        with self._reader() as reader:
            return reader.explain(reference, versus)

    def loads(self) -> tuple[Load, ...]:
        """Return who is assigned what in the queue, the most loaded first."""
        with self._reader() as reader:
            return reader.loads()

    def due_between(self, start: datetime, end: datetime, limit: int = 20) -> tuple[Ticket, ...]:
        """Return the queue's tickets whose ``respond_by`` is from ``start`` to before ``end``."""
        with self._reader() as reader:
            return reader.due_between(start, end, limit)

    def take(self, reference: str) -> Ticket:
        """Make the ticket this person's; refused when somebody else has it."""
        return self._change(
            Action.TAKE, reference, "taken", lambda each, _: actions.taken(each, self.actor)
        )

    def assign(self, reference: str, login: str | None) -> Ticket:
        """Make the ticket ``login``'s, or nobody's."""
        return self._change(
            Action.ASSIGN, reference, "assigned", lambda each, _: actions.assigned(each, login)
        )

    def take_each(self, references: Sequence[str]) -> tuple[Ticket, ...]:
        """Make all of these tickets this person's, or none when one is somebody else's."""
        return self._change_each(
            Action.TAKE, references, "taken", lambda each, _: actions.taken(each, self.actor)
        )

    def assign_each(self, references: Sequence[str], login: str | None) -> tuple[Ticket, ...]:
        """Make all of these tickets ``login``'s, or nobody's; all or none."""
        return self._change_each(
            Action.ASSIGN, references, "assigned", lambda each, _: actions.assigned(each, login)
        )

    def reply(self, reference: str, status: Status | None = None) -> Ticket:
        """Record that we answered; ``status`` says whose step is next."""
        return self._change(
            Action.REPLY, reference, "replied", lambda each, now: actions.replied(each, now, status)
        )

    def heard(self, reference: str) -> Ticket:
        """Record that the customer wrote."""
        return self._change(Action.HEARD, reference, "heard", actions.heard)

    def set_status(self, reference: str, status: Status, *, seen: int | None = None) -> Ticket:
        """Put the ticket into another status; ``seen`` is the version it was decided on."""
        return self._change(
            Action.SET_STATUS,
            reference,
            "status_changed",
            lambda each, _: actions.with_status(each, status),
            seen=seen,
        )

    def set_status_each(self, references: Sequence[str], status: Status) -> tuple[Ticket, ...]:
        """Put all of these tickets into another status; all or none."""
        return self._change_each(
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
        return self._change(
            Action.ASSIGN_PRIORITY,
            reference,
            "priority_assigned",
            lambda each, _: actions.with_priority(
                each, priority, by=self.actor, reason=reason, rests_on=rests_on
            ),
            seen=seen,
            note=actions.checked_reason(reason),
        )

    def open_ticket(self, incoming: IncomingTicket) -> Ticket:
        """Open a ticket of our own; intake decides its priority, or declines it."""
        with self._writer(opening(incoming.tier)) as (writer, _):
            ticket = ingest.new_ticket(incoming)
            name = ingest.free_name(writer.connection, OWN_SOURCE)
            named = replace(ticket, source=OWN_SOURCE, external_id=name)
            opened = TicketUpdate(before=None, after=named, kind="opened", body=incoming.body)
            return writer.write([opened])[0]

    def take_in(self, batch: Sequence[IncomingTicket], *, dry_run: bool = False) -> list[Outcome]:
        """Take in what another help desk says of these tickets, and return what each one did.

        A dry run says what would be done, and does not do it.
        """
        if dry_run:
            with self._reader() as reader:
                changes = ingest.changes_for(reader.connection, batch)
                return ingest.outcomes(changes, reader.rulebook)
        with self._writer(Action.IMPORT_TICKETS) as (writer, _):
            changes = ingest.changes_for(writer.connection, batch)
            writer.write([change for change in changes if change is not None])
            return ingest.outcomes(changes, writer.rulebook)
