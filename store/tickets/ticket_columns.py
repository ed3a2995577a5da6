"""What is written of a ticket to its own table, and how its columns say that a customer waits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from policy.ticket import Ticket
from store.schema.tables import TicketRow
from store.tickets.ticket_mapping import CONVERSIONS, Convert

_OF_THE_ROW_ALONE = frozenset({"customer_id", "requester_id", "imported"})
_WRITTEN: Mapping[str, Convert | None] = {
    name: CONVERSIONS[name].written if name in CONVERSIONS else None
    for name in TicketRow.model_fields
    if name not in _OF_THE_ROW_ALONE
}

COLUMNS = tuple(_WRITTEN)
"""The columns that ``to_columns`` tells of, in its order."""

OWED: ColumnElement[bool] = and_(
    col(TicketRow.waiting_since).is_not(None),
    col(TicketRow.declined).is_(None),
    col(TicketRow.merged_into).is_(None),
    col(TicketRow.internal).is_(False),
)
"""The condition that a ticket's customer waits for an answer, as ``Ticket.owed`` says it."""

CAN_BE_LATE: ColumnElement[bool] = or_(OWED, col(TicketRow.update_by).is_not(None))
"""The condition that lateness is said of a ticket: "only of owed tickets and running updates"."""


def to_columns(ticket: Ticket) -> dict[str, Any]:
    """Return what is written of a ticket to its own table, people and ``imported`` left aside."""
    return {
        name: getattr(ticket, name) if written is None else written(getattr(ticket, name))
        for name, written in _WRITTEN.items()
    }
