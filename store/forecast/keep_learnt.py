"""Writes down what was learnt from the promises that came due."""

from sqlalchemy import Connection

from policy.waits.learning import Learnt
from store.engines.statements import put_into
from store.schema.promise_tables import LearntRow


def write_learnt(connection: Connection, learnt: Learnt) -> None:
    """Write down what was learnt; nothing where no promise has come due."""
    rows = [
        {"priority": priority, "correction": correction, "until": learnt.until}
        for priority, correction in learnt.corrections.items()
    ]
    if rows:
        connection.execute(put_into(connection, LearntRow, "priority", "correction", "until"), rows)
