"""Takes every figure in one run and prints them as a Markdown table: ``python -m bench``."""

import argparse
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import through_desk, through_terminal
from bench.importing import import_all
from bench.report import Row, table

SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Measure what the command line asks for and print it."""
    wanted = _arguments()
    with TemporaryDirectory(prefix="numberone-bench-") as folder:
        rows = _measure(Path(folder), wanted.sizes, wanted.rounds)
        filled = through_desk.demonstration(Path(folder), wanted.rounds)
    machine = (
        f"{platform.system()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    )
    print(f"{machine}; 1-minute load {os.getloadavg()[0]:.1f} at the end.\n")
    print(table(rows, wanted.sizes))
    print(f"\nFilling the demonstration's database takes {filled:,.0f} ms.")


def _measure(folder: Path, sizes: Sequence[int], rounds: int) -> list[Row]:
    few = max(1, rounds // 5)
    databases, imports = import_all(folder, sizes, few)
    return [
        *through_desk.changes(databases, rounds * 10),
        *through_terminal.keys(databases, rounds),
        *through_terminal.start(databases, rounds),
        *imports,
        *through_desk.searches(databases, rounds),
        *through_desk.policies(databases, few),
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="how often each figure is taken")
    parser.add_argument(
        "--sizes",
        type=lambda text: tuple(int(size) for size in text.split(",")),
        default=SIZES,
        help="how many open tickets, the fewest first: 1000,10000,100000",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
