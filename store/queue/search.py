"""Queries turned into SQL: which tickets, in which order, and how many."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, and_, false, func, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from policy.words import Status
from store.engines.kind import DatabaseKind
from store.queue import fact_search
from store.queue.away_holders import AwayHolders
from store.queue.counted import counts_of_all
from store.queue.fact_query import FactTerm
from store.queue.query import NOBODY, Query, QueryField, Scope, State, Term
from store.queue.queue_order import Expired, QueueOrder, Ranked, moved_before, read_in_order
from store.queue.search_documents import plain_name
from store.queue.words_in_text import sought
from store.read_models import FOUND_AT_MOST
from store.schema.kept_names import ALL, DECLINED, QUEUE
from store.schema.stored_values import severity_of
from store.schema.tables import KEYS, CustomerRow, OrderRow, TicketRow
from store.tickets.ticket_columns import CAN_BE_LATE, OWED
from store.tickets.ticket_mapping import stored_tags

_ID: Any = col(TicketRow.id)
_RECEIVED: Any = col(TicketRow.received_at)
_ASSIGNEE: Any = col(TicketRow.assignee)
_DECLINED = col(TicketRow.declined)
_COLUMNS: Any = TicketRow.__table__.columns  # type: ignore[attr-defined] # SQLModel's table

_IN_ORDER: Any = col(OrderRow.ticket_id)


class Probe(NamedTuple):
    """How it is found out whether a filter finds much.

    Where ``common`` of the ``first`` are found, and as large a share of so many that are ``tried``,
    so many tickets are ``walked`` along at most to count them.
    """

    first: int
    common: int
    tried: int
    walked: int


_IN_TEXTS: Final = Probe(500, 50, 500, 60_000)
"""Looking for words in a ticket's text takes ten times as long as looking at a fact of it."""

_BY_FACTS: Final = Probe(1_000, 50, 10_000, 250_000)

Condition = Callable[[str], ColumnElement[bool]]
"""What must hold of a ticket for a value of a query."""


