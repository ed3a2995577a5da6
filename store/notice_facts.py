"""A notice of the ledger as plain JSON values, as the history keeps it, and back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import col

from policy.refusal import Refusal
from policy.words import NoticeState
from store.facts import Facts, instant, moment
from store.tables import Instant, NoticeRow, NoticeTicketRow

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
