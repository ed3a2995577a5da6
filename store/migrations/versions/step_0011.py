"""What promises say and became, what work took, and how many tickets arrived in which hour."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add what promises and the forecast need, and count the arrivals that there were.

    A notice of before promised an arrival and no answer, so it keeps none to be held against.
    """
    op.add_column("notice", sa.Column("expect_by", sa.BigInteger(), nullable=True))
    op.add_column("notice", sa.Column("promised", sa.JSON(), nullable=True))
    op.add_column("notice_ticket", sa.Column("answered_at", sa.BigInteger(), nullable=True))
    op.add_column("notice_ticket", sa.Column("ended_at", sa.BigInteger(), nullable=True))
    _create_tables()
    _count_arrivals()


def _create_tables() -> None:
    op.create_table(
        "staffed_work",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("at"),
    )
    op.create_table(
        "pick_up",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index("pick_up_login", "pick_up", ["login"], unique=False)
    op.create_table(
        "duration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("duration_login", "duration", ["login", "ended_at"], unique=False)
    op.create_index("duration_ended", "duration", ["ended_at"], unique=False)
    op.create_table(
        "learnt",
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("correction", sa.Float(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("priority"),
    )


_ARRIVED = sa.text("SELECT received_at, priority FROM ticket WHERE declined IS NULL")
_UNCOUNT = sa.text("DELETE FROM tally WHERE name LIKE 'arrived:%'")
_COUNT = sa.text("INSERT INTO tally (name, tickets) VALUES (:name, :tickets)")


def _count_arrivals() -> None:
    connection = op.get_bind()
    counts: Counter[tuple[int, str]] = Counter()
    with connection.execute(_ARRIVED, execution_options={"yield_per": 1000}) as rows:
        counts.update((row.received_at // _AN_HOUR, row.priority) for row in rows)
    named = [
        {"name": f"arrived:{_EPOCH + timedelta(hours=hour):%Y-%m-%dT%H}:{priority}", "tickets": n}
        for (hour, priority), n in counts.items()
    ]
    connection.execute(_UNCOUNT)  # where all was ranked anew on the way here
    if named:
        connection.execute(_COUNT, named)


_AN_HOUR = 3_600_000_000
"""An hour, in the microseconds in which times are kept."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
