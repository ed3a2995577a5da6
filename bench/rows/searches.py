"""A filter's first letters, typed at the board, and lists as they are asked for."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import Final

from bench.program import environment, numberone
from bench.report import Goal, Row
from bench.terminal import Terminal
from bench.tickets import NUMBER_ONE

_TYPED: Final = ("pro", "reg", "tier:team", "缓存")
"""Beginnings of words that many tickets hold, a tier, and words without spaces."""

_CLEAR: Final = "\x15"
_LEAVE: Final = "\x1b"


def searches(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return how long after a filter's last letter its list is on the screen, whole."""
    figures: dict[str, dict[int, list[float]]] = {
        text: {size: [] for size in databases} for text in _TYPED
    }
    with ExitStack() as opened:
        boards = {size: _opened(opened, database) for size, database in databases.items()}
        for _ in range(rounds):
            for text in _TYPED:
                for size, board in boards.items():
                    figures[text][size].append(_typed(board, text))
    return [
        Row(
            what=f"a filter typed: {text} → its list",
            unit="ms",
            figures=by_size,
            goals=(Goal(150),),
        )
        for text, by_size in figures.items()
    ]


def _opened(opened: ExitStack, database: Path) -> Terminal:
    board = opened.enter_context(Terminal([numberone()], environment(database)))
    board.shown(NUMBER_ONE)
    board.quiet()
    return board


def _typed(board: Terminal, text: str) -> float:
    board.press("/")
    board.quiet()
    began = perf_counter()
    board.press(text)
    pieces = list(board.timed_pieces())
    board.press(_LEAVE)
    board.quiet()
    return (pieces[-1][0] - began) * 1000
