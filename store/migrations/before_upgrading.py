"""A backup before the schema changes: verified, and the last three are kept."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, inspect, select, table

from policy.refusal import Refusal
from store.engines.kind import DatabaseKind
from store.file_access import OWNERS_FOLDER, make_file
from store.migrations.copying_server import copy_server, database_name, is_our_own

KEPT: Final = 3
"""How many such backups of one database are kept."""


def back_up(
    connection: Connection, kind: DatabaseKind, schema: str, folder: Path | None
) -> Path | None:
    """Copy a database as it is at ``schema`` to a file, and return where.

    That of a file lies beside it, that of a server's database in ``folder``; without one, or where
    our login does not own the tables and so cannot change them, there is none. The connection is in
    the transaction that will change the schema, so that nobody writes to a file meanwhile.

    Raises:
        Refusal: the copy cannot be made, or is not what was copied; it is removed then, and the
            schema stays as it is.
    """
    made = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z"
    if kind.file is not None:
        path = kind.file.with_name(f"{kind.file.name}.schema-{schema}.{made}.backup")
    elif folder is None or not is_our_own(connection):
        return None
    else:
        path = folder / f"{database_name(connection)}.schema-{schema}.{made}.backup"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=OWNERS_FOLDER)
        make_file(path)
        if kind.file is not None:
            _copy(kind.file, path)
            _verify(path, _rows(connection))
        else:
            _verify(path, copy_server(connection, kind, path, schema))
    except OSError as error:
        raise Refusal(f"{path}: the backup cannot be made: {error.strerror}") from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    _remove_older(path)
    return path


def _copy(file: Path, path: Path) -> None:
    """Copy a file through a connection of its own: one that may write cannot be copied from.

    Raises:
        Refusal: that cannot be done.
    """
    try:
        with (
            closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(path, isolation_level=None)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE").close()  # one file, with none beside it
    except sqlite3.Error as error:
        raise Refusal(f"{path}: the backup cannot be made: {error}") from None


def _rows(connection: Connection) -> Mapping[str, int]:
    """Return how many rows each table has, by its name."""
    return {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in inspect(connection).get_table_names()
    }


def _verify(path: Path, rows: Mapping[str, int]) -> None:
    """See that a copy is whole and has as many rows as what was copied.

    Raises:
        Refusal: it is not, or has not.
    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copy:
            found = [line for (line,) in copy.execute("PRAGMA integrity_check")]
            counted = {
                name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - names of tables, not of people
                for name in rows
            }
    except sqlite3.Error as error:
        raise Refusal(f"{path}: the backup cannot be read back: {error}") from None
    if found != ["ok"]:
        raise Refusal(f"{path}: the backup is damaged: {found[0]}")
    if wrong := [name for name in rows if rows[name] != counted[name]]:
        raise Refusal(
            f"{path}: the backup has {counted[wrong[0]]} rows of {wrong[0]}, not {rows[wrong[0]]}"
        )


def _remove_older(path: Path) -> None:
    """Remove all but the last backups of the same database; one that cannot be is let be."""
    of_what = path.name.rsplit(".schema-", 1)[0]
    backups = path.parent.glob(f"{_literal(of_what)}.schema-*.backup")
    for older in sorted(backups, key=lambda each: each.name.rsplit(".", 2)[1])[:-KEPT]:
        with suppress(OSError):
            older.unlink()


def _literal(name: str) -> str:
    """Return a file's name as a pattern that only it matches."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
