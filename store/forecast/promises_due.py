"""The promises that came due, as they are kept, and what is learnt from them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from policy.waits.learning import DuePromise, Learnt, learn
from policy.waits.margins import REMEMBERED, score
from policy.waits.staffed_work import StaffedWork
from store.quick.reads import Read, Reads
from store.reader import Reader
from store.tickets.ticket_json import moment

_LEARNT = Read("learnt")
_PROMISED = Read("promises")
_LATE_ANSWERS = timedelta(days=30)
"""How long after it was due an answer may come whose score still counts."""


def kept_learnt(reads: Reads) -> Learnt:
    """Return what was learnt and written down."""
    rows = _LEARNT.all(reads)
    until = max((row.until for row in rows), default=None)
    return Learnt(until, {row.priority: row.correction for row in rows})


def learnt_until_now(reader: Reader) -> tuple[Learnt, Sequence[DuePromise]]:
    """Return what is learnt from all promises that came due by now, and those that count still.

    Those answered and not due yet are among them: their scores count from the answer on.

    "Corrected whenever a promise comes due": what came due since it was written down is added, so
    that it is the same whoever reads, and whenever.
    """
    kept = kept_learnt(reader.reads)
    earliest = reader.now if kept.until is None else min(kept.until, reader.now)
    since = earliest - REMEMBERED - _LATE_ANSWERS
    if kept.until is None:
        since = datetime.min.replace(tzinfo=reader.now.tzinfo)
    promises = _promises_since(reader.reads, since)
    return learn(kept, promises, reader.rulebook.waits.sure, reader.now), promises


def _promises_since(reads: Reads, since: datetime) -> list[DuePromise]:
    rows = _PROMISED.rows(reads, {"since": since})
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
