"""The board as a program in a terminal: how it starts, and how it ends whatever happens."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from policy.refusal import Refusal
from tests.tui.boards import Clock, filled, small_queue
from tests.tui.pseudo_terminal import PseudoTerminal, program_in_a_terminal
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
_REAL = "from store.desk import Desk; return Desk.open(sys.argv[2], actor='mariam', clock=Clock())"


def board_in_a_terminal(opening: str, folder: Path) -> AbstractContextManager[PseudoTerminal]:
    """Run a board whose desk is opened by the line of Python ``opening``."""
    return program_in_a_terminal(folder, program=_PROGRAM.format(opening=opening))


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
