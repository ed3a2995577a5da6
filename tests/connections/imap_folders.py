"""Folders of the tests' own IMAP server: what lies in them, what is searched and fetched."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import compat32
from typing import Final

DATE_TIME: Final = "%d-%b-%Y %H:%M:%S %z"
_DATE: Final = "%d-%b-%Y"


class RefusedError(Exception):
    """What the server says no to, and in which words."""


@dataclass
class Kept:
    """One mail in a folder."""

    content: bytes
    at: datetime
    flags: set[str] = field(default_factory=set)

    @property
    def header(self) -> bytes:
        """The mail down to the empty line."""
        head, gap, _ = self.content.partition(b"\r\n\r\n")
        return head + gap

    def holds(self, name: str, text: str) -> bool:
        """Return whether a header of that name holds a text; an empty one is in every header."""
        values = message_from_bytes(self.header, policy=compat32).get_all(name, [])
        return any(text.lower() in " ".join(str(value).split()).lower() for value in values)


@dataclass
class Folder:
    """A folder: its mails by their numbers, which never come twice while ``uidvalidity`` holds."""

    uidvalidity: int
    uidnext: int = 1
    mails: dict[int, Kept] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    read_only: bool = False

    def add(self, content: bytes, *, at: datetime | None = None, flags: Iterable[str] = ()) -> int:
        """Put a mail in, and return its number."""
        number, self.uidnext = self.uidnext, self.uidnext + 1
        self.mails[number] = Kept(content, at or datetime.now(UTC), set(flags))
        return number


class Criteria:
    """What a search asks for, read from the left."""

    def __init__(self, words: list[bytes], folder: Folder) -> None:
        self._words = iter(words)
        self._folder = folder
        self._all: list[Callable[[int, Kept], bool]] = []
        for word in self._words:
            self._all.append(self._criterion(word.decode().upper()))

    def fit(self, number: int, mail: Kept) -> bool:
        return all(criterion(number, mail) for criterion in self._all)

    def _next(self) -> str:
        return next(self._words).decode()

    def _criterion(self, word: str) -> Callable[[int, Kept], bool]:
        if word == "NOT":
            inner = self._criterion(self._next().upper())
            return lambda number, mail: not inner(number, mail)
        if word == "OR":
            one, other = (self._criterion(self._next().upper()) for _ in range(2))
            return lambda number, mail: one(number, mail) or other(number, mail)
        if word in ("FLAGGED", "DELETED", "UNDELETED"):
            flag = f"\\{word.removeprefix('UN').title()}"
            return lambda _, mail: (flag in mail.flags) != word.startswith("UN")
        if word in ("UID", "ALL"):
            wanted = set(numbers("1:*" if word == "ALL" else self._next(), self._folder))
            return lambda number, _: number in wanted
        if word == "SINCE":
            day = datetime.strptime(self._next(), _DATE).date()  # noqa: DTZ007 - a day
            return lambda _, mail: mail.at.date() >= day
        if word not in ("HEADER", "SUBJECT"):
            raise RefusedError(f"[CANNOT] search for {word}")
        name = self._next() if word == "HEADER" else "Subject"
        text = self._next()
        return lambda _, mail: mail.holds(name, text)


def numbers(written: str, folder: Folder) -> Iterator[int]:
    """Give the numbers that are there; ``n:*`` names the newest mail, be its number lower."""
    newest = max(folder.mails, default=0)
    wanted: set[int] = set()
    for piece in written.split(","):
        first, colon, last = piece.partition(":")
        ends = sorted(
            newest if each == "*" else int(each) for each in (first, last if colon else first)
        )
        wanted |= {number for number in folder.mails if ends[0] <= number <= ends[1]}
    yield from sorted(wanted)


def item_of(item: str, mail: Kept) -> bytes:
    name = item.upper()
    if name == "FLAGS":
        return f"FLAGS ({' '.join(sorted(mail.flags))})".encode()
    if name == "INTERNALDATE":
        return f'INTERNALDATE "{mail.at.strftime(DATE_TIME)}"'.encode()
    if name == "RFC822.SIZE":
        return b"RFC822.SIZE %d" % len(mail.content)
    if name == "BODY.PEEK[HEADER]":
        return _literal(b"BODY[HEADER]", mail.header)
    part = re.fullmatch(r"BODY\.PEEK\[\]<(\d+)\.(\d+)>", name)
    if part is not None:
        start, length = map(int, part.groups())
        return _literal(b"BODY[]<%d>" % start, mail.content[start : start + length])
    raise RefusedError(f"[CANNOT] fetch {item}")


def _literal(name: bytes, content: bytes) -> bytes:
    return b"%s {%d}\r\n%s" % (name, len(content), content)
