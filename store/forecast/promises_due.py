"""The promises that came due, as they are kept, and what is learnt from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from policy.waits.learning import DuePromise, Learnt, learn
from policy.waits.margins import REMEMBERED, score
from policy.waits.staffed_work import StaffedWork
from policy.words import NoticeState
from store.desk_reader import DeskReader
from store.engines.statements import put_into
from store.schema.column_types import Instant
from store.schema.promise_tables import LearntRow, NoticeRow, NoticeTicketRow, StaffedWorkRow
from store.tickets.ticket_json import moment

_LEARNT = select(col(LearntRow.priority), col(LearntRow.correction), col(LearntRow.until))
_PROMISED = (
    select(
        col(NoticeRow.made_at),
        col(NoticeRow.expect_by),
        col(NoticeRow.promised),
        col(NoticeTicketRow.ticket_id),
        col(NoticeTicketRow.answered_at),
        col(NoticeTicketRow.ended_at),
        col(StaffedWorkRow.steps),
    )
    .join(NoticeTicketRow, col(NoticeTicketRow.notice_id) == col(NoticeRow.id))
    .outerjoin(StaffedWorkRow, col(StaffedWorkRow.at) == col(NoticeRow.made_at))
    .where(
        col(NoticeRow.state) == NoticeState.SENT,
        col(NoticeRow.expect_by) > bindparam("since", type_=Instant),
    )
    .order_by(col(NoticeRow.expect_by), col(NoticeRow.id))
)
_LATE_ANSWERS = timedelta(days=30)
"""How long after it was due an answer may come whose score still counts."""


def kept_learnt(connection: Connection) -> Learnt:
    """Return what was learnt and written down."""
    rows = connection.execute(_LEARNT).all()
    until = max((row.until for row in rows), default=None)
    return Learnt(until, {row.priority: row.correction for row in rows})


def learnt_until_now(reader: DeskReader) -> tuple[Learnt, Sequence[DuePromise]]:
    """Return what is learnt from all promises that came due by now, and those that count still.

    Those answered and not due yet are among them: their scores count from the answer on.

    "Corrected whenever a promise comes due": what came due since it was written down is added, so
    that it is the same whoever reads, and whenever.
    """
    kept = kept_learnt(reader.connection)
    earliest = reader.now if kept.until is None else min(kept.until, reader.now)
    since = earliest - REMEMBERED - _LATE_ANSWERS
    if kept.until is None:
        since = datetime.min.replace(tzinfo=reader.now.tzinfo)
    promises = _promises_since(reader.connection, since)
    return learn(kept, promises, reader.rulebook.waits.sure, reader.now), promises


def write_learnt(connection: Connection, learnt: Learnt) -> None:
    """Write down what was learnt; nothing where no promise has come due."""
    rows = [
        {"priority": priority, "correction": correction, "until": learnt.until}
        for priority, correction in learnt.corrections.items()
    ]
    if rows:
        connection.execute(put_into(connection, LearntRow, "priority", "correction", "until"), rows)


def _promises_since(connection: Connection, since: datetime) -> list[DuePromise]:
    rows = connection.execute(_PROMISED, {"since": since})
    return [made for row in rows if (made := _promise_of(row)) is not None]


def _promise_of(row: Any) -> DuePromise | None:
    """Return one ticket's promise, None for one that nobody waits for any more."""
    if row.answered_at is None and row.ended_at is not None:
        return None
    promised: Mapping[int, Any] = {each[0]: each for each in row.promised or ()}
    if row.ticket_id not in promised:
        return None
    _, priority, expected, _safe = promised[row.ticket_id]
    return DuePromise(
        priority=priority,
        made_at=row.made_at,
        due=row.expect_by,
        answered_at=row.answered_at,
        score=_score(row, moment(expected)),
    )


def _score(row: Any, expected: datetime | None) -> float | None:
    if row.answered_at is None or row.steps is None or expected is None:
        return None
    steps = tuple((float(minutes), int(people)) for minutes, people in row.steps)
    return score(StaffedWork(row.made_at, steps), expected, row.answered_at)
