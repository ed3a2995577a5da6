"""When we answered and the customer wrote last, and what became of a ticket after its end."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Give tickets the times by which it is known who waits; what is kept is carried over after."""
    with op.batch_alter_table("ticket") as ticket:
        for name in ("last_response_at", "last_customer_message_at", "settled_at", "solved_at"):
            ticket.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        ticket.add_column(sa.Column("continued_in", sa.Integer(), nullable=True))
    op.create_index("customer_plain_name", "customer", ["plain_name"], unique=False)
    op.create_index(
        "ticket_solved",
        "ticket",
        ["solved_at"],
        unique=False,
        sqlite_where=sa.text("status = 'solved'"),
        postgresql_where=sa.text("status = 'solved'"),
    )
