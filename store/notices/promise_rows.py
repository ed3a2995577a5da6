"""What the ledger of notices promised, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select
from sqlmodel import col

from policy.names import comparable
from policy.waits.promises import Promise, PromisedAnswer
from policy.words import NoticeState
from store.notices.ledger import ALL, AT_ONCE, STILL_WAITING, TOLD, notice_of
from store.notices.notice_models import Notice
from store.schema.promise_tables import NoticeRow, NoticeTicketRow
from store.schema.tables import TicketRow
from store.tickets.ticket_columns import OWED
from store.tickets.ticket_json import moment

_ID, _STATE = col(NoticeRow.id), col(NoticeRow.state)


def promises_to(connection: Connection, customers: Iterable[str]) -> list[Promise]:
    """Return all that was promised to people at these customers, oldest first."""
    names = sorted(set(customers))
    rows = [
        row
        for start in range(0, len(names), AT_ONCE)
        for row in connection.execute(
            ALL.where(col(NoticeRow.customer).in_(names[start : start + AT_ONCE]), _STATE.in_(TOLD))
        )
    ]
    return _promises(connection, sorted(rows, key=lambda row: row.id))


def all_promises(connection: Connection, since: datetime) -> list[Promise]:
    """Return all that was promised since then (UTC), or came due since, oldest first."""
    lately = or_(col(NoticeRow.made_at) >= since, col(NoticeRow.expect_by) >= since)
    rows = connection.execute(ALL.where(_STATE == NoticeState.SENT, lately).order_by(_ID))
    return _promises(connection, rows.all())


def promises_to_keep(connection: Connection, now: datetime) -> list[Notice]:
    """Return the notices whose promise is still to be kept to somebody who waits, oldest first.

    What names no time is among them: it holds until the arrival that it names, where it does.
    """
    by, arrive_at = col(NoticeRow.expect_by), col(NoticeRow.arrive_at)
    to_come = or_(by >= now, and_(by.is_(None), or_(arrive_at.is_(None), arrive_at >= now)))
    rows = connection.execute(ALL.where(_STATE.in_(TOLD), to_come, STILL_WAITING).order_by(_ID))
    return [notice_of(row) for row in rows]


def open_promises(connection: Connection, now: datetime) -> list[Promise]:
    """Return the promises whose time is still to come at ``now`` (UTC), oldest first."""
    to_come = col(NoticeRow.expect_by) > now
    rows = connection.execute(ALL.where(_STATE.in_(TOLD), to_come).order_by(_ID))
    return _promises(connection, rows.all())


def tickets_promised(connection: Connection) -> list[int]:
    """Return the tickets that still wait for an answer that somebody was told of."""
    row = col(NoticeTicketRow.ticket_id)
    waiting = (
        select(row)
        .distinct()
        .join(NoticeRow, col(NoticeTicketRow.notice_id) == _ID)
        .join(TicketRow, col(TicketRow.id) == row)
        .where(
            _STATE.in_(TOLD),
            col(NoticeTicketRow.answered_at).is_(None),
            col(NoticeTicketRow.ended_at).is_(None),
            OWED,
        )
        .order_by(row)
    )
    return list(connection.scalars(waiting))


def _promises(connection: Connection, rows: Sequence[Any]) -> list[Promise]:
    """Return what these rows of the ledger promised, with what became of each answer."""
    ends: dict[tuple[int, int], Any] = {}
    numbers = [row.id for row in rows]
    for start in range(0, len(numbers), AT_ONCE):
        some = _ENDS.where(col(NoticeTicketRow.notice_id).in_(numbers[start : start + AT_ONCE]))
        ends |= {(end.notice_id, end.ticket_id): end for end in connection.execute(some)}
    return [_promise(row, ends) for row in rows]


_ENDS = select(
    col(NoticeTicketRow.notice_id),
    col(NoticeTicketRow.ticket_id),
    col(NoticeTicketRow.answered_at),
    col(NoticeTicketRow.ended_at),
)


def _promise(row: Any, ends: Mapping[tuple[int, int], Any]) -> Promise:
    promised = row.promised or [[ticket, None, None, None] for ticket in row.tickets]
    return Promise(
        asker=(comparable(row.customer), comparable(row.person)),
        answers=tuple(
            PromisedAnswer(
                ticket=ticket,
                priority=priority,
                expected=moment(expected),
                safe=moment(safe),
                answered_at=end.answered_at if end else None,
                ended_at=end.ended_at if end else None,
            )
            for ticket, priority, expected, safe in promised
            for end in [ends.get((row.id, ticket))]
        ),
        made_at=row.made_at,
        expect_by=row.expect_by,
        arrive_at=row.arrive_at,
    )
