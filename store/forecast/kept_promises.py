"""Keeps what became of what was promised, as tickets change: "kept when the answer came"."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select, update
from sqlmodel import col

from policy.roster.members import Roster
from policy.ticket import Ticket
from store.forecast.kept_work import ChangedTicket, answered_at, keep_work
from store.schema.column_types import Instant
from store.schema.promise_tables import NoticeRow, NoticeTicketRow

_MADE: Any = col(NoticeRow.made_at)
_OF_TICKET = col(NoticeTicketRow.ticket_id) == bindparam("that_ticket")
_IS_OPEN = (
    col(NoticeTicketRow.answered_at).is_(None),
    col(NoticeTicketRow.ended_at).is_(None),
)


def _made(condition: Any) -> Any:
    return exists(
        select(col(NoticeRow.id)).where(
            col(NoticeRow.id) == col(NoticeTicketRow.notice_id), condition
        )
    )


_ANSWERED = (
    update(NoticeTicketRow)
    .where(_OF_TICKET, *_IS_OPEN, _made(bindparam("at", type_=Instant) >= _MADE))
    .values(answered_at=bindparam("at", type_=Instant))
)
_ENDED = (
    update(NoticeTicketRow)
    .where(_OF_TICKET, *_IS_OPEN)
    .values(ended_at=bindparam("at", type_=Instant))
)
_OWED_AGAIN = (
    update(NoticeTicketRow)
    .where(_OF_TICKET, _made(bindparam("waiting", type_=Instant) <= _MADE))
    .values(answered_at=None, ended_at=None)
)


def keep(
    connection: Connection,
    changes: Sequence[ChangedTicket],
    now: datetime,
    roster: Roster | None,
) -> None:
    """Keep what the changes say of promises, and of how long work takes the people of a roster."""
    _keep_promises(connection, changes, now)
    keep_work(connection, changes, now, roster)


def _keep_promises(connection: Connection, changes: Sequence[ChangedTicket], now: datetime) -> None:
    """Write down which of the promised answers came, by their own times, and which no one needs.

    "Taken back or failed for good, the ticket is owed again since the same ``waiting_since``": so
    is what was promised about it.
    """
    answered, ended, again = [], [], []
    for change in changes:
        before, after = change.before, change.after
        if before is None:
            continue
        answer = answered_at(before, after)
        if answer is not None:
            answered.append({"that_ticket": after.id, "at": answer})
        elif before.owed and not after.owed:
            ended.append({"that_ticket": after.id, "at": _settled_at(after, now)})
        elif after.owed and not before.owed:
            again.append({"that_ticket": after.id, "waiting": after.waiting_since})
    for statement, rows in ((_ANSWERED, answered), (_ENDED, ended), (_OWED_AGAIN, again)):
        if rows:
            connection.execute(statement, rows)


def _settled_at(ticket: Ticket, now: datetime) -> datetime:
    """Return since when nobody waits in a ticket that got no answer (UTC)."""
    return ticket.settled_at or ticket.solved_at or now
