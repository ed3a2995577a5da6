"""When we answered and the customer wrote last, and what became of a ticket after its end."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Give tickets the times by which it is known who waits; what is kept is carried over after.

    Time off can say whether its ends are the turns of days; what is there does not.
    """
    with op.batch_alter_table("ticket") as ticket:
        for name in ("last_response_at", "last_customer_message_at", "settled_at", "solved_at"):
            ticket.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
        ticket.add_column(sa.Column("continued_in", sa.Integer(), nullable=True))
    with op.batch_alter_table("time_off") as time_off:
        for name in ("starts_with_day", "ends_with_day"):
            time_off.add_column(sa.Column(name, sa.Boolean(), nullable=True))
    op.create_index("customer_plain_name", "customer", ["plain_name"], unique=False)
    op.create_index(
        "ticket_solved",
        "ticket",
        ["solved_at"],
        unique=False,
        sqlite_where=sa.text("status = 'solved'"),
        postgresql_where=sa.text("status = 'solved'"),
    )
