"""What else a ticket carries by the policy's words, and until when it is to be solved."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the facts of a ticket and the time by which its contract wants it solved.

    No policy of an earlier version names any, so there is nothing to fill in.
    """
    op.add_column("ticket", sa.Column("facts", sa.JSON(), nullable=True))
    op.add_column("ticket", sa.Column("resolve_by", sa.BigInteger(), nullable=True))
