"""How fast a file is taken in by the command line, beside its rows alone in raw sqlite3."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from bench.desks import tickets_file
from bench.floors.same_statements import raw
from bench.processes import MEBIBYTE
from bench.program import environment, numberone
from bench.report import Goal, Row, milliseconds
from store.desk import Desk

_SEARCH: Final = "ticket_search"
_IN_A_TRANSACTION: Final = 1_000
"""Of how many tickets the floor writes the rows in one transaction: as many as an import."""


def imports(data: Path, folder: Path, sizes: Sequence[int], rounds: int) -> list[Row]:
    """Return how long files are taken in, and the most memory that takes."""
    taken: dict[int, list[float]] = {size: [] for size in sizes}
    floors: dict[int, list[float]] = {size: [] for size in sizes}
    peaks: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(rounds):
        for size in sizes:
            figures, floor = _both(tickets_file(data, size), folder / str(size), size)
            taken[size].append(figures["seconds"])
            floors[size].append(floor)
            peaks[size].append(figures["peak"] / MEBIBYTE)
    return [
        Row(
            what="a file imported",
            unit="s",
            figures=taken,
            floor="the same rows by raw executemany",
            floors=floors,
            goals=(Goal(2, beside_floor=True, at=100_000),),
        ),
        Row(what="a file imported: most memory", unit="MiB", figures=peaks),
    ]


def _both(file: Path, folder: Path, size: int) -> tuple[Mapping[str, float], float]:
    """Return what the import of a file took, and for how many seconds its rows are written raw."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "raw").mkdir(parents=True)
    imported, empty = folder / "imported.db", folder / "raw" / "empty.db"
    figures = _import(file, imported)
    Desk.open(str(empty), actor="bench").close()
    return figures, _written_raw(imported, empty, transactions=-(-size // _IN_A_TRANSACTION))


def _import(file: Path, database: Path) -> Mapping[str, float]:
    command = [sys.executable, "-m", "bench.measured", numberone(), "import", str(file)]
    ended = subprocess.run(command, env=environment(database), check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return figures


def _written_raw(imported: Path, empty: Path, *, transactions: int) -> float:
    with closing(raw(imported)) as whole, closing(raw(empty)) as connection:
        tables = {name: _insert(whole, name) for name in _tables(whole)}
        rows = {name: whole.execute(read).fetchall() for name, (read, _) in tables.items()}
        for name in tables:
            connection.execute(f"DELETE FROM {name}")  # noqa: S608 - our own tables
        pieces = {name: _pieces(found, transactions) for name, found in rows.items()}

        def write() -> None:
            for number in range(transactions):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("PRAGMA defer_foreign_keys = ON")
                for name, (_, insert) in tables.items():
                    connection.executemany(insert, pieces[name][number])
                connection.execute("COMMIT")

        connection.execute("PRAGMA foreign_keys = OFF")  # what refers to later pieces is there soon
        return milliseconds(write) / 1000


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [
        name
        for (name,) in found
        if not name.startswith(("sqlite_", f"{_SEARCH}_")) and name != "alembic_version"
    ]


def _insert(connection: sqlite3.Connection, name: str) -> tuple[str, str]:
    """Return the statements that read all rows of a table, and that insert one."""
    columns = [each[1] for each in connection.execute(f"PRAGMA table_info({name})")]
    if name == _SEARCH:
        columns.insert(0, "rowid")
    signs = ", ".join("?" * len(columns))
    named = ", ".join(f'"{each}"' for each in columns)
    return (
        f"SELECT {named} FROM {name}",  # noqa: S608 - our own tables
        f"INSERT INTO {name} ({named}) VALUES ({signs})",  # noqa: S608 - the same
    )


def _pieces(rows: Sequence[Any], count: int) -> list[list[Any]]:
    each, left = -(-len(rows) // count), iter(rows)
    return [list(islice(left, each)) for _ in range(count)]
