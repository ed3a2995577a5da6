"""A program in a terminal, watched from outside: what it writes, and when."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter
from types import TracebackType
from typing import Final, Self

SIZE: Final = (120, 36)
"""Columns and lines of a terminal, where nothing else is asked for."""

_QUIET: Final = 0.3
"""Seconds without a word after which the last frame counts as finished."""

_PATIENCE: Final = 20.0
_PIECE: Final = 65_536
STYLE: Final = re.compile(rb"\x1b\[[0-9;]*m")


class Terminal:
    """Runs a command in a terminal of its own, for the length of a ``with`` block."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        size: tuple[int, int] = SIZE,
    ) -> None:
        self._terminal, inside = pty.openpty()
        self.resize(*size)
        self.began = perf_counter()
        self._process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=inside,
            stdout=inside,
            stderr=inside,
            start_new_session=True,
        )
        os.close(inside)

    def __enter__(self) -> Self:
        """Run it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        os.close(self._terminal)

    @property
    def process(self) -> int:
        """The id of the program's process."""
        return self._process.pid

    def fileno(self) -> int:
        """Return what can be read from when something is written."""
        return self._terminal

    def resize(self, columns: int, lines: int) -> None:
        """Make it another size: whoever draws on it draws all of it anew."""
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)

    def press(self, key: str) -> None:
        """Send a key, as a terminal does."""
        os.write(self._terminal, key.encode())

    def shown(self, *texts: str) -> float:
        """Wait until all texts were written, and return when that was, by ``perf_counter``.

        In whatever colours. Raises TimeoutError when nothing is written for twenty seconds, or the
        program has ended.
        """
        written, sought = b"", [text.encode() for text in texts]
        while not all(text in STYLE.sub(b"", written) for text in sought):
            piece = self.read(_PATIENCE)
            if not piece:
                raise TimeoutError(f"{texts!r} were not shown; last was {written[-500:]!r}")
            written += piece
        return perf_counter()

    def quiet(self) -> None:
        """Wait until nothing more is written."""
        while self.read(_QUIET):
            pass

    def after(self, key: str) -> list[bytes]:
        """Press a key, and return what is written until nothing more comes."""
        self.press(key)
        return self.pieces()

    def pieces(self) -> list[bytes]:
        """Return what is written until nothing more comes, as it came."""
        return [piece for _, piece in self.timed_pieces()]

    def timed_pieces(self) -> Iterator[tuple[float, bytes]]:
        """Yield what is written until nothing more comes, and when, by ``perf_counter``."""
        while piece := self.read(_QUIET):
            yield perf_counter(), piece

    def read(self, patience: float) -> bytes:
        """Return what is written next; nothing when it takes longer, or the program has ended."""
        if not select.select([self._terminal], [], [], patience)[0]:
            return b""
        try:
            return os.read(self._terminal, _PIECE)
        except OSError:  # the program has ended
            return b""
