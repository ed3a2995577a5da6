"""Who entered an event that was done in somebody else's name."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Let each event say it; of before, nobody knows."""
    op.add_column("event", sa.Column("entered_by", sa.String(), nullable=True))
