"""What engineering is asked, deviations that end, time spent, and actions that can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_FOREIGN_KEYS = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}
"""How PostgreSQL names a foreign key by itself; in SQLite it has no name until it is given one."""


def upgrade() -> None:
    """Give tickets, their order and their history what the whole shift needs."""
    with op.batch_alter_table("ticket") as ticket:
        for name in ("context", "escalation", "handed_over", "review"):
            ticket.add_column(sa.Column(name, sa.JSON(), nullable=True))
        ticket.add_column(sa.Column("with_engineering_since", sa.BigInteger(), nullable=True))
        for name in ("merged_into", "split_from"):
            ticket.add_column(sa.Column(name, sa.Integer(), nullable=True))
    op.create_index(
        "ticket_with_engineering",
        "ticket",
        ["with_engineering_since"],
        unique=False,
        sqlite_where=sa.text("with_engineering_since IS NOT NULL"),
        postgresql_where=sa.text("with_engineering_since IS NOT NULL"),
    )
    op.add_column("ticket_order", sa.Column("deviation_until", sa.BigInteger(), nullable=True))
    op.create_index(
        "order_deviation_until",
        "ticket_order",
        ["deviation_until"],
        unique=False,
        sqlite_where=sa.text("deviation_until IS NOT NULL"),
        postgresql_where=sa.text("deviation_until IS NOT NULL"),
    )
    _mark_internal_tickets()
    _free_the_history()
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("wanted", sa.String(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.Column("undoable", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("action_actor", "action", ["actor", "id"], unique=False)
    _create_time_entries()
    op.execute(
        "INSERT INTO tally (name, tickets) SELECT 'queue:' || ticket.priority, count(*)"
        " FROM ticket JOIN ticket_order ON ticket_order.ticket_id = ticket.id"
        " GROUP BY ticket.priority"
    )


def _mark_internal_tickets() -> None:
    """Let the first internal ticket of the queue be found without walking past all others."""
    op.add_column(
        "ticket_order",
        sa.Column("internal", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE ticket_order SET internal = true WHERE ticket_id IN"
        " (SELECT id FROM ticket WHERE tier = 'internal')"
    )
    with op.batch_alter_table("ticket_order") as order:
        order.alter_column("internal", server_default=None)
    for mode in ("normal", "hard_choices"):
        op.create_index(
            f"order_internal_{mode}",
            "ticket_order",
            ["assignee", f"{mode}_key"],
            unique=False,
            sqlite_where=sa.text("internal"),
            postgresql_where=sa.text("internal"),
        )


def _free_the_history() -> None:
    """Let the history name tickets that are no more, and say of which action a change was part."""
    with op.batch_alter_table("event", naming_convention=_FOREIGN_KEYS) as event:
        event.drop_constraint("event_ticket_id_fkey", type_="foreignkey")
        event.add_column(sa.Column("action", sa.Integer(), nullable=True))
        event.add_column(sa.Column("undoes", sa.Integer(), nullable=True))
    op.create_index("event_action", "event", ["action", "id"], unique=False)
    op.create_index(
        "event_escalation",
        "event",
        ["at"],
        unique=False,
        sqlite_where=sa.text("kind IN ('escalated', 'can_wait')"),
        postgresql_where=sa.text("kind IN ('escalated', 'can_wait')"),
    )


def _create_time_entries() -> None:
    op.create_table(
        "time_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "time_entry_running",
        "time_entry",
        ["login"],
        unique=True,
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_index("time_entry_login", "time_entry", ["login", "started_at"], unique=False)
    op.create_index("time_entry_started", "time_entry", ["started_at"], unique=False)
