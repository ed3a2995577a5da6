"""A database as the version before left it, with customers who wait in no list."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

_NEW_SINCE = {
    "ticket": (
        "last_response_at",
        "last_customer_message_at",
        "settled_at",
        "solved_at",
        "continued_in",
        "internal",
        "facts",
        "resolve_by",
        "update_by",
        "paused",
    ),
    "time_off": ("starts_with_day", "ends_with_day"),
    "queue_count": ("owed",),
    "event": ("entered_by", "hash"),
    "notice": ("expect_by", "promised"),
    "notice_ticket": ("answered_at", "ended_at"),
}
"""What schemas 5 to 11 added to tables that there were."""

_NEW_INDEXES = (
    *("customer_plain_name", "ticket_solved", "ticket_merged", "order_block_tickets"),
    *("ticket_tier", "ticket_priority", "ticket_severity"),
)
_NEW_TABLES = (
    *("message_text", "message", "draft", "outgoing_step", "connection", "present_writer"),
    *("common_value", "staffed_work", "pick_up", "duration", "learnt"),
)
"""The tables that schemas 9 and 11 added."""


def made_older(path: Path, hidden: Sequence[int]) -> Path:
    """Take away what came after schema 4, and park tickets as it did: out of the queue."""
    with closing(sqlite3.connect(path)) as database:
        for index in _NEW_INDEXES:
            database.execute(f"DROP INDEX {index}")
        for table in _NEW_TABLES:
            database.execute(f"DROP TABLE {table}")
        for table, columns in _NEW_SINCE.items():
            for column in columns:
                database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        for number in hidden:
            database.execute("UPDATE ticket SET status = 'pending' WHERE id = ?", [number])
            database.execute("DELETE FROM ticket_order WHERE ticket_id = ?", [number])
        database.execute("UPDATE alembic_version SET version_num = '0004'")
        database.commit()
    return path
