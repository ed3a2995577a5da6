"""The first schema: customers, requesters, tickets and their order, events and settings."""

import sqlalchemy as sa
from alembic import context, op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the first version, and what full-text search needs."""
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("plain_name", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    blocks = op.create_table(
        "order_block",
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("first_key", sa.LargeBinary(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mode", "first_key"),
    )
    # The first block of each order starts before every key, and always stays.
    first_blocks = [
        {"mode": mode, "first_key": b"", "tickets": 0} for mode in ("normal", "hard_choices")
    ]
    op.bulk_insert(blocks, first_blocks)
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "tally",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "requester",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("timezone", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("requester_identity", "requester", ["customer_id", "identity"], unique=True)
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("first_response_at", sa.BigInteger(), nullable=True),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("respond_by", sa.BigInteger(), nullable=True),
        sa.Column("aim_by", sa.BigInteger(), nullable=True),
        sa.Column("defined_priority", sa.String(), nullable=True),
        sa.Column("priority", sa.String(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("declined", sa.String(), nullable=True),
        sa.Column("assigned_priority", sa.JSON(), nullable=True),
        sa.Column("deviation", sa.JSON(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"],
            ["requester.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ticket_assignee",
        "ticket",
        ["assignee"],
        unique=False,
        sqlite_where=sa.text("assignee IS NOT NULL"),
        postgresql_where=sa.text("assignee IS NOT NULL"),
    )
    op.create_index("ticket_customer", "ticket", ["customer_id"], unique=False)
    op.create_index(
        "ticket_declined",
        "ticket",
        ["id"],
        unique=False,
        sqlite_where=sa.text("declined IS NOT NULL"),
        postgresql_where=sa.text("declined IS NOT NULL"),
    )
    op.create_index("ticket_reference", "ticket", ["source", "external_id"], unique=True)
    op.create_index("ticket_status", "ticket", ["status"], unique=False)
    op.create_table(
        "body",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("event_ticket", "event", ["ticket_id", "id"], unique=False)
    op.create_table(
        "ticket_order",
        sa.Column("ticket_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("normal_key", sa.LargeBinary(), nullable=False),
        sa.Column("hard_choices_key", sa.LargeBinary(), nullable=False),
        sa.Column("assignee", sa.String(), nullable=True),
        sa.Column("respond_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
        ),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index(
        "order_assignee_hard_choices",
        "ticket_order",
        ["assignee", "hard_choices_key"],
        unique=False,
        sqlite_where=sa.text("assignee IS NOT NULL"),
        postgresql_where=sa.text("assignee IS NOT NULL"),
    )
    op.create_index(
        "order_assignee_normal",
        "ticket_order",
        ["assignee", "normal_key"],
        unique=False,
        sqlite_where=sa.text("assignee IS NOT NULL"),
        postgresql_where=sa.text("assignee IS NOT NULL"),
    )
    op.create_index("order_hard_choices", "ticket_order", ["hard_choices_key"], unique=True)
    op.create_index("order_normal", "ticket_order", ["normal_key"], unique=True)
    op.create_index("order_respond_by", "ticket_order", ["respond_by"], unique=False)
    context.config.attributes["kind"].create_search(op.get_bind())
