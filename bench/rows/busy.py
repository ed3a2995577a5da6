"""Keys at a board while others change fifty tickets a second."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Final

from bench.others import CHANGE, others
from bench.program import environment, numberone
from bench.report import Goal, Row
from bench.terminal import Terminal
from bench.tickets import NUMBER_ONE

_A_SECOND: Final = 50
_BETWEEN: Final = 0.1
_PATIENCE: Final = 30.0
_MARK: Final = "▌".encode()
_PLACE: Final = re.compile(rb"\x1b\[(\d+);\d+H|" + _MARK)


def busy(databases: Mapping[int, Path], seconds: float) -> list[Row]:
    """Return how long after a key the cursor is where it belongs, while others change."""
    figures = dict[int, list[float]]()
    changed = dict[int, list[float]]()
    for size, database in databases.items():
        with ExitStack() as opened:
            board = opened.enter_context(Terminal([numberone()], environment(database)))
            board.shown(NUMBER_ONE)
            board.quiet()
            did = opened.enter_context(others(database, CHANGE, _A_SECOND))
            began = perf_counter()
            figures[size] = list(_pressed(board, seconds))
            took = perf_counter() - began
        changed[size] = [did.times / took]
    return [
        Row(
            what="a key while others change 50 a second → the cursor moved",
            unit="ms",
            figures=figures,
            goals=(Goal(50, what=max),),
        ),
        Row(what="changes a second that others made meanwhile", unit="", figures=changed),
    ]


def _pressed(board: Terminal, seconds: float) -> Iterator[float]:
    """Yield how long each key takes, down and up again, a tenth of a second between them."""
    cursor, end = _Cursor(board), perf_counter() + seconds
    row = cursor.moved("j", None)
    while perf_counter() < end:
        for key, lines in (("k", -1), ("j", 1)):
            cursor.rest()
            pressed = perf_counter()
            row += lines
            cursor.moved(key, row)
            yield (perf_counter() - pressed) * 1000


class _Cursor:
    """Where the mark before the cursor's row is drawn, of all that others' changes draw, too."""

    def __init__(self, board: Terminal) -> None:
        self._board = board
        self._unread = b""

    def moved(self, key: str, row: int | None) -> int:
        """Press a key, and return the row of the screen once the mark is drawn in it.

        In any other than before where ``row`` is None.
        """
        self._unread = b""
        self._board.press(key)
        while True:
            for drawn in self._drawn(self._board.read(_PATIENCE)):
                if row is None or drawn == row:
                    return drawn

    def rest(self) -> None:
        """Read what is drawn until the next key."""
        end = perf_counter() + _BETWEEN
        while (left := end - perf_counter()) > 0:
            self._board.read(left)

    def _drawn(self, piece: bytes) -> Iterator[int]:
        """Yield the rows in which a mark was drawn, as far as the bytes say so whole."""
        if not piece:
            raise TimeoutError("the cursor did not move")
        self._unread += piece
        place = 0
        for found in _PLACE.finditer(self._unread):
            if found[0] != _MARK:
                place = int(found[1])
            elif place:
                yield place
