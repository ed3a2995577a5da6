"""Who is at which ticket of an SQLite file: a small file beside it, never in it.

What is written into the database itself would have every board read the desk anew. The small file
is there while somebody is at a ticket, and may be lost at any time: each board says again where it
is. Whose it is, is as for the database.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import time
from typing import Final

from store.file_access import make_file
from store.presence import GONE_AFTER, AtTicket, Company, at_ticket

_SUFFIX: Final = "-presence"
_PATIENCE: Final = 0.05
_AT_MOST: Final = 500
_LAYOUT: Final = (
    "CREATE TABLE IF NOT EXISTS at_ticket"
    " (board TEXT PRIMARY KEY, ticket INTEGER, login TEXT, doing TEXT, at REAL)"
)
_PUT: Final = "INSERT OR REPLACE INTO at_ticket VALUES (?, ?, ?, ?, ?)"
_DROP: Final = "DELETE FROM at_ticket WHERE board = ? OR abs(at - ?) > ?"
_ALL: Final = "SELECT board, ticket, login, doing, at FROM at_ticket LIMIT ?"


class PresenceFile:
    """Says where this board is, and reads where others are, beside the database at a path."""

    def __init__(self, database: Path) -> None:
        self._file = Path(f"{os.path.realpath(database)}{_SUFFIX}")
        self._company = Company()
        self._is_there = False
        self._read_as: object = None
        self._may_write = True

    def company(self, at: AtTicket | None, login: str) -> tuple[AtTicket, ...]:
        """Say where this board is, where that is due, and return who else is where."""
        now = time()
        if self._may_write and self._company.is_due(at, now):
            self._say(at, now)
        self._read()
        return self._company.others(login, now)

    def close(self) -> None:
        """Be nowhere any more."""
        if self._is_there:
            self._say(None, time())

    def _say(self, at: AtTicket | None, now: float) -> None:
        try:
            if at is None and not self._file.exists():
                self._company.said(None, now)
                return
            make_file(self._file)
            with self._opened() as connection:
                connection.execute(_LAYOUT)
                connection.execute(_DROP, (self._company.board, now, GONE_AFTER))
                if at is not None:
                    row = (self._company.board, at.ticket, at.login, at.doing, now)
                    connection.execute(_PUT, row)
                is_empty = connection.execute(_ALL, (1,)).fetchone() is None
        except sqlite3.OperationalError:  # others write: the next look tries again
            return
        except sqlite3.DatabaseError:  # whoever wrote it was ended in the middle
            with suppress(OSError):
                self._file.unlink()
            return
        except OSError:  # where no file can be made nobody is told
            self._may_write = False
            return
        if is_empty:
            with suppress(OSError):
                self._file.unlink()
        self._is_there = at is not None
        self._company.said(at, now)

    def _read(self) -> None:
        """Read where others are, if anybody has said so since it was read."""
        try:
            found = self._file.stat()
            as_it_is = found.st_ino, found.st_mtime_ns
            if as_it_is == self._read_as or not found.st_size:
                return
            with self._opened() as connection:
                rows = connection.execute(_ALL, (_AT_MOST,)).fetchall()
        except FileNotFoundError:  # nobody is anywhere
            self._read_as = None
            self._company.hear_all({})
            return
        except (OSError, sqlite3.Error):
            return
        self._read_as = as_it_is
        said = (
            (str(board), at, at_ticket({"ticket": ticket, "login": login, "doing": doing}))
            for board, ticket, login, doing, at in rows
        )
        self._company.hear_all(
            {board: (at, there) for board, at, there in said if there and isinstance(at, float)}
        )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Give a connection, in one transaction that leaves no journal and waits for no disk."""
        with closing(sqlite3.connect(self._file, timeout=_PATIENCE)) as connection:
            connection.execute("PRAGMA journal_mode = MEMORY").close()
            connection.execute("PRAGMA synchronous = OFF").close()
            with connection:
                yield connection
