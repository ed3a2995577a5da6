"""The board as a program in a terminal: how it starts, and how it ends whatever happens."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from policy.refusal import Refusal
from tests.tui.boards import Clock, filled, small_queue
from tui.board.app import run_board

_PROGRAM = """
import sys
from policy.refusal import Refusal
from tests.tui.boards import Clock
from tui.board.app import run_board

def open_desk():
    {opening}

try:
    run_board(open_desk, clock=Clock(), place="demo")
except Refusal as refusal:
    print("numberone:", refusal.reason)
    raise SystemExit(1)
"""
_REAL = "from store.desk import Desk; return Desk.open(sys.argv[1], actor='mariam', clock=Clock())"
_LONG_ENOUGH = 20.0


class Terminal:
    """A program in a terminal of 120 × 36, what it wrote, and how it ended."""

    def __init__(self, process: subprocess.Popen[bytes], side: int) -> None:
        self._process = process
        self._side = side
        self.written = ""

    def until(self, text: str) -> None:
        """Read until ``text`` was written."""
        end = monotonic() + _LONG_ENOUGH
        while text not in self.plain and monotonic() < end and self._read():
            pass
        assert text in self.plain

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._side, keys)

    def ended(self) -> int:
        """Read to the end, and return the exit code."""
        while self._read():
            pass
        return self._process.wait(_LONG_ENOUGH)

    @property
    def plain(self) -> str:
        """What was written, without escape sequences."""
        return re.sub(r"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b\][^\a]*\a", "", self.written)

    def _read(self) -> bool:
        if not select.select([self._side], [], [], _LONG_ENOUGH)[0]:
            return False
        try:
            read = os.read(self._side, 65536)
        except OSError:  # the program closed its side
            return False
        self.written += read.decode(errors="replace")
        return bool(read)


@contextmanager
def board_in_a_terminal(opening: str, folder: Path) -> Iterator[Terminal]:
    """Run a board whose desk is opened by the line of Python ``opening``."""
    ours, theirs = pty.openpty()
    environment = {
        **os.environ,
        "NUMBERONE_CONFIG": str(folder / "config.toml"),
        "NUMBERONE_STATE": str(folder / "state"),
        "TERM": "xterm-256color",
        "COLUMNS": "120",
        "LINES": "36",
    }
    program = [sys.executable, "-c", _PROGRAM.format(opening=opening), str(folder / "desk.db")]
    with subprocess.Popen(
        program, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        try:
            yield Terminal(process, ours)
        finally:
            process.kill()
            os.close(ours)


def test_it_starts_shows_the_number_one_and_leaves_at_a_key(tmp_path: Path) -> None:
    filled(tmp_path / "desk.db", small_queue())
    with board_in_a_terminal(_REAL, tmp_path) as terminal:
        terminal.until("Instance down for all users")
        terminal.press(b"q")
        assert terminal.ended() == 0


def test_a_desk_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "desk.db").mkdir()
    with board_in_a_terminal(_REAL, tmp_path) as terminal:
        assert terminal.ended() == 1
    assert "numberone: " in terminal.plain
    assert "Traceback" not in terminal.plain


def test_a_fault_of_its_own_is_one_line_and_written_down(tmp_path: Path) -> None:
    with board_in_a_terminal("return 1 / 0", tmp_path) as terminal:
        assert terminal.ended() == 1
    log = tmp_path / "state" / "faults.log"
    assert f"a fault of its own; the details are in {log}" in terminal.plain
    assert "Traceback" not in terminal.plain
    assert "ZeroDivisionError" in log.read_text()


def test_a_wrong_config_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\ntake = "ctrl+b"\n')
    with board_in_a_terminal(_REAL, tmp_path) as terminal:
        assert terminal.ended() == 1
    assert 'keys.take = "ctrl+b" cannot be used: tmux takes it' in terminal.plain


def test_without_a_terminal_it_names_the_command_that_needs_none() -> None:
    with pytest.raises(Refusal, match="`numberone next` prints the number one"):
        run_board(NotImplemented, clock=Clock(), place="demo")
