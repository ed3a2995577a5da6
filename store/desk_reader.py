"""One read transaction of SQLAlchemy's: what everything that is read of a desk stands on."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection
from sqlmodel import col

from policy.names import same_name
from policy.ticket import Ticket
from store.engines.kind import DatabaseKind
from store.engines.statements import spellings
from store.queue.away_holders import AwayHolders
from store.queue.query import ME, Query
from store.queue.search import Search
from store.reader import Reader
from store.schema.tables import TicketRow


@dataclass(frozen=True)
class DeskReader(Reader):
    """One read transaction that can be asked for anything; its ``connection`` is its ``reads``."""

    connection: Connection
    kind: DatabaseKind

    @cached_property
    def away_holders(self) -> AwayHolders:
        """Which tickets count as nobody's, as whoever has them is away."""
        return AwayHolders(self.connection, self.holders, lambda: self.assignee_names)

    @cached_property
    def assignee_names(self) -> list[str]:
        """Every login that tickets have, as they spell it; there are few of them."""
        return spellings(self.connection, col(TicketRow.assignee))

    @cached_property
    def search(self) -> Search:
        """The lists of tickets in the order of the mode in force."""
        closed_since = self.now - self.rulebook.statuses.close_after
        return Search(
            self.connection,
            self.kind,
            self.queue,
            self.assignees,
            away=self.away_holders,
            closed_since=closed_since,
        )

    def assignees(self, named: str) -> list[str]:
        """Return every login that tickets have and that means the same person as ``named``, or me.

        "Logins compare without case; a help desk's agent is matched to a member by e-mail address
        or login": what a source said before they were in the team is theirs, too.
        """
        person = self.login if named == ME else self.roster.login_of(named)
        return [
            assignee
            for assignee in self.assignee_names
            if same_name(self.roster.login_of(assignee), person)
        ]

    def page(self, query: Query, offset: int, limit: int | None) -> tuple[Ticket, ...]:
        """Return the query's tickets from the 0-based row ``offset`` on."""
        return tuple(self.each(self.search.ids(query, offset, limit)))
