"""Tickets as far as they say who asks and since when: enough to know who is to be told."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from policy.ticket import Requester, Ticket
from policy.words import OpenedBy, Status
from store.desk_reader import DeskReader
from store.engines.statements import AT_ONCE
from store.schema.tables import CustomerRow, RequesterRow, TicketRow

_ASKING: Any = (
    select(
        col(TicketRow.id),
        col(TicketRow.received_at),
        col(TicketRow.waiting_since),
        col(TicketRow.aim_by),
        col(TicketRow.internal),
        col(TicketRow.priority),
        col(TicketRow.declined),
        col(TicketRow.merged_into),
        col(CustomerRow.name).label("customer"),
        col(RequesterRow.name).label("person"),
        col(RequesterRow.email).label("address"),
    )
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
    .where(col(TicketRow.id).in_(bindparam("ids", expanding=True)))
)


def asking_tickets(reader: DeskReader, ids: Sequence[int]) -> Iterator[Ticket]:
    """Yield these tickets, in no order, as far as they say who asks, and how urgently."""
    for start in range(0, len(ids), AT_ONCE):
        some = {"ids": list(ids[start : start + AT_ONCE])}
        for row in reader.connection.execute(_ASKING, some).all():
            yield Ticket(
                id=row.id,
                source="",
                external_id="",
                subject="",
                customer=row.customer,
                tier=None,
                severity=None,
                opened_by=OpenedBy.CUSTOMER,
                status=Status.OPEN,
                received_at=row.received_at,
                because="",
                requester=None if row.person is None else _person(row.person, row.address),
                waiting_since=row.waiting_since,
                internal=row.internal,
                aim_by=row.aim_by,
                defined_priority=row.priority,
                declined=row.declined,
                merged_into=row.merged_into,
            )


@lru_cache(maxsize=4096)
def _person(name: str, email: str | None) -> Requester:
    return Requester(name=name, email=email)
