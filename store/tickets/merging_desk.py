"""The desk's part for: duplicates made one ticket, and mixed ones made several."""

from dataclasses import replace

from policy.ticket import OWN_SOURCE, Ticket
from policy.tickets import merging, splitting
from policy.words import Action, Severity, Status
from store.queue.query import Query, QueryField, Scope, Term
from store.session import ReadSession, Session
from store.tickets import ingest
from store.tickets.ticket_writer import TicketUpdate

CANDIDATES = 50
"""How many of a customer's other tickets are offered to merge into."""

_NOT_CLOSED = tuple(status.value for status in Status if status is not Status.CLOSED)


class MergingReading:
    """Which tickets could be one."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def candidates(self, ticket: int) -> tuple[Ticket, ...]:
        """Return the same customer's other tickets that are not closed, those of the queue first.

        Raises:
            Refusal: there is no such ticket, or it can be merged into none.
        """
        with self._session.read() as reader:
            found = reader.ticket(ticket)
            merging.check_duplicate(found)
            of_customer = Term(QueryField.CUSTOMER, (found.customer,))
            query = Query(Scope.ALL, (of_customer, Term(QueryField.STATUS, _NOT_CLOSED)))
            return tuple(
                each
                for each in reader.page(query, 0, CANDIDATES)
                if merging.can_be_one(found, each)
            )


class MergingDesk(MergingReading):
    """Duplicates made one ticket, and mixed ones made several."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def merge(self, duplicate: int, into: int) -> merging.Merged:
        """Close a duplicate for good; its customer waits in the other ticket from then on.

        Both keep their history, and both say what became of the duplicate.

        Raises:
            Refusal: this person may not, there is no such ticket, or the two cannot be one.
        """
        with self._session.write(Action.MERGE) as (writer, reader):
            first, second = reader.ticket(duplicate), reader.ticket(into)
            both = merging.merged(first, second)
            closed, goes_on = writer.write(
                [
                    TicketUpdate(before=first, after=both.duplicate, kind="merged"),
                    TicketUpdate(
                        before=second, after=both.into, kind="merged_here", note=f"#{first.id}"
                    ),
                ]
            )
            return merging.Merged(duplicate=closed, into=goes_on)

    def split(
        self, ticket: int, subject: str, body: str = "", severity: Severity | None = None
    ) -> Ticket:
        """Open a part of a mixed ticket as a ticket of its own, and return that.

        Raises:
            Refusal: this person may not, there is no such ticket, or it cannot be split like this.
        """
        with self._session.write(Action.SPLIT) as (writer, reader):
            whole = reader.ticket(ticket)
            part = splitting.split_off(
                whole, reader.words, subject=subject, body=body, severity=severity, now=writer.now
            )
            name = ingest.free_name(writer.connection, OWN_SOURCE)
            named = replace(part.ticket, external_id=name)
            opened = TicketUpdate(before=None, after=named, kind="opened", body=part.body)
            (new,) = writer.write([opened])
            writer.write(
                [TicketUpdate(before=whole, after=whole, kind="split_off", note=f"#{new.id}")]
            )
            return new
