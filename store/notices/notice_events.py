"""What the history says of wait notices, and a notice as plain JSON values for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import col

from policy.refusal import Refusal
from policy.words import NoticeState
from store.history.journal import JournalEntry
from store.notices.notice_models import Notice
from store.schema.column_types import Instant
from store.schema.promise_tables import NoticeRow, NoticeTicketRow
from store.tickets.ticket_json import Facts, instant, moment
from store.tickets.ticket_writer import Writer

_TABLE: Any = NoticeRow.__table__  # type: ignore[attr-defined] # SQLModel's table
_ID: Any = col(NoticeRow.id)
_TIMES = frozenset(column.key for column in _TABLE.c if isinstance(column.type, Instant))
_LIVE = frozenset({NoticeState.QUEUED, NoticeState.SENDING, NoticeState.SENT, NoticeState.IN_DOUBT})


def notice_facts(connection: Connection, ids: Sequence[int]) -> dict[int, Facts]:
    """Return all that is kept of these notices, by their ids."""
    rows = connection.execute(select(*_TABLE.c).where(_ID.in_(ids))).mappings() if ids else ()
    return {row["id"]: {name: _plain(value) for name, value in row.items()} for row in rows}


def put_notice(connection: Connection, facts: Mapping[str, Any]) -> None:
    """Write what is said of a notice: all of a new one, or what becomes of one that is here.

    Raises:
        Refusal: it would be on its way again, and its requester has been told since.
    """
    values = {name: moment(value) if name in _TIMES else value for name, value in facts.items()}
    known = notice_facts(connection, [facts["id"]]).get(facts["id"])
    _refuse_second({**(known or {}), **facts}, connection)
    if known is not None:
        connection.execute(update(NoticeRow).where(_ID == facts["id"]).values(values))
        return
    connection.execute(insert(NoticeRow).values(values))
    rows = [{"notice_id": facts["id"], "ticket_id": ticket} for ticket in facts["tickets"]]
    connection.execute(insert(NoticeTicketRow), rows)


def remove_notice(connection: Connection, number: int) -> None:
    """Remove a notice that was not made yet, or is no more."""
    of_notice = col(NoticeTicketRow.notice_id) == number
    connection.execute(delete(NoticeTicketRow).where(of_notice))
    connection.execute(delete(NoticeRow).where(number == _ID))


def _refuse_second(facts: Mapping[str, Any], connection: Connection) -> None:
    if facts["state"] not in _LIVE:
        return
    other = connection.scalar(
        select(col(NoticeRow.made_by)).where(
            col(NoticeRow.customer) == facts["customer"],
            col(NoticeRow.person) == facts["person"],
            col(NoticeRow.episode) == facts["episode"],
            col(NoticeRow.state).in_(_LIVE),
            facts["id"] != _ID,
        )
    )
    if other is not None:
        raise Refusal(f"{facts['name']} of {facts['customer']} has been told since by {other}")


def _plain(value: object) -> object:
    return instant(value) if isinstance(value, datetime) else value


ROW = "row"
"""Under which name an event carries what became of the notice."""


def tell(
    writer: Writer,
    kind: str,
    notices: Sequence[Notice],
    before: Mapping[int, Facts],
    note: str = "",
) -> None:
    """Append what happened to notices; ``before`` is what was kept of those that were known."""
    now = notice_facts(writer.connection, [notice.id for notice in notices])
    for notice in notices:
        entries = _entries(notice, kind, before.get(notice.id), now[notice.id], note)
        writer.journal.append_all(entries)


def _entries(
    notice: Notice, kind: str, before: Facts | None, now: Facts, note: str
) -> list[JournalEntry]:
    after: Facts = {
        "notice": notice.id,
        "expect_by": instant(notice.expect_by),
        "arrive_at": instant(notice.arrive_at),
    }
    was, became = _differing(before, now)
    first, *others = notice.tickets
    return [
        JournalEntry(
            kind=kind,
            ticket=first,
            before=None if was is None else {ROW: was},
            after=after | {ROW: became},
            note=note,
        ),
        *(JournalEntry(kind=kind, ticket=ticket, after=after, note=note) for ticket in others),
    ]


def _differing(before: Facts | None, now: Facts) -> tuple[Facts | None, Facts]:
    """Return what was and what became of a notice, with its id; of a new one all."""
    if before is None:
        return None, now
    names = {"id", "state", *(name for name, value in now.items() if before[name] != value)}
    return {name: before[name] for name in names}, {name: now[name] for name in names}
