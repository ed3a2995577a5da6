"""Tells of tickets what an older version's history does not: what it decided without a word."""

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from store.engines.statements import AT_ONCE
from store.history.hash_chain import events_of_tickets
from store.history.journal import JournalEntry
from store.progress import Told
from store.schema.tables import BodyRow, TicketRow
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import Writer
from store.transfer.history_check import differences, told_of

CARRIED_OVER = "carried_over"
"""The kind of the event by which an upgrade tells what nobody had told."""

_ID, _VERSION = col(TicketRow.id), col(TicketRow.version)
_KEPT = (
    select(_ID, col(BodyRow.text), col(TicketRow.imported))
    .outerjoin(BodyRow, col(BodyRow.ticket_id) == _ID)
    .where(_ID.in_(bindparam("ids", expanding=True)))
)
_ONE_MORE = update(TicketRow).where(bindparam("that_ticket") == _ID).values(version=_VERSION + 1)


def tell_untold(writer: Writer, told: Told) -> None:
    """Write an event for each ticket that is not as its history tells it: as told, and as it is.

    From then on the history tells all of it; what was so before, nobody knows.
    """
    connection, after = writer.connection, 0
    some = select(_ID).order_by(_ID).limit(AT_ONCE)
    while ids := [each or 0 for each in connection.scalars(some.where(_ID > after))]:
        after = ids[-1]
        events = events_of_tickets(connection, ids)
        rows = connection.execute(_KEPT, {"ids": ids})
        kept = {row.id: {"body": row.text, "imported": row.imported} for row in rows}
        entries = []
        for ticket in by_ids(connection, ids):
            history = events[ticket.id]
            if any(event.values is None for event in history):
                continue  # what cannot be read tells nothing, and stays damaged
            differing = differences(ticket, kept[ticket.id], told_of(history), writer.now)
            if differing:
                was = {name: told_as for name, (told_as, _) in differing.items()}
                stands = {name: now for name, (_, now) in differing.items()}
                entries.append(
                    JournalEntry(kind=CARRIED_OVER, ticket=ticket.id, before=was, after=stands)
                )
        if entries:
            connection.execute(_ONE_MORE, [{"that_ticket": each.ticket} for each in entries])
            writer.journal.append_all(entries)
        told(len(ids))
