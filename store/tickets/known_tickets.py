"""Which tickets of a source are here already, and what it said of each last."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.intake.incoming import IncomingTicket
from store.schema.tables import TicketRow

Key = tuple[str, str]
"""The source and the id that a ticket has there."""

Said = Mapping[str, Any]
"""What a source said of a ticket, as plain JSON values."""


def known_tickets(
    connection: Connection, batch: Iterable[IncomingTicket]
) -> dict[Key, tuple[int, Said | None]]:
    """Return the id and what the source said last of each ticket of the batch that is here."""
    by_source: dict[str, list[str]] = {}
    for incoming in batch:
        by_source.setdefault(incoming.source, []).append(incoming.external_id)
    number, external_id = col(TicketRow.id), col(TicketRow.external_id)
    found: dict[Key, tuple[int, Said | None]] = {}
    for source, external_ids in by_source.items():
        rows = connection.execute(
            select(number, external_id, col(TicketRow.imported)).where(
                col(TicketRow.source) == source, external_id.in_(external_ids)
            )
        )
        found.update({(source, row.external_id): (row.id, row.imported) for row in rows})
    return found


def are_known(connection: Connection, batch: Sequence[IncomingTicket]) -> list[bool]:
    """Return of each incoming ticket whether it is here."""
    known = known_tickets(connection, batch)
    return [(each.source, each.external_id) in known for each in batch]
