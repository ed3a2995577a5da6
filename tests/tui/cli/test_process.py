"""The command line as a process of its own: pipes, terminals, and what it imports."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.databases import address_of
from tests.tui.command_runs import NOW, line

PROGRAM = [sys.executable, "-c", "from tui.cli import main; main()"]
HERE = Path(__file__).parents[3]
LONG_ENOUGH = 60
STYLES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment with a database of its own and no colours forbidden."""
    kept = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    return kept | {
        "NUMBERONE_DB": address_of(tmp_path / "desk.db"),
        "NUMBERONE_STATE": str(tmp_path / "state"),
        "NUMBERONE_AS": "mo",
        "PYTHONPATH": str(HERE),
        "TERM": "xterm-256color",
    }


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    """Return a file of 300 tickets, one of them bad."""
    file = tmp_path / "tickets.jsonl"
    lines = [line(number, subject=f"系统 {number} " + "long " * 40) for number in range(300)]
    file.write_text("\n".join([*lines, line(300, severity=9)]), encoding="utf-8")
    return file


def typed(
    environment: dict[str, str], *arguments: str, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=LONG_ENOUGH,
        check=False,
    )


def test_the_console_script_is_this_program() -> None:
    (script,) = entry_points(group="console_scripts", name="numberone")
    assert script.value == "tui.cli:main"


def test_import_then_a_pipe_that_closes_early(environment: dict[str, str], tickets: Path) -> None:
    imported = typed(environment, "import", str(tickets))
    assert imported.returncode == 1
    assert imported.stdout == "301 read: 300 admitted, 1 rejected.\n"
    assert imported.stderr == (
        f"numberone: {tickets}, line 301: severity: 9; expected 0, 1, 2 or 3\n"
    )
    first = typed(environment, "next", "--json", "--at", NOW)
    assert json.loads(first.stdout)["queue"] == 300
    with subprocess.Popen(
        [*PROGRAM, "list", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        assert listing.stdout.read(12) == '{"total": 30'
        listing.stdout.close()
        assert listing.stderr.read() == ""
        assert listing.wait(LONG_ENOUGH) == 0


@pytest.mark.parametrize("told", [["history", "--json"], ["export"], ["export", "--format", "csv"]])
def test_what_is_streamed_stops_without_a_word_when_nobody_reads_on(
    environment: dict[str, str], tickets: Path, told: list[str]
) -> None:
    typed(environment, "import", str(tickets))
    with subprocess.Popen(
        [*PROGRAM, *told], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(10)
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_full_disk_behind_the_output_is_one_line(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = typed(environment, "where", stdout=full.fileno())
    assert (ended.returncode, ended.stderr) == (
        1, "numberone: cannot go on: No space left on device\n",
    )  # fmt: skip


def test_the_board_without_a_terminal_is_refused_in_one_line(environment: dict[str, str]) -> None:
    ended = typed(environment)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "numberone: the board needs a terminal; `numberone next` prints the number one\n"
    )


def test_help_version_and_completion_import_nothing_heavy() -> None:
    lines = [
        "import sys",
        "from tui.cli.run import run",
        "for typed in ['--help'], ['--version'], ['list', '--help'], ['completion', 'zsh']:",
        "    assert run(typed) == 0",
        "heavy = {'sqlmodel', 'sqlalchemy', 'pydantic', 'textual', 'alembic'} & set(sys.modules)",
        "assert not heavy, heavy",
        "import tui.board.app, store.quick.look, store.tickets.card",
        "heavy = {'sqlmodel', 'sqlalchemy', 'pydantic', 'alembic'} & set(sys.modules)",
        "assert not heavy, heavy",
    ]
    ended = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=LONG_ENOUGH,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


class TestAtATerminal:
    def test_import_shows_a_bar_and_list_fits_in_colour(
        self, environment: dict[str, str], tickets: Path
    ) -> None:
        code, said = at_a_terminal(environment, ["import", str(tickets)], columns=80)
        assert code == 1
        assert "Importing" in said
        assert "100%" in said
        code, said = at_a_terminal(environment, ["list", "--at", NOW, "--limit", "20"], columns=60)
        assert code == 0
        assert "\x1b[34mp2\x1b[0m" in said
        lines = STYLES.sub("", said).splitlines()
        assert len(lines) == 21
        assert lines[0].startswith(" 1   #1  p2  Enterprise  Acme  系统 0 long")
        assert "…" in lines[0]
        code, plain = at_a_terminal(environment | {"NO_COLOR": "1"}, ["next"], columns=60)
        assert code == 0
        assert "\x1b" not in plain


def at_a_terminal(
    environment: dict[str, str], arguments: Sequence[str], *, columns: int
) -> tuple[int, str]:
    """Return how a command ended at a terminal of some columns, and all that it wrote."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    for name in ("COLUMNS", "LINES"):
        environment.pop(name, None)
    with subprocess.Popen(
        [*PROGRAM, *arguments], env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        written = bytearray()
        try:
            while piece := os.read(ours, 65_536):
                written += piece
        except OSError:  # how a terminal says that nobody is at its other side any more
            pass
        finally:
            os.close(ours)
        return process.wait(LONG_ENOUGH), written.decode().replace("\r\n", "\n")
