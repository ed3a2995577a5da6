"""Signals end the board: by itself when it can, at once when it is told twice or hangs."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[4]
_LONG_ENOUGH = 60
_PROGRAM = """
import os, time
from tui.board.terminal import ending_signals

def say(words):  # a signal may come while the one before is still being said, which print refuses
    os.write(1, (words + chr(10)).encode())

class Board:
    is_running = True
    is_ending = False
    is_aside = {aside}
    def end(self, number):
        say(f"told {{number}}")
    def end_at_once(self):
        say("given back")

ending_signals.PATIENCE = {patience}
with ending_signals.ended_by_signals(Board()):
    say("ready")
    while True:
        time.sleep(60)
"""


@contextmanager
def _hanging(*, patience: float, aside: bool = False) -> Iterator["subprocess.Popen[str]"]:
    """Run a board that never ends by itself."""
    program = _PROGRAM.format(patience=patience, aside=aside)
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_the_second_signal_ends_it_at_once(number: signal.Signals) -> None:
    with _hanging(patience=_LONG_ENOUGH) as process:
        process.send_signal(number)
        assert _line(process) == f"told {number}"
        process.send_signal(number)
        assert _line(process) == "given back"
        assert process.wait(_LONG_ENOUGH) == 128 + number


def test_one_that_hangs_is_ended_after_a_while() -> None:
    with _hanging(patience=0.1) as process:
        process.send_signal(signal.SIGTERM)
        assert _line(process) == f"told {signal.SIGTERM}"
        assert _line(process) == "given back"
        assert process.wait(_LONG_ENOUGH) == 128 + signal.SIGTERM


def test_while_an_editor_has_the_keys_they_end_nothing() -> None:
    with _hanging(patience=0.1, aside=True) as process:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        assert _line(process) == f"told {signal.SIGTERM}", "and of the other it was not told"
