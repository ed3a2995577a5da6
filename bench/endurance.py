"""A long shift in short: ``python -m bench.endurance DATABASE`` prints what a board holds by then.

Others change tickets while keys are pressed; memory, threads, handles and tasks are those after the
first thousand keys and at the end. It works on a copy.
"""

import argparse
import os
import signal
import sys
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from bench.desks import copied
from bench.others import CHANGE, others
from bench.processes import mebibytes, threads_and_handles
from bench.program import environment
from bench.terminal import Terminal
from bench.tickets import NUMBER_ONE
from bench.watched_board import TASKS

_KEYS: Final = ("j", "j", "j", "k", "\x1b[6~", "\x1b[5~", "\x1b[F", "\x1b[H", "2", "1", "w", "\x1b")
_FIRST: Final = 1_000
_PATIENCE: Final = 20.0


def main() -> None:
    """Press, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.endurance", description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--keys", type=int, default=5_000)
    parser.add_argument("--changes", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=50.0, help="changes a second")
    wanted = parser.parse_args()
    between = wanted.changes / wanted.rate / wanted.keys
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="numberone-bench-")))
        database, tasks = copied(wanted.database, folder), folder / "tasks"
        command = [sys.executable, "-m", "bench.watched_board"]
        board = opened.enter_context(
            Terminal(command, {**environment(database), TASKS: str(tasks)})
        )
        board.shown(NUMBER_ONE)
        board.quiet()
        with others(database, CHANGE, wanted.rate) as changing:
            for number, key in zip(range(wanted.keys), cycle(_KEYS), strict=False):
                if number == _FIRST:
                    _say(f"after {number:,} keys", board, tasks)
                board.press(key)
                _read_for(board, between)
        board.quiet()
        _say(f"after {wanted.keys:,} keys and {changing.times:,} changes", board, tasks)


def _read_for(board: Terminal, seconds: float) -> None:
    end = perf_counter() + seconds
    while (left := end - perf_counter()) > 0:
        board.read(left)


def _say(when: str, board: Terminal, tasks: Path) -> None:
    tasks.unlink(missing_ok=True)
    os.kill(board.process, signal.SIGUSR1)
    end = perf_counter() + _PATIENCE
    while not (tasks.exists() and tasks.read_text("utf-8").endswith("\n")):
        board.read(0.05)
        if perf_counter() > end:
            raise TimeoutError("the board does not say how many tasks it has")
    threads, handles = threads_and_handles(board.process)
    held, counted = mebibytes(board.process), tasks.read_text("utf-8").strip()
    print(
        f"{when}: {held:.1f} MiB, {threads} threads, {handles} handles, {counted} tasks",
        flush=True,
    )


if __name__ == "__main__":
    main()
