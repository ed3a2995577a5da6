"""Solved tickets that have closed by themselves, and of which that is not written down yet."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from policy.ticket import Ticket
from policy.words import Status
from store.schema.tables import TicketRow
from store.tickets.ticket_mapping import by_ids

_SOLVED_AT = col(TicketRow.solved_at)
_DUE = (
    select(col(TicketRow.id))
    .where(col(TicketRow.status) == Status.SOLVED, _SOLVED_AT <= bindparam("by"))
    .order_by(_SOLVED_AT, col(TicketRow.id))
    .limit(bindparam("at_most"))
)


def due_to_close(
    connection: Connection, now: datetime, close_after: timedelta, at_most: int
) -> tuple[Ticket, ...]:
    """Return the tickets solved so long ago that they are closed by now (UTC), the first ones."""
    due = connection.scalars(_DUE, {"by": now - close_after, "at_most": at_most})
    return by_ids(connection, [int(number) for number in due if number is not None])
