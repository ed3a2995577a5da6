"""What both engines do in the same words: insert-or-update, and long results piece by piece."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import Insert
from sqlmodel import SQLModel


@cache
def _insert(engine: str) -> Any:
    """Return what makes the inserts of an engine; a file need not wait for a server's to come."""
    if engine == "sqlite":
        return sqlite.insert
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - as above

    return postgresql.insert


def put_into(connection: Connection, table: type[SQLModel], key: str, *columns: str) -> Insert:
    """Return the insert that gives ``columns`` new values where a row of this key is there."""
    return _put(connection.dialect.name, table, key, columns)


def add_into(connection: Connection, table: type[SQLModel], key: str, column: str) -> Insert:
    """Return the insert that adds to ``column`` where a row of this key is there already."""
    return _add(connection.dialect.name, table, key, column)


def new_into(connection: Connection, table: type[SQLModel]) -> Insert:
    """Return the insert that does nothing where a unique key of the row is taken already."""
    return _new(connection.dialect.name, table)


@cache
def _put(engine: str, table: type[SQLModel], key: str, columns: tuple[str, ...]) -> Insert:
    new = _insert(engine)(table)
    put: Insert = new.on_conflict_do_update(
        index_elements=[key], set_={column: new.excluded[column] for column in columns}
    )
    return put


@cache
def _add(engine: str, table: type[SQLModel], key: str, column: str) -> Insert:
    new = _insert(engine)(table)
    summed = getattr(table, column) + new.excluded[column]
    add: Insert = new.on_conflict_do_update(index_elements=[key], set_={column: summed})
    return add


@cache
def _new(engine: str, table: type[SQLModel]) -> Insert:
    new: Insert = _insert(engine)(table).on_conflict_do_nothing()
    return new


def spellings(
    connection: Connection, column: Any, means: Callable[[str], bool] = lambda _: True
) -> list[str]:
    """Return which of the names that stand in a column mean what is looked for, or all of them.

    The column is the first of an index: each name there is looked up once, however many rows
    have it.
    """
    return [name for name in connection.scalars(_distinct(column)) if means(name)]


@cache
def _distinct(column: Any) -> Select[Any]:
    """Return the query for the different values of an indexed column, each found from the last."""
    first = select(func.min(column).label("name")).where(column.is_not(None))
    names = first.cte("names", recursive=True)
    following = select(func.min(column)).where(column > names.c.name).scalar_subquery()
    names = names.union_all(select(following).where(names.c.name.is_not(None)))
    return select(names.c.name).where(names.c.name.is_not(None))


AT_ONCE: Final = 500
"""How many rows a piece has."""


@contextmanager
def streamed(connection: Connection, query: Select[Any]) -> Iterator[Iterator[Sequence[Row[Any]]]]:
    """Give the rows of a query in pieces, to be read inside the ``with``, at whose end it stops."""
    with connection.execute(query, execution_options={"yield_per": AT_ONCE}) as rows:
        yield rows.partitions()
