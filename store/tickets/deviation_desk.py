"""The desk's tickets that a person puts first against the order."""

from dataclasses import dataclass
from datetime import datetime

from policy.ordering import deviations
from policy.refusal import Refusal
from policy.roster.permissions import refusal_above
from policy.ticket import Ticket
from policy.tickets.actions import checked_reason
from policy.words import Action, Mode
from store.desk_reader import DeskReader
from store.queue import counters
from store.queue.overview import first_two, first_without
from store.queue.query import Query, QueryField, Term
from store.session import ReadSession, Session
from store.unit_of_work import carry_out, change


@dataclass(frozen=True, slots=True, kw_only=True)
class IfDeviated:
    """What putting a ticket first would do, in a sentence each.

    ``refusal`` is why this person may not, ``ended`` what ending its deviation would do, None when
    it has none.
    """

    refusal: str | None
    first: str
    ended: str | None


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
                or _refusal_above(reader, _another_of_the_first(reader, found)),
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
            above = _another_of_the_first(reader, reader.ticket(ticket))
            refusal = _refusal_above(reader, above)
            if refusal is not None:
                raise Refusal(refusal)
            if above is not None:  # so that only who may do it may do it again
                writer.journal.wanted = Action.DEVIATE_ABOVE_FIRST
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


def _another_of_the_first(reader: DeskReader, ticket: Ticket) -> int | None:
    """Return the first of the first priority in the queue but this ticket, None without another."""
    first = reader.words.first_priority
    own = ticket.actionable and ticket.priority == first
    if counters.queue_count_of(reader.connection, first) <= own:
        return None
    query = Query(terms=(Term(QueryField.PRIORITY, (first,)),))
    return next(each for each in reader.search.ids(query, 0, 2) if each != ticket.id)


def _refusal_above(reader: DeskReader, first: int | None) -> str | None:
    return refusal_above(first, reader.words.first_priority, reader.login, reader.roster)


def _newest_deviation(reader: DeskReader) -> datetime | None:
    """Return since when the newest deviation of the queue counts (UTC), None without any."""
    firsts = reader.each([each for mode in Mode for each in reader.queue_in(mode).ids(0, 1)])
    return max((each.deviation.since for each in firsts if each.deviation), default=None)
