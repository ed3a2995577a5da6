"""What lies at the path of a database file, and how it can be opened there."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from policy.refusal import Refusal

GONE = "is gone: it was moved or deleted while it was open, so nothing was changed"
LOOK_ONLY = "cannot be written: the file or its folder is read-only"


@dataclass(frozen=True, slots=True)
class Lies:
    """What lies at a path: which file it is, and how it can be opened."""

    file: tuple[int, int]
    """Its device and its number there: another file in its place has others."""

    way: object
    """How it can be opened: another one than before is reason to open it anew."""


class Access(StrEnum):
    """How a file can be opened."""

    WRITE = "write"
    READ = "read"
    """Others write it, or did: their journal lies beside it."""
    UNCHANGING = "unchanging"
    """Nobody writes it, and no journal can be made beside it, or should be left there."""


def how_it_lies(path: Path) -> Lies:
    """Return which file lies there now and how it can be opened, for the price of a few looks.

    A file that nobody writes is read without a journal: none can be made in a folder that is
    read-only, and one made by whoever may only read would be in the writers' way. Once others
    begin to write, there is a journal, or the file's time is another one: another way to open it.

    Raises:
        Refusal: there is none.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - for every transaction: a Path takes twice as long
    except OSError:
        raise Refusal(f"{path}: {GONE}") from None
    access = access_to(path)
    way = (access, found.st_mtime_ns) if access is Access.UNCHANGING else (access, 0)
    return Lies((found.st_dev, found.st_ino), way)


def ways_to_open(path: Path) -> dict[str, str]:
    """Return what SQLite is told to open a file as it can be opened, nothing for a new one."""
    access = access_to(path) if path.exists() else Access.WRITE
    if access is Access.WRITE:
        return {}
    unchanging = {"immutable": "1"} if access is Access.UNCHANGING else {}
    return {"mode": "ro", **unchanging}


def why_look_only(path: Path) -> str | None:
    """Return why a file can only be looked at; None where it can be written or is not there yet."""
    if not path.exists() or access_to(path) is Access.WRITE:
        return None
    return f"{path}: {LOOK_ONLY}"


def access_to(path: Path) -> Access:
    """Return how the file at a path can be opened."""
    file = os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114 - as above
    if os.access(file, os.W_OK) and os.access(os.path.dirname(file), os.W_OK):  # noqa: PTH120 - as above
        return Access.WRITE
    try:
        journal = Path(f"{file}-wal").stat().st_size
    except OSError:
        journal = 0
    return Access.READ if journal else Access.UNCHANGING
