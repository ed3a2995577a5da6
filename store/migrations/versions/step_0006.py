"""Severities that are words, and which tickets are our own work by the policy's words."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Let a severity be a word, and say of each ticket whether it is our own work.

    Before policies had words of their own, that was the tier of the same name. SQLite keeps words
    beside numbers in the column as it is.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.execute("ALTER TABLE ticket ALTER COLUMN severity TYPE VARCHAR USING severity::varchar")
    op.add_column(
        "ticket", sa.Column("internal", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute("UPDATE ticket SET internal = true WHERE tier = 'internal'")
