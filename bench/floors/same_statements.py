"""The statements that the program ran, once more in raw sqlite3, on a copy of its database."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

_WRITES: Final = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass(frozen=True, slots=True)
class Statement:
    """One call of the driver: its text, and its parameters, of one row or of ``many``."""

    text: str
    parameters: Any
    many: bool


class _Cursor(sqlite3.Cursor):
    """Writes down what it runs."""

    def execute(self, sql: str, parameters: Any = ()) -> "_Cursor":
        _written_down.append(Statement(sql, parameters, many=False))
        super().execute(sql, parameters)
        return self

    def executemany(self, sql: str, parameters: Any) -> "_Cursor":
        rows = list(parameters)
        _written_down.append(Statement(sql, rows, many=True))
        super().executemany(sql, rows)
        return self


class _Connection(sqlite3.Connection):
    """Writes down what it runs, and where its transactions end."""

    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:
        cursor: sqlite3.Cursor = self.cursor()
        return cursor.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> sqlite3.Cursor:
        cursor: sqlite3.Cursor = self.cursor()
        return cursor.executemany(sql, parameters)

    def commit(self) -> None:
        if self.in_transaction:
            _written_down.append(Statement("COMMIT", (), many=False))
        super().commit()

    def rollback(self) -> None:
        if self.in_transaction:
            _written_down.append(Statement("ROLLBACK", (), many=False))
        super().rollback()


_written_down: list[Statement] = []


@contextmanager
def written_down() -> Iterator[list[Statement]]:
    """Give what connections opened inside the ``with`` have run since it was emptied last."""
    ordinary = sqlite3.dbapi2.connect
    recording: Any = partial(ordinary, factory=_Connection)
    sqlite3.dbapi2.connect = recording
    _written_down.clear()
    try:
        yield _written_down
    finally:
        sqlite3.dbapi2.connect = ordinary


def raw(database: Path) -> sqlite3.Connection:
    """Return a plain connection, set as the program's: a full sync at each commit."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def run_again(connection: sqlite3.Connection, statements: Sequence[Statement]) -> None:
    """Run statements, and read all that they give."""
    for each in statements:
        if each.many:
            connection.executemany(each.text, each.parameters)
        else:
            connection.execute(each.text, each.parameters).fetchall()
