"""The real program in a pseudo-terminal: keys and signals in, what it wrote and how it ended out.

Nothing here sleeps: whatever is waited for is waited for until it is there, with a deadline that
only a fault reaches, so a loaded machine makes these tests slower and never wrong.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Final

from policy.intake.incoming import IncomingTicket
from tests.databases import address_of
from tests.tui.boards import NOW, filled, small_queue
from tests.tui.terminal_screen import TerminalScreen
from tui.environment.fault_log import LOG

LONG_ENOUGH: Final = 60.0
"""Seconds after which something that should happen has not; a loaded machine takes a few."""

_ROOT: Final = Path(__file__).parents[2]
_OWN_TERMINAL: Final = "import fcntl, os, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY)"
_NOT_ITS_OWN: Final = "import os; os.setsid()"
_NUMBERONE: Final = "import sys; from tui.cli.run import run; sys.exit(run(sys.argv[1:]))"
_PIECE: Final = 65_536
_SEQUENCE: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\a\x1b]*(?:\a|\x1b\\)|\x1bP.*?\x1b\\|\x1b[78=>]"
)
_ON: Final = {"alternate screen": "1049", "mouse": "1000", "paste": "2004", "focus": "1004"}

HOSTILE: Final = "[@click=app.quit]x[/] [/team] [red] \x1b[2J\x1b]0;x\a \x1b[31m\u202e end"
"""A text as no friend writes it: markup, sequences that a terminal obeys, signs that hide."""


class PseudoTerminal:
    """A program in a terminal of its own, what it wrote, and how it ended."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", side: int, size: tuple[int, int], log: Path
    ) -> None:
        self.process = process
        self._side = side
        self._log = log
        self._before = termios.tcgetattr(side)
        self._decode = getincrementaldecoder("utf-8")(errors="replace").decode
        self.screen = TerminalScreen(*size)
        self.written = ""

    # What is sent

    def press(self, *keys: bytes) -> None:
        """Send keys, all of them in one packet."""
        packet = b"".join(keys)
        end = monotonic() + LONG_ENOUGH
        while packet and monotonic() < end:  # a terminal takes some 4 KB until they are read
            readable, writable, _ = select.select([self._side], [self._side], [], LONG_ENOUGH)
            if readable and not self._read(0):
                return
            if writable:
                packet = packet[os.write(self._side, packet[:1024]) :]

    def resize(self, columns: int, lines: int) -> None:
        """Make the terminal another size, as a window manager does."""
        self.screen.resize(columns, lines)
        fcntl.ioctl(self._side, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Take the terminal away, as a window that is closed or a line that is cut."""
        os.close(self._side)
        self._side = -1

    # What is waited for

    def until(self, text: str) -> None:
        """Read until ``text`` is on the screen."""
        self._until(lambda: text in self.screen.text, f"{text!r} is not shown")

    def until_matched(self, pattern: re.Pattern[str]) -> None:
        """Read until ``pattern`` is found on the screen."""
        self._until(
            lambda: pattern.search(self.screen.text) is not None, f"{pattern.pattern} is not shown"
        )

    def press_until(self, key: bytes, happened: Callable[[str], bool]) -> None:
        """Press a key again and again, until the text on the screen is as wanted."""
        end = monotonic() + LONG_ENOUGH
        while True:
            runs = self.process.poll() is None
            if happened(self.screen.text):
                return
            assert runs, f"the program has ended; {self._seen}"
            assert monotonic() < end, f"it never came; {self._seen}"
            self.press(key)
            self.read_for(0.1)

    def until_raw(self) -> None:
        """Read until the program has the keys to itself."""
        self._until(lambda: self.is_raw, "the program has not taken the keys")

    def until_written(self, sequence: str) -> None:
        """Read until ``sequence``, which may be an escape sequence, was written."""
        self._until(lambda: sequence in self.written, f"{sequence!r} was not written")

    def until_gone(self, text: str) -> None:
        """Read until ``text`` is nowhere on the screen."""
        self._until(lambda: text not in self.screen.text, f"{text!r} is still shown")

    def until_stopped(self) -> None:
        """Read until the program is stopped, as by ctrl+z."""
        self._until(lambda: self._status()[0] == "T", "the program has not stopped")
        while self._read(0):  # what it wrote before that may lie unread still
            pass

    def read_for(self, seconds: float) -> None:
        """Read for so long, as a person watches between two keys."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0 and self._read(left) is not False:
            pass

    def ended(self) -> int:
        """Read to the end, and return the exit code; minus a signal's number when it killed."""
        end = monotonic() + LONG_ENOUGH
        self.ends_within(LONG_ENOUGH)
        return self.process.wait(max(1.0, end - monotonic()))

    def ends_within(self, seconds: float) -> bool:
        """Read to the end, for so long at most, and return whether the program has ended."""
        end = monotonic() + seconds
        while self._side >= 0 and monotonic() < end and self._read(0.2) is not False:
            if self.process.poll() is not None and not self._is_readable(0):
                break
        return self.process.poll() is not None

    # What is seen

    @property
    def plain(self) -> str:
        """What was written, without escape sequences."""
        return _SEQUENCE.sub("", self.written)

    @property
    def _seen(self) -> str:
        """What is on the screen and in the log of faults, for whoever reads of a failure."""
        faults = f"\nthe faults are\n{self._log.read_text()}" if self._log.exists() else ""
        return f"the screen is\n{self.screen.text}{faults}"

    @property
    def is_raw(self) -> bool:
        """Whether keys are still kept from the terminal's own line editing."""
        return not termios.tcgetattr(self._side)[3] & termios.ICANON

    def left_over(self) -> list[str]:
        """Return what the program changed about the terminal and has not put back."""
        left = [
            name
            for name, mode in _ON.items()
            if self.written.rfind(f"\x1b[?{mode}h") > self.written.rfind(f"\x1b[?{mode}l")
        ]
        if self.written.rfind("\x1b[?25l") > self.written.rfind("\x1b[?25h"):
            left.append("hidden cursor")
        if termios.tcgetattr(self._side)[:4] != self._before[:4]:
            left.append("raw mode")
        return left

    def seconds_used(self) -> float:
        """Return how many seconds of a processor the program has used so far."""
        fields = self._status()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """End the program whatever it does, and take the terminal away."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._side >= 0:
            os.close(self._side)

    # How it is read

    def _status(self) -> list[str]:
        """Return what the system says of the program: its state first, as ``man proc`` has it."""
        return Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()

    def _until(self, happened: Callable[[], bool], otherwise: str) -> None:
        end = monotonic() + LONG_ENOUGH
        while not happened():
            if monotonic() > end or self._read(0.2) is False:
                raise AssertionError(f"{otherwise}; {self._seen}")

    def _is_readable(self, patience: float) -> bool:
        return bool(select.select([self._side], [], [], patience)[0])

    def _read(self, patience: float) -> bool | None:
        """Read what there is: None when that is nothing yet, False when nothing ever comes."""
        if not self._is_readable(patience):
            return None
        try:
            read = os.read(self._side, _PIECE)
        except OSError:  # the program closed its side
            return False
        written = self._decode(read)
        self.written += written
        self.screen.feed(written)
        return bool(read)


@contextmanager
def program_in_a_terminal(
    folder: Path,
    *arguments: str,
    environment: Mapping[str, str | None] | None = None,
    size: tuple[int, int] = (120, 36),
    program: str = f"{_OWN_TERMINAL}\n{_NUMBERONE}",
) -> Iterator[PseudoTerminal]:
    """Run ``numberone`` on ``folder/desk.db``; None in ``environment`` takes a variable away."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    variables: dict[str, str | None] = {
        **os.environ,
        "NUMBERONE_CONFIG": str(folder / "config.toml"),
        "NUMBERONE_STATE": str(folder / "state"),
        "PYTHONPATH": str(_ROOT),
        "TERM": "xterm-256color",
        "COLUMNS": None,
        "LINES": None,
        **(environment or {}),
    }
    command = [
        sys.executable,
        "-c",
        program,
        "--db",
        address_of(folder / "desk.db"),
        "--as",
        "mariam",
    ]
    process = subprocess.Popen(
        [*command, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={name: value for name, value in variables.items() if value is not None},
        cwd=folder,
    )
    os.close(theirs)
    terminal = PseudoTerminal(process, ours, size, folder / "state" / LOG)
    try:
        yield terminal
    finally:
        terminal.close()


_TICKET_READ = re.compile(r"(?:─|-) #\d")
"""What is shown last: the name of the ticket's pane, behind a rule that a terminal may lack."""


@contextmanager
def board_in_a_terminal(
    folder: Path,
    *,
    tickets: Sequence[IncomingTicket] | None = None,
    environment: Mapping[str, str | None] | None = None,
    size: tuple[int, int] = (120, 36),
    own: bool = True,
) -> Iterator[PseudoTerminal]:
    """Run the board on a small queue, or on these tickets, and wait until it shows it.

    Where the terminal is not its ``own``, the system does not tell it when that is gone.
    """
    database = folder / "desk.db"
    if not database.exists():
        filled(database, small_queue() if tickets is None else tickets)
    at = ("--at", NOW.isoformat())
    program = f"{_OWN_TERMINAL if own else _NOT_ITS_OWN}\n{_NUMBERONE}"
    with program_in_a_terminal(
        folder, *at, environment=environment, size=size, program=program
    ) as terminal:
        terminal.until_matched(_TICKET_READ)
        yield terminal
