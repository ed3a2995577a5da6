"""The board's way to a terminal: straight columns, any bytes, and an end when it is gone."""

import os
import select
import termios
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TextIO

from textual.drivers.linux_driver import LinuxDriver

from tui.board.terminal.input_reader import InputReader
from tui.board.terminal.plain_ascii import in_ascii, speaks_utf8
from tui.board.terminal.shown_cells import ShownCells
from tui.board.terminal.terse_styles import TerseStyles
from tui.board.widgets.column_driver import steadied

if TYPE_CHECKING:
    from textual.app import App

_ANY_TROUBLE: Final = (OSError, ValueError, termios.error)
"""How a terminal says that it is gone, or no terminal."""

_LOOK_EVERY: Final = 0.1
_PIECE: Final = 4096
_ASK_BACKGROUND: Final = "\x1b]11;?\x1b\\"
"""Asks the terminal for the colour of its ground (OSC 11): the first frame waits for no answer."""

_LEAVE: Final = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2026l"
    "\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h\x1b[0m"
)
"""What undoes all that is done to a terminal, for when there is no time to ask what was."""


class TerminalDriver(LinuxDriver):
    """Reads with ``InputReader``, writes without ever failing, and leaves things as found.

    When the terminal is gone, the app's ``hung_up`` is called, from any thread.
    """

    def __init__(self, app: "App[Any]", **settings: Any) -> None:  # noqa: ANN401 - as LinuxDriver's
        super().__init__(app, **settings)
        self._found = _settings(self.fileno)
        self._cells = ShownCells()
        self._styles = TerseStyles()
        self._ascii_only = not speaks_utf8(os.environ, getattr(self._file, "encoding", None))
        self._file: Any = _Output(self._file, self._hung_up)  # as much of a file as is used

    def write(self, data: str) -> None:
        """Write what looks otherwise than before, and no style twice.

        It is in ASCII where the terminal knows no more, else the columns are kept straight.
        """
        changed = self._cells.changed(data, self._real_size())
        shown = in_ascii(changed) if self._ascii_only else steadied(changed)
        if shown:
            super().write(self._styles.terse(shown))

    def _real_size(self) -> tuple[int, int]:
        """Return how large the terminal is by now: a frame may still be as large as it was."""
        try:
            return os.get_terminal_size(self._file.fileno())
        except _ANY_TROUBLE:
            return 0, 0

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the size, after which is asked when it has changed: it may be back to the same."""
        self._cells.forget()
        return super()._get_terminal_size()

    def start_application_mode(self) -> None:
        """Take the terminal over, as it was found: an editor that was killed left it otherwise."""
        self._put_back()
        self._cells.forget()
        self._styles.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual's own
        if getattr(self._app, "asks_background", False):
            self.write(_ASK_BACKGROUND)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was found."""
        super().stop_application_mode()
        self._put_back()

    def give_back_at_once(self) -> None:
        """Give the terminal back without waiting for anything; the program ends after it."""
        self._put_back()
        with suppress(*_ANY_TROUBLE):
            output = self._file.fileno()
            os.set_blocking(output, False)
            os.write(output, _LEAVE.encode())

    def run_input_thread(self) -> None:
        """Read until the board ends or its terminal is gone."""
        reader = InputReader()
        while not self.exit_event.is_set():
            try:
                readable = select.select([self.fileno], [], [], _LOOK_EVERY)[0]
                data = os.read(self.fileno, _PIECE) if readable else None
            except (OSError, ValueError):
                data = b""
            if data == b"":
                self._hung_up()
                return
            for message in reader.feed(data) if data else reader.tick():
                self.process_message(message)

    def _query_in_band_window_resize(self) -> None:
        """Ask for nothing: the system says how large the terminal is, and says it truly."""

    def _put_back(self) -> None:
        if self._found is not None:
            with suppress(*_ANY_TROUBLE):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._found)

    def _hung_up(self) -> None:
        tell: Callable[[], None] | None = getattr(self._app, "hung_up", None)
        if tell is not None:
            tell()


class _Output:
    """A file that takes all that is written: what a terminal cannot show, and when it is gone."""

    def __init__(self, file: TextIO, gone: Callable[[], None]) -> None:
        self._file = file
        self._gone = gone

    def write(self, text: str) -> None:
        with suppress(*_ANY_TROUBLE):
            try:
                self._file.write(text)
            except UnicodeEncodeError:
                encoding = self._file.encoding
                self._file.write(text.encode(encoding, "replace").decode(encoding))

    def flush(self) -> None:
        try:
            self._file.flush()
        except _ANY_TROUBLE:
            self._gone()

    def fileno(self) -> int:
        return self._file.fileno()


def _settings(terminal: int) -> list[Any] | None:
    """Return how a terminal is set, None for what is none."""
    try:
        return termios.tcgetattr(terminal)
    except _ANY_TROUBLE:
        return None
