"""How the board ends when the system tells it to: with the terminal as it was found."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, Protocol

ENDING: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
"""What a system, a terminal that is closed and a person at another terminal end it with."""

_OF_THE_KEYBOARD: Final = frozenset({signal.SIGINT, signal.SIGQUIT})
_BY_A_SIGNAL: Final = 128
PATIENCE: Final = 5.0
"""Seconds after which the board ends whatever it still waits for."""


class Endable(Protocol):
    """What can be told to end."""

    @property
    def is_running(self) -> bool:
        """Whether it runs, so that it ends by itself when it is told to."""

    @property
    def is_ending(self) -> bool:
        """Whether it was told to end and is about to, so that nothing may break in on it."""

    @property
    def is_aside(self) -> bool:
        """Whether another program has the terminal for a while, and its keys."""

    def end(self, number: int) -> None:
        """End soon, because of the signal of a number; called between any two lines."""

    def end_at_once(self) -> None:
        """Give the terminal back without waiting for anything."""


@contextmanager
def ended_by_signals(board: Endable) -> Iterator[None]:
    """End the board when a signal says so; at the second one, or after a while, at once.

    Raises:
        SystemExit: a signal came before the board ran; the code is 128 and the signal's number,
            as shells have it.
    """
    watch: list[threading.Timer] = []

    def at_once(number: int) -> None:
        board.end_at_once()
        os._exit(exit_code(number))

    def told(number: int, _frame: Any) -> None:  # noqa: ANN401 - a frame, of no interest
        if board.is_aside:
            if number not in _OF_THE_KEYBOARD:  # ctrl+c is for the editor
                board.end(number)
        elif watch:
            at_once(number)
        elif not (board.is_running or board.is_ending):
            raise SystemExit(exit_code(number))
        else:
            watch.append(threading.Timer(PATIENCE, at_once, (number,)))
            watch[0].daemon = True
            watch[0].start()
            board.end(number)

    before = {number: signal.signal(number, told) for number in ENDING}
    try:
        yield
    finally:
        for timer in watch:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def exit_code(number: int) -> int:
    """Return with what a program ends that a signal ended, as shells have it."""
    return _BY_A_SIGNAL + number


def let_go_of_terminal() -> None:
    """Leave nothing to be written at the very end to a terminal that is gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            with suppress(OSError, ValueError):
                os.dup2(nowhere, stream.fileno())
