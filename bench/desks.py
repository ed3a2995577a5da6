"""The made-up desks that all is measured on: made once for each size, and copied to be changed."""

import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from bench.program import environment, numberone
from bench.tickets import write_tickets


def made(folder: Path, sizes: Sequence[int]) -> Mapping[int, Path]:
    """Return a database with so many open tickets for each size; what lies there is used again."""
    folder.mkdir(parents=True, exist_ok=True)
    return {size: _made(folder, size) for size in sizes}


def copied(database: Path, folder: Path) -> Path:
    """Return a copy of a database, alone in a new folder."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / database.name
    shutil.copyfile(database, copy)
    return copy


def tickets_file(folder: Path, size: int) -> Path:
    """Return the file that the desk of a size was made from."""
    file = folder / f"{size}.jsonl"
    if not file.exists():
        write_tickets(file, size)
    return file


def _made(folder: Path, size: int) -> Path:
    database, file = folder / f"{size}.db", tickets_file(folder, size)
    if not database.exists():
        begun = folder / f"{size}.begun.db"
        subprocess.run(
            [numberone(), "import", str(file)],
            env=environment(begun),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with closing(sqlite3.connect(begun)) as connection:  # a copy is of one file
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        begun.replace(database)
    return database
