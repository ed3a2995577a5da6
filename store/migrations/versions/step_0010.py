"""A count of who is parked though owed, for the queue's title: kept, not counted."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Count the tickets of the queue that are pending or on hold while their customer waits."""
    op.execute(
        "INSERT INTO tally (name, tickets) SELECT 'parked', count(*)"
        " FROM ticket_order JOIN ticket ON ticket.id = ticket_order.ticket_id"
        " WHERE ticket.status IN ('pending', 'on_hold') AND ticket.waiting_since IS NOT NULL"
        " AND NOT ticket_order.internal HAVING count(*) > 0"
    )
