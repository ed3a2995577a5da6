"""Copies the tables of a server's database, at whatever schema they are, to an SQLite file."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    TableClause,
    Text,
    cast,
    column,
    delete,
    insert,
    inspect,
    select,
    text,
    tuple_,
)
from sqlalchemy import table as clause_of

from policy.refusal import Refusal
from store.engines.kind import DatabaseKind
from store.engines.sqlite import SQLite
from store.engines.statements import streamed
from store.migrations.upgrade import upgrade

_MADE_ANEW: Final = frozenset({"alembic_version", "ticket_search"})
"""The copy's own schema, and what a restored copy finds tickets by."""

_OWNED: Final = text(
    "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('alembic_version')"
)
_NAME: Final = text("SELECT current_database(), current_schema()")


def is_our_own(connection: Connection) -> bool:
    """Return whether our login may change the tables, as only their owner may."""
    return bool(connection.scalar(_OWNED))


def database_name(connection: Connection) -> str:
    """Return what tells the database from others on this person's machine, as a file's name."""
    said = connection.engine.url
    database, schema = connection.execute(_NAME).one()
    places = (str(said.host or said.query.get("host", "")), str(said.port or ""), database, schema)
    return quote("-".join(each for each in places if each), safe="")


def copy_server(
    connection: Connection, kind: DatabaseKind, path: Path, schema: str
) -> Mapping[str, int]:
    """Copy all rows as of one instant to an empty file, and return how many each table has.

    The full-text index is not copied: whoever restores the file makes it anew.

    Raises:
        Refusal: what the file has is not what the server has.
    """
    with ExitStack() as stack:
        # Of one instant, which the transaction that changes the schema does not read at.
        source = stack.enter_context(connection.engine.connect())
        stack.enter_context(source.begin())
        kind.take_long(source)
        target = stack.enter_context(_new_file(path, schema))
        theirs, ours = _tables(source), _tables(target)
        for table in reversed(theirs):
            target.execute(delete(table))
        counted = {}
        for table in theirs:
            own = next(each for each in ours if each.name == table.name)
            count = _copy_rows(source, target, table, own)
            if count is None:
                raise Refusal(f"{path}: the backup of {table.name} is not what the server has")
            counted[table.name] = count
    return counted


@contextmanager
def _new_file(path: Path, schema: str) -> Iterator[Connection]:
    """Give a connection to a file at a schema, as one transaction."""
    kind = SQLite(str(path))
    engine = kind.engine()
    try:
        with engine.connect() as plain:
            target = plain.execution_options(writes=True)
            with target.begin():
                upgrade(target, kind, schema)
                yield target
    finally:
        engine.dispose()
    with closing(sqlite3.connect(path, isolation_level=None)) as whole:
        whole.execute("PRAGMA journal_mode = DELETE").close()  # one file, with none beside it


def _tables(connection: Connection) -> list[Table]:
    """Return the tables as the database has them, each after those that it refers to."""
    wanted = set(inspect(connection).get_table_names()) - _MADE_ANEW
    tables = MetaData()
    tables.reflect(
        connection, only=[name for name in wanted if not name.startswith("ticket_search")]
    )
    return tables.sorted_tables


def _copy_rows(source: Connection, target: Connection, table: Table, own: Table) -> int | None:
    """Copy a table, and return how many rows it has; None where one does not read back as it is."""
    count = 0
    with streamed(source, select(*map(_as_it_is_kept, table.columns))) as pieces:
        for some in pieces:
            rows = [row._asdict() for row in some]
            target.execute(insert(_taking_json_as_text(own)), rows)
            if not _reads_back(target, own, rows):
                return None
            count += len(rows)
    return count


def _taking_json_as_text(table: Table) -> TableClause:
    """Return a table to write the text of JSON into."""
    return clause_of(
        table.name,
        *(
            column(each.name, Text() if isinstance(each.type, JSON) else each.type)
            for each in table.columns
        ),
    )


def _as_it_is_kept(kept: Column[Any]) -> ColumnElement[Any]:
    """Return a column's value, of JSON the text of it: an empty one is another than its null."""
    return cast(kept, Text).label(kept.name) if isinstance(kept.type, JSON) else kept


def _reads_back(target: Connection, own: Table, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether each of some rows is in a table as it is."""
    keys = [each.name for each in own.primary_key]
    wanted = {tuple(row[key] for key in keys): row for row in rows}
    query = select(*map(_as_it_is_kept, own.columns)).where(
        tuple_(*own.primary_key).in_(list(wanted))
    )
    read = [row._asdict() for row in target.execute(query)]
    return len(read) == len(wanted) and all(
        _is_same(value, wanted[tuple(row[key] for key in keys)][name])
        for row in read
        for name, value in row.items()
    )


def _is_same(ours: object, theirs: object) -> bool:
    """Return whether a value is the other, as text where the file keeps that as a number."""
    return ours == theirs or (type(ours) is not type(theirs) and str(ours) == str(theirs))
