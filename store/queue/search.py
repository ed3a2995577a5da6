"""Queries turned into SQL: which tickets, in which order, and how many."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

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

_CUSTOMER = QueryField.CUSTOMER

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
    ) -> None:
        """Read what is found at the queue's time; solved by ``closed_since`` (UTC) is closed."""
        self._connection = connection
        self._kind = kind
        self._queue = queue
        self._assignees = assignees
        self._away = away
        self._closed_since = closed_since

    def ids(self, query: Query, offset: int = 0, limit: int | None = None) -> list[int]:
        """Return the ids of the query's tickets from the 0-based row ``offset`` on."""
        if query.whole_queue:
            return self._queue.ids(offset, limit)
        chosen = self._chosen(query, _ID, self._key).order_by(*self._sorting(query))

        def read(offset: int, limit: int | None) -> Iterable[Ranked]:
            rows = chosen.offset(offset)
            found: Iterable[Any] = self._connection.execute(
                rows if limit is None else rows.limit(limit)
            )
            return found

        return read_in_order(read, self._expired(query), offset, limit)

    def total(self, query: Query) -> int:
        """Return how many tickets the query finds; counted only when something is filtered."""
        if query.unfiltered:
            return counts_of_all(self._connection)[_TALLIES[query.scope]]
        return int(self._connection.scalar(self._chosen(query, func.count())) or 0)

    def row_of(self, ticket_id: int, query: Query) -> int | None:
        """Return the 0-based row of a ticket in the query's list, None when it is not there."""
        if query.whole_queue:
            return self._queue.place(ticket_id)
        found = self._chosen(query, _RECEIVED).where(ticket_id == _ID)
        received_at = self._connection.scalar(found)
        if received_at is None:
            return None
        key = self._queue.key_of(ticket_id)
        before = self._chosen(query, func.count()).where(
            _sorts_before(ticket_id, self._key, key, received_at)
        )
        rows = int(self._connection.scalar(before) or 0)
        return rows if key is None else rows + moved_before(self._expired(query), key)

    @property
    def _key(self) -> Any:
        return KEYS[self._queue.mode]

    def _expired(self, query: Query) -> Sequence[Expired]:
        """Return those of the query's tickets that the order's table has in a wrong place."""
        expired = self._queue.expired
        if not expired:
            return ()
        among = self._chosen(query, _ID).where(col(OrderRow.deviation_until) <= self._queue.now)
        found = set(self._connection.scalars(among))
        return tuple(each for each in expired if each.ticket_id in found)

    def _chosen(self, query: Query, *what: Any) -> Select[Any]:
        chosen = select(*what).select_from(TicketRow)
        in_queue = col(OrderRow.ticket_id) == _ID
        if query.scope is Scope.QUEUE:
            chosen = chosen.join(OrderRow, in_queue)
        else:
            chosen = chosen.outerjoin(OrderRow, in_queue)
        if query.scope is Scope.DECLINED:
            chosen = chosen.where(_DECLINED.is_not(None))
        if any(isinstance(each, Term) and each.field is _CUSTOMER for each in query.terms):
            chosen = chosen.join(CustomerRow, col(CustomerRow.id) == col(TicketRow.customer_id))
        if query.words:
            chosen = chosen.where(self._has_all(query.words))
        for word in query.without:
            chosen = chosen.where(not_(self._has_all([word])))
        return chosen.where(*(self._holds(term) for term in query.terms))

    def _has_all(self, words: Sequence[str]) -> ColumnElement[bool]:
        """Return the condition that a ticket has these words; what says nothing is nowhere."""
        wanted = [sought(word) for word in words]
        if not all(wanted):
            return false()
        return self._kind.matching([*chain.from_iterable(wanted)], _ID)

    def _sorting(self, query: Query) -> tuple[Any, ...]:
        key = self._key
        if query.scope is Scope.QUEUE:
            return (key,)
        return (key.is_(None), key, _RECEIVED.desc(), _ID)

    def _holds(self, term: Term | FactTerm) -> ColumnElement[bool]:
        if isinstance(term, FactTerm):
            return fact_search.holds(term)
        condition = or_(*map(self._condition_of(term.field), term.values))
        return not_(condition) if term.negated else condition

    def _condition_of(self, field: QueryField) -> Condition:
        own: Mapping[QueryField, Condition] = {
            QueryField.ASSIGNEE: self._assigned_to,
            QueryField.STATUS: self._has_status,
            QueryField.IS: self._is_so,
        }
        return own.get(field) or _CONDITIONS[field]

    def _assigned_to(self, value: str) -> ColumnElement[bool]:
        if value == NOBODY:
            return or_(_ASSIGNEE.is_(None), self._away.tickets)
        return and_(_ASSIGNEE.is_not(None), _ASSIGNEE.in_(self._assignees(value)))

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
    return col(CustomerRow.plain_name).contains(plain_name(part), autoescape=True)


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
    QueryField.SEVERITY: lambda value: col(TicketRow.severity) == severity_of(value),
    QueryField.CUSTOMER: _named_like,
    QueryField.TAG: _tagged,
    QueryField.NUMBER: lambda value: int(value) == _ID,
}
