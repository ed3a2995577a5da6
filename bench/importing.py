"""How fast a file is taken in by the command line, and how much memory that takes."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.program import environment, numberone
from bench.report import Row
from bench.tickets import write_tickets

_MEBIBYTE = 1024 * 1024


def import_all(
    folder: Path, sizes: Sequence[int], rounds: int
) -> tuple[dict[int, Path], list[Row]]:
    """Return a database for each size, and the figures of making them ``rounds`` times."""
    files = {size: folder / f"{size}.jsonl" for size in sizes}
    for size, file in files.items():
        write_tickets(file, size)
    rates: dict[int, list[float]] = {size: [] for size in sizes}
    peaks: dict[int, list[float]] = {size: [] for size in sizes}
    databases: dict[int, Path] = {}
    for number in range(rounds):
        for size in sizes:
            databases[size] = folder / f"{size}-{number}.db"
            figures = _import(files[size], databases[size])
            rates[size].append(size / figures["seconds"])
            peaks[size].append(figures["peak"] / _MEBIBYTE)
    rows = [
        Row("import a file: rate", "tickets/s", rates),
        Row("import a file: peak memory", "MiB", peaks),
    ]
    return databases, rows


def _import(file: Path, database: Path) -> Mapping[str, float]:
    command = [sys.executable, "-m", "bench.measured", numberone(), "import", str(file)]
    ended = subprocess.run(command, env=environment(database), check=True, stdout=subprocess.PIPE)
    figures: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return figures
