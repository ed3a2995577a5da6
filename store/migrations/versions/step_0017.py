"""Each event carries the hash of itself and of the one before it."""

import sqlalchemy as sa
from alembic import context, op

from store.history.hash_chain import chain_all

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add what the hashes are kept in, and reckon those of the events that are there.

    An event without one is damaged, but a column that must have one would copy the whole table.
    """
    op.add_column("event", sa.Column("hash", sa.String(), nullable=True))
    chain_all(op.get_bind(), context.config.attributes["told"])
