"""How a connection to an SQLite file is set up, what it keeps while it writes, and gives back."""

import sqlite3
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS: Final = 60
"""How long a writer waits for another: undoing a new policy ranks all in one transaction."""

_ASK_AGAIN_AFTER: Final = 0.01
"""How many seconds to wait for another process that makes a new file's journal."""

_OF_A_READER: Final = -2000
_OF_A_WRITER: Final = -32000
"""How many kibibytes of the file's pages a connection keeps, negative as SQLite wants them.

A board has several that read here and there, and whose pages the system keeps as well; an import
or another policy writes all over a large file, and what it has changed would be written twice.
"""

_PRAGMAS: Final = (
    "synchronous = FULL",  # what is said to be done is on the disk, whatever happens next
    "foreign_keys = ON",
    f"cache_size = {_OF_A_READER}",
    "wal_autocheckpoint = 4000",  # pages, so that an import seldom waits for the disk
)
_EMPTY_OR_OURS: Final = (
    "SELECT NOT EXISTS (SELECT 1 FROM sqlite_master)"
    " OR EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'ticket_order')"
)

_WRITES: Final = "writes"


def set_up(connection: sqlite3.Connection, _record: Any) -> None:
    """Several processes (WAL), true foreign keys, and waiting rather than failing when busy."""
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}").close()
    (ours,) = connection.execute(_EMPTY_OR_OURS).fetchone()
    if ours:  # what another program made stays as it is
        _use_wal(connection)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _use_wal(connection: sqlite3.Connection) -> None:
    """Keep a journal that readers need not wait for.

    When several processes make a new file's journal at once, SQLite sends some away at once
    instead of letting them wait; they ask again.
    """
    patience = monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > patience:
                raise
            sleep(_ASK_AGAIN_AFTER)
        else:
            return


def keep_more(connection: Connection) -> None:
    """Let a connection that begins to write keep more of the file, until it is given back."""
    connection.exec_driver_sql(f"PRAGMA cache_size = {_OF_A_WRITER}")
    connection.info[_WRITES] = True


def give_back(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
    """Free what a writer kept of the file, when it is done."""
    if record.info.pop(_WRITES, False) and connection is not None:
        connection.execute(f"PRAGMA cache_size = {_OF_A_READER}").close()
