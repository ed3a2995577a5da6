"""What a single pass has to remember, on disk: however long a file is, memory stays flat."""

import sqlite3
from collections.abc import Sequence
from types import TracebackType
from typing import Final, Self

from policy.refusal import Refusal

_TABLES: Final = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE seen (key BLOB PRIMARY KEY, line INTEGER) WITHOUT ROWID;
    CREATE TABLE winner (key BLOB PRIMARY KEY, line INTEGER, rank REAL, tie INTEGER) WITHOUT ROWID;
    CREATE TABLE kept (shelf TEXT, key BLOB, content TEXT, PRIMARY KEY (shelf, key));
    CREATE TABLE listed (shelf TEXT, key BLOB, content TEXT);
    CREATE INDEX listed_by_key ON listed (shelf, key);
"""


class Spill:
    """A temporary dictionary in a private, unnamed SQLite database that goes when it is closed.

    Small contents never touch the disk; large ones spill over into a file that has no name. Use
    it in one thread, in a ``with`` block. Every method raises Refusal when the disk is full.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLES)
        self._run("BEGIN")

    def __enter__(self) -> Self:
        """Open for the length of a ``with`` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget everything."""
        self.close()

    def close(self) -> None:
        """Forget everything and free the disk space."""
        self._database.close()

    def first_line(self, key: str, line: int) -> int | None:
        """Note that ``key`` stands in ``line``; give the line that had it before, or None."""
        fresh = self._run("INSERT OR IGNORE INTO seen VALUES (?, ?)", (_bytes(key), line))
        if fresh.rowcount:
            return None
        row = self._run("SELECT line FROM seen WHERE key = ?", (_bytes(key),)).fetchone()
        return int(row[0])

    def offer(self, key: str, line: int, rank: float, tie: int) -> None:
        """Let ``line`` win ``key`` unless a line offered earlier has a rank as high or higher.

        Between equal ranks the higher ``tie`` wins.
        """
        self._run(
            "INSERT INTO winner VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE "
            "SET line = excluded.line, rank = excluded.rank, tie = excluded.tie "
            "WHERE (excluded.rank, excluded.tie) > (rank, tie)",
            (_bytes(key), line, rank, tie),
        )

    def winning_line(self, key: str) -> int | None:
        """Give the line that won ``key``, or None when no line was offered for it."""
        row = self._run("SELECT line FROM winner WHERE key = ?", (_bytes(key),)).fetchone()
        return None if row is None else int(row[0])

    def put(self, shelf: str, key: str, content: str) -> None:
        """Keep a text under a key of a shelf; a later one replaces an earlier one."""
        self._run("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (shelf, _bytes(key), content))

    def get(self, shelf: str, key: str) -> str | None:
        """Give the text kept under a key of a shelf, or None."""
        wanted = (shelf, _bytes(key))
        row = self._run("SELECT content FROM kept WHERE shelf = ? AND key = ?", wanted).fetchone()
        return None if row is None else str(row[0])

    def add(self, shelf: str, key: str, content: str) -> None:
        """Add a text to the list that a shelf has under a key."""
        self._run("INSERT INTO listed VALUES (?, ?, ?)", (shelf, _bytes(key), content))

    def all(self, shelf: str, key: str) -> list[str]:
        """Give the list that a shelf has under a key, in the order it was added to."""
        wanted = (shelf, _bytes(key))
        rows = self._run(
            "SELECT content FROM listed WHERE shelf = ? AND key = ? ORDER BY rowid", wanted
        )
        return [str(row[0]) for row in rows]

    def _run(self, statement: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        try:
            return self._database.execute(statement, values)
        except sqlite3.OperationalError as error:
            raise Refusal(
                f"the temporary folder cannot hold what has to be noted: {error}"
            ) from None


def _bytes(key: str) -> bytes:
    """Give a key as bytes: a foreign text may hold surrogates, which SQLite takes in no text."""
    return key.encode("utf-8", "surrogatepass")
