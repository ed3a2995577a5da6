"""What a person at the board waits for: each key, what others changed, and what an hour leaves."""

import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Final

from bench.floors import bare_list
from bench.processes import mebibytes, processor_seconds
from bench.program import environment, numberone
from bench.report import Goal, Row, p99
from bench.terminal import Terminal
from bench.tickets import NUMBER_ONE
from store.desk import Desk

_LINES: Final = ("j", "k")
"""Keys by which the cursor goes a line down, and back."""

_FAR: Final = {"page down": "\x1b[6~", "end": "\x1b[F", "home": "\x1b[H"}
"""Keys that read other rows, as a terminal sends them, in an order in which each moves it."""

_A_ROUND: Final = 10
"""How often in a round the cursor goes a line down, and back."""

_OTHERS: Final = 5
"""How often in a round others change something."""

_IDLE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Pressed:
    """What one key cost: milliseconds to the first and the last byte, bytes, and processor time."""

    first: float
    last: float
    sent: int
    processor: float


@dataclass(frozen=True)
class _Board:
    """A board in a terminal, and another program's desk on the same database."""

    terminal: Terminal
    desk: Desk
    lines: list[Pressed] = field(default_factory=list)
    far: list[Pressed] = field(default_factory=list)
    others: list[float] = field(default_factory=list)


def keys(databases: Mapping[int, Path], rounds: int) -> list[Row]:
    """Return the rows of keys, of others' changes, of an idle minute, and of what a board holds."""
    with ExitStack() as opened:
        boards = {size: _opened(opened, database) for size, database in databases.items()}
        floor = opened.enter_context(_bare_list(next(iter(databases.values()))))
        beside = list[Pressed]()
        logins = (_login(number) for number in count())
        for _ in range(rounds):
            beside += [_press(floor, key) for key in _LINES * _A_ROUND]
            for board in boards.values():
                board.lines.extend(_press(board.terminal, key) for key in _LINES * _A_ROUND)
                board.far.extend(_press(board.terminal, key) for key in _FAR.values())
            for board in boards.values():
                board.others.extend(_see_change(board, next(logins)) for _ in range(_OTHERS))
        with ThreadPoolExecutor(len(boards)) as beside_each_other:
            waited = beside_each_other.map(_idle, (board.terminal for board in boards.values()))
            idle = dict(zip(boards, waited, strict=True))
        held = {size: [mebibytes(board.terminal.process)] for size, board in boards.items()}
    return [
        *_rows_of_lines(boards, beside),
        Row(
            what="page down, end, home → last bytes",
            unit="ms",
            figures={size: [each.last for each in board.far] for size, board in boards.items()},
        ),
        Row(
            what="another process's commit → on the screen",
            unit="ms",
            figures={size: board.others for size, board in boards.items()},
            goals=(Goal(20),),
        ),
        Row(
            what="an idle minute: sent",
            unit="bytes",
            figures={size: [sent] for size, (sent, _) in idle.items()},
            goals=(Goal(2048),),
        ),
        Row(
            what="an idle minute: of a core",
            unit="%",
            figures={size: [percent] for size, (_, percent) in idle.items()},
            goals=(Goal(0.5),),
        ),
        Row(
            what="memory of a board after its keys and changes (PSS)",
            unit="MiB",
            figures=held,
            goals=(Goal(80),),
        ),
    ]


def _rows_of_lines(boards: Mapping[int, _Board], beside: list[Pressed]) -> Iterator[Row]:
    floors = dict.fromkeys(boards, beside)
    yield Row(
        what="a line down or up → first bytes",
        unit="ms",
        figures={size: [each.first for each in board.lines] for size, board in boards.items()},
        floor="a bare Textual list",
        floors={size: [each.first for each in floor] for size, floor in floors.items()},
        goals=(Goal(3, beside_floor=True), Goal(25, what=p99)),
    )
    yield Row(
        what="a line down or up → last bytes",
        unit="ms",
        figures={size: [each.last for each in board.lines] for size, board in boards.items()},
        floor="a bare Textual list",
        floors={size: [each.last for each in floor] for size, floor in floors.items()},
        goals=(Goal(30),),
    )
    yield Row(
        what="a line down or up: sent",
        unit="bytes",
        figures={size: [each.sent for each in board.lines] for size, board in boards.items()},
        floor="a bare Textual list",
        floors={size: [each.sent for each in floor] for size, floor in floors.items()},
        goals=(Goal(4096),),
    )
    yield Row(
        what="a line down or up: processor time",
        unit="ms",
        figures={size: [each.processor for each in board.lines] for size, board in boards.items()},
        floor="a bare Textual list",
        floors={size: [each.processor for each in floor] for size, floor in floors.items()},
        goals=(Goal(12),),
    )


def _opened(opened: ExitStack, database: Path) -> _Board:
    terminal = opened.enter_context(Terminal([numberone()], environment(database)))
    desk = opened.enter_context(closing(Desk.open(str(database), actor="bench")))
    terminal.shown(NUMBER_ONE)
    terminal.quiet()
    return _Board(terminal, desk)


@contextmanager
def _bare_list(database: Path) -> Iterator[Terminal]:
    command = [sys.executable, bare_list.__file__]
    with Terminal(command, environment(database)) as terminal:
        terminal.shown(bare_list.READY)
        terminal.quiet()
        yield terminal


def _press(terminal: Terminal, key: str) -> Pressed:
    used = processor_seconds(terminal.process)
    began = perf_counter()
    terminal.press(key)
    pieces = list(terminal.timed_pieces())
    if not pieces:
        raise TimeoutError(f"{key!r} changed nothing on the screen")
    return Pressed(
        first=(pieces[0][0] - began) * 1000,
        last=(pieces[-1][0] - began) * 1000,
        sent=sum(len(piece) for _, piece in pieces),
        processor=(processor_seconds(terminal.process) - used) * 1000,
    )


def _login(number: int) -> str:
    """Return a login that differs from the one before in every letter, so that all are sent."""
    return "".join(chr(ord("a") + (3 * place + number) % 26) for place in range(8))


def _see_change(board: _Board, login: str) -> float:
    """Assign the number one to somebody, and return how long the board takes to show who."""
    number_one = board.desk.queue.overview().number_one
    if number_one is None:
        raise ValueError("the queue is empty")
    board.desk.tickets.assign(number_one.id, login)
    committed = perf_counter()
    shown = board.terminal.shown(login)
    board.terminal.quiet()
    return (shown - committed) * 1000


def _idle(terminal: Terminal) -> tuple[float, float]:
    """Return what a board writes in a minute in which nothing happens, and its part of a core."""
    used, began, sent = processor_seconds(terminal.process), perf_counter(), 0
    while (left := began + _IDLE - perf_counter()) > 0:
        sent += len(terminal.read(left))
    percent = (processor_seconds(terminal.process) - used) / (perf_counter() - began) * 100
    return float(sent), percent