class Search:
    """Reads lists of tickets in one transaction, in the order of one mode, for one person.

    The queue stands in its order; of all tickets, those outside the queue come after it, the
    latest received first; so do the declined.
    """

    def __init__(
        self,
        connection: Connection,
        kind: DatabaseKind,
        queue: QueueOrder,
        assignees: Callable[[str], Sequence[str]],
        *,
        away: AwayHolders,
        closed_since: datetime,
        probe: Probe | None = None,
    ) -> None:
        """Read what is found at the queue's time; solved by ``closed_since`` (UTC) is closed."""
        self._connection = connection
        self._kind = kind
        self._queue = queue
        self._assignees = assignees
        self._away = away
        self._closed_since = closed_since
        self._probe = probe
        self._commons: dict[Query, int | None] = {}
        self._founds: dict[Query, list[int]] = {}

    def ids(self, query: Query, offset: int = 0, limit: int | None = None) -> list[int]:
        """Return the ids of the query's tickets from the 0-based row ``offset`` on.

        Many are met on a walk along the queue, few are found and sorted, once for all their pages.
        """
        if query.whole_queue:
            return self._queue.ids(offset, limit)
        if limit is None or offset + limit > FOUND_AT_MOST or query.unfiltered:
            return self._read(self._sorted(query), query, offset, limit)
        if self._is_common(query):
            return self._read(self._walk(query), query, offset, limit)
        return self._found(query)[offset : offset + limit]

    def total(self, query: Query) -> int:
        """Return how many tickets the query finds; counted only when something is filtered."""
        if query.unfiltered:
            return counts_of_all(self._connection)[_TALLIES[query.scope]]
        return int(self._connection.scalar(self._chosen(query, func.count())) or 0)

    def total_in_sight(self, query: Query) -> int:
        """Return how many tickets the query finds; beyond ``FOUND_AT_MOST`` that is what is said.

        Of what is not filtered, the count is known.
        """
        if query.unfiltered:
            return self.total(query)
        if self._is_common(query):
            return self._commons[query] or 0
        return len(self._found(query))

    def row_of(self, ticket_id: int, query: Query) -> int | None:
        """Return the 0-based row of a ticket in the query's list, None when it is not there.

        Nor is it there when it stands beyond ``FOUND_AT_MOST`` rows of what is filtered.
        """
        if query.whole_queue:
            return self._queue.place(ticket_id)
        if not query.unfiltered and not self._is_common(query):
            found = self._found(query)
            return found.index(ticket_id) if ticket_id in found else None
        received_at = self._connection.scalar(
            self._chosen(query, _RECEIVED, one_by_one=True).where(ticket_id == _ID)
        )
        if received_at is None:
            return None
        key = self._queue.key_of(ticket_id)
        if query.unfiltered:
            before = self._chosen(query, _ID).where(
                _sorts_before(ticket_id, self._key, key, received_at)
            )
        else:
            before = self._matching_in_order(query).where(self._key < key).limit(FOUND_AT_MOST)
        counted = select(func.count()).select_from(before.subquery())
        rows = int(self._connection.scalar(counted) or 0)
        if not query.unfiltered and rows >= FOUND_AT_MOST:
            return None
        return rows if key is None else rows + moved_before(self._expired(query), key)

    def _read(self, chosen: Select[Any], query: Query, offset: int, limit: int | None) -> list[int]:
        def read(offset: int, limit: int | None) -> Iterable[Ranked]:
            rows = chosen.offset(offset)
            found: Iterable[Any] = self._connection.execute(
                rows if limit is None else rows.limit(limit)
            )
            return found

        return read_in_order(read, self._expired(query), offset, limit)

    def _sorted(self, query: Query) -> Select[Any]:
        if _asks_only_the_order(query):
            chosen = self._narrowed(
                select(_IN_ORDER, self._key), query, one_by_one=False, in_order=True
            )
            return chosen.order_by(*self._sorting(query))
        return self._chosen(query, _ID, self._key).order_by(*self._sorting(query))

    def _walk(self, query: Query) -> Select[Any]:
        return self._matching_in_order(query, self._key).order_by(self._key)

    def _found(self, query: Query) -> list[int]:
        """Return the ids of what a query finds, in order, up to ``FOUND_AT_MOST``."""
        if query not in self._founds:
            self._founds[query] = self._read(self._sorted(query), query, 0, FOUND_AT_MOST)
        return self._founds[query]

    def _is_common(self, query: Query) -> bool:
        """Return whether a walk along the queue soon meets all that is shown of a query."""
        if query not in self._commons:
            self._commons[query] = self._counted_on_a_walk(query)
        return self._commons[query] is not None

    def _counted_on_a_walk(self, query: Query) -> int | None:
        """Return how many a short walk meets, None where it does not meet enough or all of them.

        First it is seen whether they stand where the queue begins, and are as many elsewhere. They
        are counted by their numbers, as they lie in the database.
        """
        probe = self._probe or (_IN_TEXTS if query.words or query.without else _BY_FACTS)
        if query.scope is not Scope.QUEUE:
            return None
        if self._met_of_first(query, probe.first, self._key) < probe.common:
            return None
        tried = self._met_of_first(query, probe.tried, _IN_ORDER)
        if tried * probe.first < probe.tried * probe.common:
            return None
        met = self._met_of_first(query, probe.walked, _IN_ORDER)
        is_all = counts_of_all(self._connection)[QUEUE] <= probe.walked
        return met if is_all or met == FOUND_AT_MOST else None

    def _met_of_first(self, query: Query, tickets: int, by: Any) -> int:
        first = select(_IN_ORDER).order_by(by).limit(tickets).subquery()
        met = select(first.c.ticket_id).where(self._met(query, first.c.ticket_id))
        counted = select(func.count()).select_from(met.limit(FOUND_AT_MOST).subquery())
        return int(self._connection.scalar(counted) or 0)

    def _matching_in_order(self, query: Query, *what: Any) -> Select[Any]:
        """Return the query for what is met of the queue, each ticket looked at by itself."""
        if _asks_only_the_order(query):
            return self._narrowed(select(_IN_ORDER, *what), query, one_by_one=True, in_order=True)
        return select(_IN_ORDER, *what).where(self._met(query, _IN_ORDER))

    def _met(self, query: Query, ticket_id: ColumnElement[int]) -> ColumnElement[bool]:
        found = select(_ID).where(ticket_id == _ID)
        return self._narrowed(found, query, one_by_one=True).exists()

    @property
    def _key(self) -> Any:
        return KEYS[self._queue.mode]

    def _expired(self, query: Query) -> Sequence[Expired]:
        """Return those of the query's tickets that the order's table has in a wrong place."""
        expired = self._queue.expired
        if not expired:
            return ()
        among = self._chosen(query, _ID, one_by_one=True).where(
            col(OrderRow.deviation_until) <= self._queue.now
        )
        found = set(self._connection.scalars(among))
        return tuple(each for each in expired if each.ticket_id in found)

    def _chosen(self, query: Query, *what: Any, one_by_one: bool = False) -> Select[Any]:
        chosen = select(*what).select_from(TicketRow)
        if query.scope is Scope.QUEUE:
            chosen = chosen.join(OrderRow, _IN_ORDER == _ID)
        else:
            chosen = chosen.outerjoin(OrderRow, _IN_ORDER == _ID)
        in_order = query.scope is Scope.QUEUE
        return self._narrowed(chosen, query, one_by_one=one_by_one, in_order=in_order)

    def _narrowed(
        self, chosen: Select[Any], query: Query, *, one_by_one: bool, in_order: bool = False
    ) -> Select[Any]:
        """Return what of the chosen tickets a query finds.

        Where few are chosen otherwise, words are looked for ``one_by_one``, in the tickets' texts.
        Whose a ticket is stands ``in_order``, too, whose rows are shorter.
        """
        ticket_id = _IN_ORDER if in_order else _ID
        if query.scope is Scope.DECLINED:
            chosen = chosen.where(_DECLINED.is_not(None))
        if query.words:
            chosen = chosen.where(self._has_all(query.words, ticket_id, one_by_one=one_by_one))
        for word in query.without:
            chosen = chosen.where(not_(self._has_all([word], ticket_id, one_by_one=one_by_one)))
        return chosen.where(*(self._holds(term, in_order) for term in query.terms))

    def _has_all(
        self, words: Sequence[str], ticket_id: ColumnElement[int], *, one_by_one: bool
    ) -> ColumnElement[bool]:
        """Return the condition that a ticket has these words; what says nothing is nowhere."""
        wanted = [sought(word) for word in words]
        if not all(wanted):
            return false()
        phrases = [*chain.from_iterable(wanted)]
        matching = self._kind.matching_one if one_by_one else self._kind.matching
        return matching(phrases, ticket_id)

    def _sorting(self, query: Query) -> tuple[Any, ...]:
        key = self._key
        if query.scope is Scope.QUEUE:
            # Not to be walked along: that looks at all tickets one by one where few are found.
            return (func.coalesce(key, key),)
        return (key.is_(None), key, _RECEIVED.desc(), _ID)

    def _holds(self, term: Term | FactTerm, in_order: bool) -> ColumnElement[bool]:
        if isinstance(term, FactTerm):
            return fact_search.holds(term)
        condition = or_(*map(self._condition_of(term.field, in_order), term.values))
        # Of a ticket without a priority it is not known whether it has another one.
        return not_(func.coalesce(condition, False)) if term.negated else condition

    def _condition_of(self, field: QueryField, in_order: bool) -> Condition:
        own: Mapping[QueryField, Condition] = {
            QueryField.ASSIGNEE: self._stands_with if in_order else self._assigned_to,
            QueryField.STATUS: self._has_status,
            QueryField.IS: self._is_so,
        }
        return own.get(field) or _CONDITIONS[field]

    def _assigned_to(self, value: str) -> ColumnElement[bool]:
        if value == NOBODY:
            return or_(_ASSIGNEE.is_(None), self._away.tickets)
        return _one_of(_ASSIGNEE, self._assignees(value))

    def _stands_with(self, value: str) -> ColumnElement[bool]:
        assignee: Any = col(OrderRow.assignee)
        if value == NOBODY:
            return or_(assignee.is_(None), self._away.in_order)
        return _one_of(assignee, self._assignees(value))

    def _is_so(self, state: str) -> ColumnElement[bool]:
        match State(state):
            case State.AWAY:
                return self._away.tickets
            case State.LATE:
                due = col(TicketRow.respond_by)
                return and_(CAN_BE_LATE, due.is_not(None), due < self._queue.now)
            case known:
                return _STATES[known]

    def _has_status(self, status: str) -> ColumnElement[bool]:
        """Return what finds a status as it is read: solved is closed once that is due."""
        kept, solved_at = col(TicketRow.status), col(TicketRow.solved_at)
        is_due = and_(kept == Status.SOLVED, solved_at <= self._closed_since)
        if status == Status.CLOSED:
            return or_(kept == status, is_due)
        if status == Status.SOLVED:
            return and_(kept == status, or_(solved_at.is_(None), solved_at > self._closed_since))
        return kept == status


