"""What rests with engineering, and how often they were asked to drop everything."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, false, func, select, text
from sqlmodel import col

from policy.engineering.handover import (
    asks_to_drop_everything,
    checklist,
)
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from store.engineering.engineering_models import AtEngineering, Engineering, EscalationCount
from store.quick.statements import TICKETS
from store.schema.tables import ActionRow, EventRow, TicketRow
from store.tickets.ticket_mapping import to_ticket

SHOWN: Final = 200
"""How many tickets an engineer sees at once; the others come up as these are decided."""

COUNTED_OVER: Final = timedelta(days=7)
"""Over how long an engineer sees how often they were asked to drop everything."""

CANNOT_WAIT: Final = "escalated"
CAN_WAIT: Final = "can_wait"
"""What the history calls the two answers to "can it wait a day?"."""

_THERE: Any = col(TicketRow.with_engineering_since).is_not(None)
_OLDEST_FIRST: Any = (col(TicketRow.with_engineering_since), col(TicketRow.id))
_HOW_MANY = select(func.count()).select_from(TicketRow).where(_THERE)
_ESCALATIONS: Any = (
    select(col(EventRow.kind), func.count().label("times"))
    .outerjoin(ActionRow, col(EventRow.action) == col(ActionRow.id))
    .where(
        text(f"kind IN ('{CANNOT_WAIT}', '{CAN_WAIT}')"),
        func.coalesce(col(ActionRow.undone), false()).is_(False),
        col(EventRow.at) >= bindparam("start"),
        col(EventRow.at) < bindparam("before_end"),
    )
    .group_by(col(EventRow.kind))
)


def at_engineering(connection: Connection, rulebook: Rulebook, now: datetime) -> Engineering:
    """Return what an engineer sees first: what cannot wait, then the oldest hand-over first."""
    words = rulebook.vocabulary
    urgent = col(TicketRow.priority).in_(words.urgent)
    rare = _read(connection, TICKETS.where(_THERE, urgent))
    others = _read(connection, TICKETS.where(_THERE, ~urgent))
    tickets = sorted([*rare, *others], key=lambda each: _standing(each, words))[:SHOWN]
    return Engineering(
        total=int(connection.scalar(_HOW_MANY) or 0),
        waiting=tuple(
            AtEngineering(
                ticket=ticket,
                urgent=asks_to_drop_everything(ticket, words),
                checklist=checklist(ticket, rulebook),
            )
            for ticket in tickets
        ),
        timings=rulebook.engineering.timings,
        words=words,
        escalations=escalations_between(connection, now - COUNTED_OVER, now + timedelta.resolution),
    )


def escalations_between(connection: Connection, start: datetime, end: datetime) -> EscalationCount:
    """Return both counts from ``start`` to before ``end`` (UTC), without what was taken back."""
    rows = connection.execute(_ESCALATIONS, {"start": start, "before_end": end})
    times = {row.kind: row.times for row in rows}
    return EscalationCount(cannot_wait=times.get(CANNOT_WAIT, 0), can_wait=times.get(CAN_WAIT, 0))


def _read(connection: Connection, wanted: Select[Any]) -> list[Ticket]:
    rows = connection.execute(wanted.order_by(*_OLDEST_FIRST).limit(SHOWN))
    return [to_ticket(row) for row in rows]


def _standing(ticket: Ticket, words: Vocabulary) -> tuple[bool, datetime, int]:
    since = ticket.with_engineering_since or ticket.received_at
    return not asks_to_drop_everything(ticket, words), since, ticket.id
