"""Insert-or-update, which both engines have in the same words but SQLAlchemy spells for each."""

from functools import cache
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert
from sqlmodel import SQLModel

_INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def put_into(connection: Connection, table: type[SQLModel], key: str, column: str) -> Insert:
    """Return the insert that gives ``column`` its new value where a row of this key is there."""
    return _put(connection.dialect.name, table, key, column)


def add_into(connection: Connection, table: type[SQLModel], key: str, column: str) -> Insert:
    """Return the insert that adds to ``column`` where a row of this key is there already."""
    return _add(connection.dialect.name, table, key, column)


def new_into(connection: Connection, table: type[SQLModel]) -> Insert:
    """Return the insert that does nothing where a unique key of the row is taken already."""
    return _new(connection.dialect.name, table)


@cache
def _put(engine: str, table: type[SQLModel], key: str, column: str) -> Insert:
    new = _INSERTS[engine](table)
    put: Insert = new.on_conflict_do_update(
        index_elements=[key], set_={column: new.excluded[column]}
    )
    return put


@cache
def _add(engine: str, table: type[SQLModel], key: str, column: str) -> Insert:
    new = _INSERTS[engine](table)
    summed = getattr(table, column) + new.excluded[column]
    add: Insert = new.on_conflict_do_update(index_elements=[key], set_={column: summed})
    return add


@cache
def _new(engine: str, table: type[SQLModel]) -> Insert:
    new: Insert = _INSERTS[engine](table).on_conflict_do_nothing()
    return new
