"""How long it takes until the number one is known: on the board, and from the command line."""

import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from bench.floors import empty_app, one_row
from bench.program import environment, numberone
from bench.report import Goal, Measures, Row, measured, milliseconds
from bench.terminal import Terminal
from bench.tickets import NUMBER_ONE

_COMMANDS: Final = {
    "numberone next": ["next"],
    "numberone show 1": ["show", "1"],
    "numberone list --limit 20": ["list", "--limit", "20"],
    "numberone next --json": ["next", "--json"],
}
_SECOND_ROW: Final = "2 p1"
"""What stands in the queue's second row, whatever its ticket is."""


def start(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return when the board shows the number one and the queue, beside an empty Textual app."""
    empty = [sys.executable, empty_app.__file__]
    board = Measures(
        what="start → the real number one and the queue",
        by_size={
            size: partial(_until, [numberone()], database, NUMBER_ONE, _SECOND_ROW)
            for size, database in databases.items()
        },
        floor="an empty Textual app",
        floors={
            size: partial(_until, empty, database, empty_app.READY)
            for size, database in databases.items()
        },
        goals=(Goal(2.0, beside_floor=True, aim=1.5),),
    )
    return measured(rounds, [board])


def commands(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return how long the commands that look take as processes, beside the least that one can."""
    return measured(
        rounds,
        [
            Measures(
                what=f"`{name}`",
                by_size={
                    size: partial(_run, [numberone(), *arguments], database)
                    for size, database in databases.items()
                },
                floor="Python + sqlite3 + click",
                floors={
                    size: partial(_run, [sys.executable, one_row.__file__, str(database)], database)
                    for size, database in databases.items()
                },
                goals=(Goal(5, beside_floor=True),),
            )
            for name, arguments in _COMMANDS.items()
        ],
    )


def _until(command: list[str], database: Path, *texts: str) -> float:
    with Terminal(command, environment(database)) as terminal:
        return (terminal.shown(*texts) - terminal.began) * 1000


def _run(command: list[str], database: Path) -> float:
    return milliseconds(
        lambda: subprocess.run(
            command, env=environment(database), check=True, stdout=subprocess.DEVNULL
        )
    )
