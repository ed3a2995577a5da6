"""Until when a customer is to hear how it stands, and when a ticket's clocks stood still."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add when an update is due, and the pauses of the clocks that stand still and go on.

    No policy of an earlier version has such clocks, so there is nothing to fill in.
    """
    op.add_column("ticket", sa.Column("update_by", sa.BigInteger(), nullable=True))
    op.add_column("ticket", sa.Column("paused", sa.JSON(), nullable=True))
