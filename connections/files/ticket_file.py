"""A file of tickets: opened, unpacked and cut into lines, without ever holding it in memory."""

import contextlib
import io
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self

from connections.files.gzip_members import GZIP, unpacked
from connections.files.reading_limits import LONGEST_LINE, most_lines
from connections.files.text_encoding import as_utf_8, certain_encoding, is_foreign
from policy.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Record:
    """What stands in one place of a file, counted from 1; or why it cannot be read."""

    line: int
    content: Mapping[str, object] | Refusal


class FileReader(Protocol):
    """Reads one format; ``place`` is what it counts, a ``line`` or a ``ticket``.

    ``preparations`` is how many times it reads the whole file before its first record.
    """

    @property
    def place(self) -> str:
        """The word for what is counted."""

    @property
    def preparations(self) -> int:
        """Readings of the whole file that come first."""

    def records(self) -> Iterator[Record]:
        """Read the file from its start; raises Refusal when all of it is of no use."""


STANDARD_INPUT: Final = "-"
"""The path that means standard input."""

_PIECE = 256 * 1024
_HEAD = 64 * 1024
_UTF_8: Final = "utf-8"
_UTF_8_MARK = b"\xef\xbb\xbf"
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive or a spreadsheet; unpack it, or save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet; save it as CSV"),
    (b"\x28\xb5\x2f\xfd", "packed by zstd; unpack it first"),
    (b"BZh", "packed by bzip2; unpack it first"),
    (b"\xfd7zXZ\x00", "packed by xz; unpack it first"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, counted from 1, without its line break; or why it cannot be read."""

    number: int
    content: bytes | Refusal


class TicketFile:
    """An opened file of tickets, plain or gzip, to be read from its start any number of times.

    ``size`` is in bytes as stored, and so is ``bytes_read``, which counts all readings together;
    ``on_read`` is called whenever it has grown. ``notes`` are sentences on what was assumed of it.
    Whatever its encoding is, what it gives is UTF-8. Use it in a ``with`` block.
    """

    def __init__(self, name: str, stored: BinaryIO) -> None:
        self.name = name
        self.size = stored.seek(0, io.SEEK_END)
        self.bytes_read = 0
        self.on_read: Callable[[], None] = lambda: None
        self.head = b""
        self.notes: list[str] = []
        self._encoding = _UTF_8
        self._shows_encoding = False
        self._stored = stored
        stored.seek(0)
        self._packed = stored.read(len(GZIP)) == GZIP

    @classmethod
    def open(cls, path: str) -> Self:
        """Open a file, or standard input for ``-``, which is put aside on disk first.

        Raises Refusal when it is missing, no file, unreadable, empty, or plainly no text.
        """
        name = _name_of(path)
        try:
            stored = _opened(path, name)
            with contextlib.ExitStack() as on_failure:
                on_failure.callback(stored.close)
                file = cls(name, stored)
                file._look_at_head()
                on_failure.pop_all()
                return file
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            raise Refusal(f"{name} cannot be read: {_words(error)}") from None

    def __enter__(self) -> Self:
        """Open for the length of a ``with`` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close it."""
        self._stored.close()

    def note(self, sentence: str) -> None:
        """Note what was assumed of the file, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def read_as(self, encoding: str) -> None:
        """Take its bytes for text in this encoding, unless they show themselves what they are."""
        if not self._shows_encoding:
            self._encoding = encoding
            self.head = self._read_head()
            self.bytes_read = 0

    @cached_property
    def is_foreign(self) -> bool:
        """Whether it is text of one byte a sign rather than UTF-8; all of it is read for that."""
        place, read, on_read = self._stored.tell(), self.bytes_read, self.on_read
        self.on_read = lambda: None
        try:
            return is_foreign(_until_refused(self.pieces()))
        finally:
            self._stored.seek(place)
            self.bytes_read, self.on_read = read, on_read

    def pieces(self) -> Iterator[bytes]:
        """Read from the start: the unpacked text as UTF-8, in pieces, without a byte order mark.

        Raises Refusal where the file cannot be read on, after all that could be.
        """
        pieces = self._unpacked_pieces()
        if self._encoding != _UTF_8:
            yield from as_utf_8(pieces, self._encoding)
            return
        first = next(pieces, b"")
        yield first.removeprefix(_UTF_8_MARK)
        yield from pieces

    def lines(self, end: bytes = b"\n") -> Iterator[Line]:
        """Read from the start, line by line, ended by a line feed or another ``end`` of one byte.

        A line that is too long, or that the file breaks off in, has the reason as its content; so
        has the first that is one more than a file of this size may have, which is the last.
        """
        cutter = _LineCutter(end, most_lines(self.size))
        try:
            for piece in self.pieces():
                yield from cutter.cut(piece)
        except Refusal as broken:
            yield Line(cutter.number, broken)
            return
        yield from cutter.rest()

    def _look_at_head(self) -> None:
        if not self.size:
            raise Refusal(f"{self.name} is empty")
        if self.name.endswith(".gz") and not self._packed:
            raise Refusal(f"{self.name} is named .gz but is not gzip")
        certain = certain_encoding(next(_until_refused(self._unpacked_pieces()), b""))
        self._encoding, self._shows_encoding = certain or _UTF_8, certain is not None
        self.head = self._read_head()
        self.bytes_read = 0
        foreign = _foreign(self.head)
        if foreign is not None:
            raise Refusal(f"{self.name} is {foreign}")
        if len(self.head) < _HEAD and not self.head.strip():
            raise Refusal(f"{self.name} is empty")

    def _read_head(self) -> bytes:
        head = b""
        try:
            for piece in self.pieces():
                head += piece
                if len(head) >= _HEAD:
                    break
        except Refusal as broken:
            if not head:
                raise Refusal(f"{self.name}: {broken.reason}") from None
        return head[:_HEAD]

    def _unpacked_pieces(self) -> Iterator[bytes]:
        stored = self._stored_pieces()
        return unpacked(stored, self.size) if self._packed else stored

    def _stored_pieces(self) -> Iterator[bytes]:
        self._stored.seek(0)
        try:
            while piece := self._stored.read(_PIECE):
                self.bytes_read += len(piece)
                self.on_read()
                yield piece
        except OSError as error:
            raise Refusal(f"the file cannot be read from here on: {_words(error)}") from None


def _until_refused(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give the pieces of a file that may break off; reading its lines will say so."""
    with contextlib.suppress(Refusal):
        yield from pieces


def decoded(content: bytes) -> str:
    """Give a line as text; raises Refusal when it is not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise Refusal(f"not UTF-8: byte 0x{byte:02X} at position {error.start + 1}") from None


def _foreign(head: bytes) -> str | None:
    """Give what a file is that is no text, or None."""
    return next((what for start, what in _FOREIGN if head.startswith(start)), None)


class _LineCutter:
    """Cuts pieces into lines and passes over the ones that are too long."""

    def __init__(self, end: bytes, at_most: int) -> None:
        self.number = 1
        self._at_most = at_most
        self._end = end
        self._begun: list[bytes] = []
        self._length = 0

    def cut(self, piece: bytes) -> Iterator[Line]:
        first, *others = piece.split(self._end)
        self._add(first)
        for start in others:
            yield self._finished()
            self._add(start)

    def rest(self) -> Iterator[Line]:
        if self._length:
            yield self._finished()

    def _add(self, part: bytes) -> None:
        self._length += len(part)
        if self._length > LONGEST_LINE:
            self._begun.clear()
        elif part:
            self._begun.append(part)

    def _finished(self) -> Line:
        if self.number > self._at_most:
            raise Refusal(
                "the file is not read on from here: a file of its size has at most"
                f" {self._at_most:,} lines; unpack it first if it is packed"
            )
        content = self._too_long() if self._length > LONGEST_LINE else b"".join(self._begun)
        line = Line(self.number, content)
        self.number += 1
        self._begun, self._length = [], 0
        return line

    def _too_long(self) -> Refusal:
        return Refusal(f"{self._length:,} bytes in one line; at most {LONGEST_LINE:,}")


def _name_of(path: str) -> str:
    if path == STANDARD_INPUT:
        return "standard input"
    return path if path.isprintable() else repr(path)


def _opened(path: str, name: str) -> BinaryIO:
    if path == STANDARD_INPUT:
        return _put_aside(sys.stdin.buffer)
    mode = Path(path).stat().st_mode
    if stat.S_ISDIR(mode):
        raise Refusal(f"{name} is a directory; name a file in it")
    if stat.S_ISFIFO(mode):
        with Path(path).open("rb") as pipe:
            return _put_aside(pipe)
    if not stat.S_ISREG(mode):
        raise Refusal(f"{name} is not a regular file")
    return Path(path).open("rb")


def _put_aside(stream: BinaryIO) -> BinaryIO:
    """Copy what can be read only once into a file that goes when it is closed."""
    aside = tempfile.TemporaryFile()  # noqa: SIM115 - it lives on in the TicketFile
    try:
        while piece := stream.read(_PIECE):
            aside.write(piece)
    except BaseException:
        aside.close()
        raise
    return aside


def _words(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
