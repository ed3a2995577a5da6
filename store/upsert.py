"""Insert-or-update, which both engines have in the same words but SQLAlchemy spells for each."""

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel


def insert_into(connection: Connection, table: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    """Return an insert for this connection's engine that knows ``on_conflict_do_update``."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