def _asks_only_the_order(query: Query) -> bool:
    """Return whether a query is answered without the tickets' own rows, a third of the work."""
    return query.scope is Scope.QUEUE and all(
        isinstance(term, Term) and term.field is QueryField.ASSIGNEE for term in query.terms
    )


def _sorts_before(
    ticket_id: int, key: Any, own_key: bytes | None, received_at: datetime
) -> ColumnElement[bool]:
    """Return the condition that a row of a list comes before this ticket's; see ``_sorting``."""
    if own_key is not None:
        before: ColumnElement[bool] = key < own_key
        return before
    at_once = and_(received_at == _RECEIVED, ticket_id > _ID)
    return or_(key.is_not(None), received_at < _RECEIVED, at_once)


_TALLIES = {Scope.QUEUE: QUEUE, Scope.ALL: ALL, Scope.DECLINED: DECLINED}


def _named_like(part: str) -> ColumnElement[bool]:
    named = col(CustomerRow.plain_name).contains(plain_name(part), autoescape=True)
    return col(TicketRow.customer_id).in_(select(col(CustomerRow.id)).where(named))


def _one_of(assignee: Any, logins: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a ticket is with one of these, which nothing meets without one.

    Said so outright, as an engine looks at many tickets for one that is in an empty list.
    """
    return and_(assignee.is_not(None), assignee.in_(logins)) if logins else false()


def _tagged(tag: str) -> ColumnElement[bool]:
    return col(TicketRow.tags).icontains(stored_tags((tag,)), autoescape=True)


def _is(column: Any) -> Condition:
    """Return what looks for a text in its column; where there may be none, in any case."""
    if not column.nullable:
        return lambda value: column == value
    return lambda value: func.lower(func.coalesce(column, "")) == value.lower()


_STATES: Mapping[str, ColumnElement[bool]] = {
    State.OWED: OWED,
    State.PARKED: and_(OWED, col(TicketRow.status).in_((Status.PENDING, Status.ON_HOLD))),
}
"""What ``is:`` finds, in SQL as a ticket itself says it."""

_CONDITIONS: Mapping[QueryField, Condition] = {
    **{field: _is(_COLUMNS[field]) for field in QueryField if field in _COLUMNS},
    QueryField.PRIORITY: lambda value: col(TicketRow.priority) == value,
    QueryField.SEVERITY: lambda value: col(TicketRow.severity) == severity_of(value),
    QueryField.CUSTOMER: _named_like,
    QueryField.TAG: _tagged,
    QueryField.NUMBER: lambda value: int(value) == _ID,
}
