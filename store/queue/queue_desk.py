"""The queue as the desk reads it: the number one, lists and places, and why they are so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from policy.alerting.desk_changes import WatchedDesk
from policy.ordering.explanation import Explanation, explain
from policy.ticket import Ticket
from store.desk_reader import DeskReader
from store.queue.due import due_between
from store.queue.loads import loads
from store.queue.overview import overview
from store.queue.query import Query
from store.queue.watching import watched_desk
from store.read_models import Listing, Overview
from store.session import ReadSession
from store.team.team_models import Load


class QueueReading:
    """The queue and every other list of tickets, in the order of the mode in force."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def overview(self) -> Overview:
        """Return the number one, why it is that one, and what the header shows."""
        with self._session.read() as reader:
            return overview(reader)

    def still_stands(self, overview: Overview) -> bool:
        """Return whether the number one of a former ``overview`` still is that, as it was then.

        In the order of the mode in force then; by a few rows, however long the queue is.
        """
        with self._session.read() as reader:
            ids = reader.queue_in(overview.mode.mode).ids(0, 1)
            return next(reader.each(ids), None) == overview.number_one

    def watched(self, overview: Overview, before: WatchedDesk | None) -> WatchedDesk:
        """Return how the desk stands for this person, to be told what changed since ``before``.

        ``overview`` is of the same transaction.
        """
        with self._session.read() as reader:
            return watched_desk(reader, overview, before)

    def page(self, query: Query, offset: int, limit: int | None) -> tuple[Ticket, ...]:
        """Return the query's tickets from the 0-based row ``offset`` on; None for all of them."""
        with self._session.read() as reader:
            return reader.page(query, offset, limit)

    @contextmanager
    def listing(self, query: Query, limit: int | None = None) -> Iterator[Listing]:
        """Give the query's tickets with their positions, the first ``limit`` or all.

        They are read as they are asked for, all as of one instant, so only inside the ``with``.
        """
        with self._session.read() as reader:
            yield _listing(reader, query, limit)

    def total(self, query: Query) -> int:
        """Return how many tickets the query finds."""
        with self._session.read() as reader:
            return reader.search.total(query)

    def total_in_sight(self, query: Query) -> int:
        """Return how many tickets the query finds, of a filter ``FOUND_AT_MOST`` at most."""
        with self._session.read() as reader:
            return reader.search.total_in_sight(query)

    def position(self, ticket_id: int) -> int | None:
        """Return the 1-based place of a ticket in the queue, None when it is not in it."""
        with self._session.read() as reader:
            return reader.position(ticket_id)

    def row_of(self, ticket_id: int, query: Query) -> int | None:
        """Return the 0-based row of a ticket in the query's list, None when it is not there."""
        with self._session.read() as reader:
            return reader.search.row_of(ticket_id, query)

    def loads(self) -> tuple[Load, ...]:
        """Return who is assigned what in the queue, the most loaded first."""
        with self._session.read() as reader:
            return loads(reader)

    def due_between(self, start: datetime, end: datetime, limit: int = 20) -> tuple[Ticket, ...]:
        """Return the queue's tickets whose ``respond_by`` is from ``start`` to before ``end``."""
        with self._session.read() as reader:
            return due_between(reader, start, end, limit)

    def explain(self, ticket: int, versus: int | None = None) -> Explanation:
        """Return why a ticket stands before or behind another, or before the one behind it.

        Raises:
            Refusal: one of the two does not exist.
        """
        with self._session.read() as reader:
            found = reader.ticket(ticket)
            other = reader.behind(found) if versus is None else reader.ticket(versus)
            return explain(found, other, reader.order, reader.clock)


def _listing(reader: DeskReader, query: Query, limit: int | None) -> Listing:
    """Return the query's tickets with their positions, read a few hundred at a time."""
    ids = reader.search.ids(query, 0, limit)
    return Listing(total=reader.search.total(query), tickets=_ranked(reader, ids))


def _ranked(reader: DeskReader, ids: list[int]) -> Iterator[tuple[Ticket, int | None]]:
    places = reader.queue.places(ids)
    for ticket in reader.each(ids):
        place = places.get(ticket.id)
        yield ticket, None if place is None else place + 1
