"""The least that ranking all again could be: every row of the order, copied into another table."""

from contextlib import closing
from pathlib import Path

from bench.floors.same_statements import raw
from bench.report import milliseconds

_STATEMENTS = (
    "BEGIN IMMEDIATE",
    "CREATE TABLE bench_side AS SELECT ticket_id, normal_key FROM ticket_order",
    "CREATE UNIQUE INDEX bench_side_key ON bench_side (normal_key)",
    "DROP TABLE bench_side",
    "COMMIT",
)


def rebuilt(database: Path) -> float:
    """Return for how many seconds a table of the queue's keys is made anew."""
    with closing(raw(database)) as connection:
        return milliseconds(lambda: [connection.execute(each) for each in _STATEMENTS]) / 1000
