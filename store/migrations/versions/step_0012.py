"""An index of the order's blocks by their size, so that each change finds the odd ones at once."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the index."""
    op.create_index("order_block_tickets", "order_block", ["tickets"], unique=False)
