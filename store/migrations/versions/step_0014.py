"""How many of the tickets in the queue were owed when."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Let each count of the queue say it; of before, nobody knows."""
    op.add_column("queue_count", sa.Column("owed", sa.Integer(), nullable=True))
