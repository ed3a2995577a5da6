"""The desk's tickets that a person puts first against the order."""

from datetime import datetime

from policy.ordering import deviations
from policy.refusal import Refusal
from policy.roster.permissions import refusal_above
from policy.ticket import Ticket
from policy.tickets.actions import checked_reason
from policy.words import Action, Mode, Priority
from store.desk_reader import DeskReader
from store.queue import counters
from store.queue.overview import first_two, first_without
from store.queue.query import Query, QueryField, Term
from store.read_models import IfDeviated
from store.session import ReadSession, Session
from store.unit_of_work import carry_out, change

_P0 = Query(terms=(Term(QueryField.PRIORITY, (Priority.P0,)),))


class DeviationReading:
    """What putting a ticket first would do."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def foresee(self, ticket: int) -> IfDeviated:
        """Return what putting the ticket first would do now, and what ending that would.

        Raises:
            Refusal: there is no such ticket.
        """
        with self._session.read() as reader:
            found = reader.ticket(ticket)
            first, behind = (*first_two(reader), None, None)[:2]
            ends = None
            if found.deviation is not None and first is not None:
                without = first_without(reader, first, behind)
                ends = deviations.foreseen_end(found, first, without)
            return IfDeviated(
                refusal=deviations.why_not_first(found)
                or refusal_above(_another_p0(reader, found), self._session.actor, reader.roster),
                first=deviations.foreseen(found, first),
                ended=ends,
            )


class DeviationDesk(DeviationReading):
    """Putting tickets first, and back into their places."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def put_first(self, ticket: int, *, reason: str, until: datetime | None) -> Ticket:
        """Put the ticket first until ``until`` (UTC), None until it is answered.

        Raises:
            Refusal: this person may not, above a p0 only a lead may, it does not stand in the
                queue, there is no reason, or the end is not after now.
        """
        note = checked_reason(reason)
        with self._session.write(Action.DEVIATE) as (writer, reader):
            p0 = _another_p0(reader, reader.ticket(ticket))
            refusal = refusal_above(p0, self._session.actor, reader.roster)
            if refusal is not None:
                raise Refusal(refusal)
            if p0 is not None:  # so that only who may do it may do it again
                writer.journal.wanted = Action.DEVIATE_ABOVE_P0
            newest = _newest_deviation(reader)

            def put_first(each: Ticket, now: datetime) -> Ticket:
                return deviations.deviated(
                    each,
                    by=self._session.actor,
                    reason=note,
                    now=now,
                    until=until,
                    newest=newest,
                    zone=reader.zone,
                )

            return carry_out(writer, reader, ticket, "deviated", put_first, note=note)

    def end(self, ticket: int) -> Ticket:
        """Put the ticket back into its place in the order, before its deviation ends by itself.

        Raises:
            Refusal: this person may not, or nobody has put it first.
        """
        return change(
            self._session,
            Action.DEVIATE,
            ticket,
            "deviation_ended",
            lambda each, _: deviations.ended(each),
        )


def _another_p0(reader: DeskReader, ticket: Ticket) -> int | None:
    """Return the first p0 of the queue but this ticket, None when there is no other."""
    own = ticket.actionable and ticket.priority is Priority.P0
    if counters.queue_count_of(reader.connection, Priority.P0) <= own:
        return None
    first = reader.search.ids(_P0, 0, 2)
    return next(number for number in first if number != ticket.id)


def _newest_deviation(reader: DeskReader) -> datetime | None:
    """Return since when the newest deviation of the queue counts (UTC), None without any."""
    firsts = reader.each([each for mode in Mode for each in reader.queue_in(mode).ids(0, 1)])
    return max((each.deviation.since for each in firsts if each.deviation), default=None)
