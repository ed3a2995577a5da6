"""Which tickets of the queue are due when."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from policy.ticket import Ticket
from store.desk_reader import DeskReader
from store.schema.tables import OrderRow


def due_between(
    reader: DeskReader, start: datetime, end: datetime, limit: int
) -> tuple[Ticket, ...]:
    """Return the queue's tickets whose ``respond_by`` is from ``start`` to before ``end``."""
    respond_by = col(OrderRow.respond_by)
    ids = (
        select(col(OrderRow.ticket_id))
        .where(respond_by >= start, respond_by < end)
        .order_by(respond_by, col(OrderRow.ticket_id))
        .limit(limit)
    )
    return tuple(reader.each(list(reader.connection.scalars(ids))))
