"""How many tickets stood in the queue when, so that the level of the last minutes is known."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from policy.hard_choices import QueueCount
from store.tables import QueueCountRow
from store.upsert import put_into

_AT, _TICKETS = col(QueueCountRow.at), col(QueueCountRow.tickets)
_SINCE = (
    select(_AT, _TICKETS).where(_AT >= bindparam("start"), _AT <= bindparam("end")).order_by(_AT)
)
_BEFORE = select(_AT, _TICKETS).where(_AT < bindparam("start")).order_by(_AT.desc()).limit(1)


def put_count(connection: Connection, at: datetime, tickets: int) -> None:
    """Write down how many tickets stand in the queue from ``at`` (UTC) on."""
    put = put_into(connection, QueueCountRow, "at", "tickets")
    connection.execute(put, {"at": at, "tickets": tickets})


def counts_between(connection: Connection, start: datetime, end: datetime) -> list[QueueCount]:
    """Return the counts from the one that held at ``start`` to ``end``, oldest first (UTC)."""
    before = connection.execute(_BEFORE, {"start": start}).all()
    since = connection.execute(_SINCE, {"start": start, "end": end}).all()
    return [QueueCount(at=row.at, tickets=row.tickets) for row in (*before, *since)]
