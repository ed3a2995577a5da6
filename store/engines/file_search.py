"""Whether the index of a file's full-text search is that of the texts it is made from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

TOKENS: Final = "tokenize = 'unicode61 remove_diacritics 0'"
"""How texts are cut into words; they come folded, so FTS5's own folding stays off."""

_COPIED: Final = ("data", "idx", "docsize")
"""The tables behind the search that are its index; the fourth has the texts."""

_CHECK: Final = "INSERT INTO checked_search (checked_search, rank) VALUES ('integrity-check', 1)"


def is_sound(connection: Connection) -> bool:
    """Return whether every word of every text is in the index, and nothing else.

    FTS5 looks only at a table that it may write. So it looks at a copy of the index, in a place
    that is this connection's own and goes with it, over the texts as they are: nobody waits, and a
    file that can only be read is looked at as well.

    Raises:
        DBAPIError: the file cannot be read.
    """
    with _taken_back(connection):
        try:
            connection.exec_driver_sql(
                "CREATE TEMP VIEW checked_texts AS"
                " SELECT id, c0 AS document FROM main.ticket_search_content"
            )
            connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE temp.checked_search USING fts5"
                f"(document, content = 'checked_texts', content_rowid = 'id', {TOKENS})"
            )
            for name in _COPIED:
                copy = f"temp.checked_search_{name}"
                connection.exec_driver_sql(f"DELETE FROM {copy}")  # noqa: S608 - our own names
                connection.exec_driver_sql(
                    f"INSERT INTO {copy} SELECT * FROM main.ticket_search_{name}"  # noqa: S608 - our own names
                )
            connection.exec_driver_sql(_CHECK)
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_CORRUPT"):
                return False
            raise
    return True


@contextmanager
def _taken_back(connection: Connection) -> Iterator[None]:
    """Leave nothing of what is made in the ``with``, and the transaction as it was."""
    connection.exec_driver_sql("SAVEPOINT checked_search")
    try:
        yield
    finally:
        connection.exec_driver_sql("ROLLBACK TO checked_search")
        connection.exec_driver_sql("RELEASE checked_search")
