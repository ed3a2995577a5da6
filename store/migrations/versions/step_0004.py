"""The language that a customer writes in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Give tickets a language, which none has yet."""
    with op.batch_alter_table("ticket") as ticket:
        ticket.add_column(sa.Column("language", sa.String(), nullable=True))
