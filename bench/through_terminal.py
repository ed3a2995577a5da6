"""What a person at the board waits for: its start, each key, and what others changed."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack, closing
from functools import partial
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Final

from bench import empty_app
from bench.program import environment, numberone
from bench.report import Measure, Row, measured
from bench.terminal import Terminal
from bench.tickets import NUMBER_ONE
from store.desk import Desk

_KEYS: Final = {"down": "\x1b[B", "page down": "\x1b[6~", "end": "\x1b[F", "home": "\x1b[H"}
"""Keys as a terminal sends them, in an order in which each changes the screen."""


def start(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return when the board shows the number one after its start, and an empty app its line."""
    empty = [sys.executable, empty_app.__file__]
    return measured(
        rounds,
        "ms",
        {
            "process start to the number one on the screen": {
                size: partial(_start, [numberone()], database, NUMBER_ONE)
                for size, database in databases.items()
            },
            "process start to an empty Textual app": {
                size: partial(_start, empty, database, empty_app.READY)
                for size, database in databases.items()
            },
        },
    )


def keys(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return when a key's first and last frame are written, from when it is pressed.

    The first shows the cursor where it belongs, the last all about the ticket under it. Before
    the keys of each round another program changes the number one, so that nothing the board has
    read before is of use; how long that takes to show is measured as well.
    """
    with ExitStack() as opened:
        boards = {size: _OpenBoard(opened, database) for size, database in databases.items()}
        measures: dict[str, dict[int, Measure]] = {
            "another program's change to the frame that shows it": {
                size: board.see_change for size, board in boards.items()
            }
        }
        for name, key in _KEYS.items():
            measures[f"{name}: key to first frame"] = {
                size: partial(board.press, key) for size, board in boards.items()
            }
            measures[f"{name}: key to finished frame"] = {
                size: board.finished for size, board in boards.items()
            }
        return measured(rounds, "ms", measures)


class _OpenBoard:
    """A board in a terminal, and another program's desk on the same database; gives ms."""

    def __init__(self, opened: ExitStack, database: Path) -> None:
        self._terminal = opened.enter_context(Terminal([numberone()], environment(database)))
        self._desk = opened.enter_context(closing(Desk.open(str(database), actor="bench")))
        self._logins = (f"bench-{number:04}" for number in count())
        self._finished = 0.0
        self._terminal.shown(NUMBER_ONE)
        self._terminal.frames()

    def see_change(self) -> float:
        """Assign the number one to somebody, and return when the board shows who."""
        number_one = self._desk.queue.overview().number_one
        if number_one is None:
            raise ValueError("the queue is empty")
        login = next(self._logins)
        started = perf_counter()
        self._desk.tickets.assign(number_one.id, login)
        shown = self._terminal.shown(login)
        self._terminal.frames()
        return (shown - started) * 1000

    def press(self, key: str) -> float:
        """Press a key and return when its first frame was written."""
        pressed = perf_counter()
        self._terminal.press(key)
        frames = self._terminal.frames()
        if not frames:
            raise TimeoutError(f"{key!r} changed nothing on the screen")
        self._finished = (frames[-1] - pressed) * 1000
        return (frames[0] - pressed) * 1000

    def finished(self) -> float:
        """Return when the last frame of the key pressed last was written."""
        return self._finished


def _start(command: list[str], database: Path, text: str) -> float:
    started = perf_counter()
    with Terminal(command, environment(database)) as terminal:
        return (terminal.shown(text) - started) * 1000
