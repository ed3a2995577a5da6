"""Queries turned into SQL: which tickets, in which order, and how many."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col

from policy.words import Mode
from store import tallies
from store.engines import DatabaseKind
from store.order_index import KEYS, ids_from, place_of
from store.query import ME, NOBODY, Field, Query, Scope, Term
from store.rows import stored_tags
from store.tables import CustomerRow, OrderRow, TicketRow
from store.words_in_text import folded, plain

_ID: Any = col(TicketRow.id)
_RECEIVED: Any = col(TicketRow.received_at)
_DECLINED = col(TicketRow.declined)
FEW = 100
"""Looking up so many places costs less than walking along a long queue."""

_THAT_TICKET: Any = bindparam("that_ticket")
_THAT_ROW: Any = OrderRow.__table__.alias()  # type: ignore[attr-defined] # SQLModel's table
_KEY = {
    mode: select(_THAT_ROW.c[key.key]).where(_THAT_ROW.c.ticket_id == _THAT_TICKET)
    for mode, key in KEYS.items()
}
_BEHIND = {
    mode: select(col(OrderRow.ticket_id))
    .where(key > _KEY[mode].scalar_subquery())
    .order_by(key)
    .limit(1)
    for mode, key in KEYS.items()
}


class Search:
    """Reads lists of tickets in one transaction, in the order of one mode, for one person.

    The queue stands in its order; of all tickets, those outside the queue come after it, the
    latest received first; so do the declined.
    """

    def __init__(self, connection: Connection, kind: DatabaseKind, mode: Mode, login: str) -> None:
        self._connection = connection
        self._kind = kind
        self._mode = mode
        self._login = login

    def ids(self, query: Query, offset: int = 0, limit: int | None = None) -> list[int]:
        """Return the ids of the query's tickets from the 0-based row ``offset`` on."""
        if query.whole_queue and limit is not None:
            return ids_from(self._connection, self._mode, offset, limit)
        chosen = self._chosen(query, _ID).order_by(*self._sorting(query)).offset(offset)
        return list(self._connection.scalars(chosen if limit is None else chosen.limit(limit)))

    def total(self, query: Query) -> int:
        """Return how many tickets the query finds; counted only when something is filtered."""
        if query.unfiltered:
            return tallies.counts_of_all(self._connection)[_TALLIES[query.scope]]
        return int(self._connection.scalar(self._chosen(query, func.count())) or 0)

    def row_of(self, ticket_id: int, query: Query) -> int | None:
        """Return the 0-based row of a ticket in the query's list, None when it is not there."""
        if query.whole_queue:
            return self.place(ticket_id)
        key = KEYS[self._mode]
        sorts_by = self._chosen(query, key, _RECEIVED).where(ticket_id == _ID)
        row = self._connection.execute(sorts_by).first()
        if row is None:
            return None
        before = self._chosen(query, func.count()).where(_sorts_before(ticket_id, key, *row))
        return int(self._connection.scalar(before) or 0)

    def place(self, ticket_id: int) -> int | None:
        """Return how many tickets stand before this one in the queue, None when it is not there."""
        key = self._connection.scalar(_KEY[self._mode], {"that_ticket": ticket_id})
        return None if key is None else place_of(self._connection, self._mode, key)

    def behind(self, ticket_id: int) -> int | None:
        """Return the id of the ticket right behind this one in the queue, None without one."""
        behind = self._connection.scalar(_BEHIND[self._mode], {"that_ticket": ticket_id})
        return None if behind is None else int(behind)

    def places(self, ids: Sequence[int]) -> dict[int, int]:
        """Return how many tickets stand before each of these; those outside the queue are left out.

        A few are looked up one by one, many are met on one walk along the queue.
        """
        if len(ids) <= FEW:
            looked_up = ((ticket_id, self.place(ticket_id)) for ticket_id in ids)
            return {ticket_id: place for ticket_id, place in looked_up if place is not None}
        wanted = set(ids)
        queue = select(col(OrderRow.ticket_id)).order_by(KEYS[self._mode])
        walk = enumerate(self._connection.scalars(queue))
        return {ticket_id: place for place, ticket_id in walk if ticket_id in wanted}

    def _chosen(self, query: Query, *what: Any) -> Select[Any]:
        chosen = select(*what).select_from(TicketRow)
        in_queue = col(OrderRow.ticket_id) == _ID
        if query.scope is Scope.QUEUE:
            chosen = chosen.join(OrderRow, in_queue)
        else:
            chosen = chosen.outerjoin(OrderRow, in_queue)
        if query.scope is Scope.DECLINED:
            chosen = chosen.where(_DECLINED.is_not(None))
        if any(term.field is Field.CUSTOMER for term in query.terms):
            chosen = chosen.join(CustomerRow, col(CustomerRow.id) == col(TicketRow.customer_id))
        words = [word for word in map(folded, query.words) if word]
        if words:
            chosen = chosen.where(self._kind.matching(words, _ID))
        for word in filter(None, map(folded, query.without)):
            chosen = chosen.where(not_(self._kind.matching([word], _ID)))
        return chosen.where(*(self._holds(term) for term in query.terms))

    def _sorting(self, query: Query) -> tuple[Any, ...]:
        key = KEYS[self._mode]
        if query.scope is Scope.QUEUE:
            return (key,)
        return (key.is_(None), key, _RECEIVED.desc(), _ID)

    def _holds(self, term: Term) -> ColumnElement[bool]:
        values = (self._meant(term.field, value) for value in term.values)
        condition = or_(*map(_CONDITIONS[term.field], values))
        return not_(condition) if term.negated else condition

    def _meant(self, field: Field, value: str) -> str:
        return self._login if field is Field.ASSIGNEE and value == ME else value


def _sorts_before(
    ticket_id: int, key: Any, own_key: bytes | None, received_at: datetime
) -> ColumnElement[bool]:
    """Return the condition that a row of a list comes before this ticket's; see ``_sorting``."""
    if own_key is not None:
        before: ColumnElement[bool] = key < own_key
        return before
    at_once = and_(received_at == _RECEIVED, ticket_id > _ID)
    return or_(key.is_not(None), received_at < _RECEIVED, at_once)


_TALLIES = {Scope.QUEUE: tallies.QUEUE, Scope.ALL: tallies.ALL, Scope.DECLINED: tallies.DECLINED}


def _assignee_is(login: str) -> ColumnElement[bool]:
    assignee = col(TicketRow.assignee)
    if login == NOBODY:
        return assignee.is_(None)
    return and_(assignee.is_not(None), assignee == login)


def _named_like(part: str) -> ColumnElement[bool]:
    return col(CustomerRow.plain_name).contains(plain(part), autoescape=True)


def _tagged(tag: str) -> ColumnElement[bool]:
    return col(TicketRow.tags).icontains(stored_tags((tag,)), autoescape=True)


_CONDITIONS: Mapping[Field, Callable[[str], ColumnElement[bool]]] = {
    Field.TIER: lambda value: col(TicketRow.tier) == value,
    Field.PRIORITY: lambda value: func.coalesce(col(TicketRow.priority), "") == value,
    Field.SEVERITY: lambda value: col(TicketRow.severity) == int(value),
    Field.STATUS: lambda value: col(TicketRow.status) == value,
    Field.ASSIGNEE: _assignee_is,
    Field.CUSTOMER: _named_like,
    Field.OPENED_BY: lambda value: col(TicketRow.opened_by) == value,
    Field.SOURCE: lambda value: col(TicketRow.source) == value,
    Field.TAG: _tagged,
    Field.NUMBER: lambda value: int(value) == _ID,
}
