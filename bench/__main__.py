"""Takes every figure beside its floor, in one run: ``python -m bench``.

It makes its own desks of made-up tickets, the same each time; with ``--data`` they stay for the
next run. The table is printed, and ``--write`` puts it into docs/performance.md.
"""

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench import page
from bench.desks import copied, made
from bench.report import Row, growth, table
from bench.rows.beside_taskwarrior import beside_taskwarrior
from bench.rows.busy import busy
from bench.rows.changes import changes
from bench.rows.foreseen import foreseen
from bench.rows.imports import imports
from bench.rows.keys import keys
from bench.rows.policies import policies
from bench.rows.searches import searches
from bench.rows.start import commands, start
from bench.team import WAITING

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
_IMPORTED: Final = 100_000
"""The largest file that is imported again and again."""

_BUSY_SECONDS: Final = 60.0


def main() -> None:
    """Measure what the command line asks for and print it."""
    wanted = _arguments()
    with TemporaryDirectory(prefix="numberone-bench-", dir=wanted.folder) as folder:
        work = Path(folder)
        rows: list[Row] = []
        for more in _measure(wanted, work, wanted.data or work / "desks"):
            rows += more
            if wanted.write:  # what was taken is kept, whatever comes of the rest
                page.write(f"{_said(rows, wanted)}\n\n{growth(rows, wanted.sizes)}")
    print(_said(rows, wanted))


def _said(rows: Sequence[Row], wanted: argparse.Namespace) -> str:
    machine = (
        f"{platform.system()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    )
    load = f"{wanted.rounds} rounds; 1-minute load {os.getloadavg()[0]:.1f} at the end"
    return f"{machine}; {load}.\n\n{table(rows, wanted.sizes)}"


def _measure(wanted: argparse.Namespace, work: Path, data: Path) -> Iterable[Sequence[Row]]:
    """Yield the rows of the subjects that are wanted, each on copies of its own."""
    sizes, rounds = wanted.sizes, wanted.rounds
    desks = made(data, sizes)
    some, few, largest = max(1, rounds // 3), max(1, rounds // 5), sizes[-1]

    def own(name: str) -> dict[int, Path]:
        return {size: copied(desks[size], work / name / str(size)) for size in sizes}

    subjects: dict[str, Callable[[], Sequence[Row]]] = {
        "start": lambda: start(own("start"), rounds),
        "commands": lambda: commands(own("commands"), rounds),
        "keys": lambda: keys(own("keys"), some),
        "busy": lambda: busy({largest: own("busy")[largest]}, _BUSY_SECONDS),
        "changes": lambda: changes(desks, work / "changes", rounds),
        "searches": lambda: searches(own("searches"), some),
        "imports": lambda: imports(
            data, work / "imports", [size for size in sizes if size <= _IMPORTED], few
        ),
        "policies": lambda: policies(own("policies"), few),
        "foreseen": lambda: foreseen(made(data, (WAITING,))[WAITING], work / "foreseen", rounds),
        "taskwarrior": lambda: beside_taskwarrior(data, work / "tasks", sizes, few),
    }
    for name, measure in subjects.items():
        if name in wanted.only or not wanted.only:
            sys.stderr.write(f"{name} …\n")
            yield measure()
            shutil.rmtree(work / name, ignore_errors=True)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(size) for size in text.split(","))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each figure is taken")
    parser.add_argument(
        "--sizes",
        type=_sizes,
        default=SIZES,
        help="how many open tickets, the fewest first: 1000,10000,100000,1000000",
    )
    parser.add_argument("--only", nargs="*", default=(), help="these subjects alone: start keys …")
    parser.add_argument("--data", type=Path, help="where the desks lie, and stay")
    parser.add_argument("--folder", type=Path, help="where copies are made; else the system's")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
