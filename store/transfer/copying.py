"""Copies of a whole database: one SQLite file that has everything, from either engine.

A copy is made as of one instant while others go on writing. It gets its name only when it is
whole, so that a power cut or a full disk never leaves half of one.
"""

import os
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from policy.refusal import Refusal
from store.database import Database
from store.engines.kind import DatabaseKind
from store.engines.statements import streamed
from store.file_access import make_file
from store.queue.search_documents import put_all_documents
from store.schema.tables import TicketRow

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is, in rows or in pages."""

_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite may keep beside a file, by the endings of its name."""


def tables() -> list[Table]:
    """Return every table but the search's, each after those that it refers to."""
    return TicketRow.metadata.sorted_tables


def copy_database(source: Database, path: Path, progress: Progress | None = None) -> None:
    """Make ``path`` an SQLite file with all that ``source`` has at this instant, search included.

    What was there is replaced, in one step at the end.

    Raises:
        Refusal: the file cannot be written, or the source does not answer; then what was there
            is as it was.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        remove_file(unfinished)
        make_file(unfinished)
        with source.read() as connection:
            source.kind.take_long(connection)
            if not source.kind.copy_to_file(connection, unfinished, progress):
                _copy_to_new(connection, unfinished, progress)
        _put_in_place(unfinished, path)
    except OSError as error:
        raise Refusal(f"{path}: cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            remove_file(unfinished)


def replace_all(
    source: Connection, target: Connection, kind: DatabaseKind, progress: Progress | None = None
) -> None:
    """Make all that the target has, of either engine, what the source has; both are at one schema.

    ``kind`` is the target's.
    """
    kind.take_long(target)
    for table in reversed(tables()):
        target.execute(delete(table))
    target.execute(text("DELETE FROM ticket_search"))
    _copy_tables(source, target, progress)
    mend_numbering(target, kind)
    put_all_documents(target, kind)


def mend_numbering(connection: Connection, kind: DatabaseKind) -> None:
    """See to it that rows to come get numbers that none of those that were brought has."""
    numbered = [table.name for table in tables() if table.autoincrement_column is not None]
    kind.mend_numbering(connection, numbered)


def remove_file(path: Path) -> None:
    """Remove a database file, with what SQLite keeps beside it, where there is one."""
    for ending in _BESIDE:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _copy_to_new(source: Connection, path: Path, progress: Progress | None) -> None:
    with closing(Database(str(path))) as database, database.write() as target:
        replace_all(source, target, database.kind, progress)


def _copy_tables(source: Connection, target: Connection, progress: Progress | None) -> None:
    total = sum(source.scalar(select(func.count()).select_from(each)) or 0 for each in tables())
    done = 0
    for table in tables():
        with streamed(source, select(table).order_by(*table.primary_key)) as pieces:
            for some in pieces:
                target.execute(insert(table), [row._asdict() for row in some])
                done += len(some)
                if progress is not None:
                    progress(done, total)


def _put_in_place(unfinished: Path, path: Path) -> None:
    """Write the file to the disk for good, then give it its name."""
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    for ending in _BESIDE[1:]:  # an old file's journal is not the new one's
        path.with_name(path.name + ending).unlink(missing_ok=True)
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
