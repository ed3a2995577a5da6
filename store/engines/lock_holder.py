"""Which process holds the writers' lock of an SQLite file, as Linux lists it."""

import os
from pathlib import Path
from typing import Final

_LISTED: Final = Path("/proc/locks")
_WRITERS_BYTE: Final = 120
"""The byte of the journal's index that whoever writes has locked, as SQLite's format says."""


def holder_of(path: Path, listed: Path = _LISTED) -> str:
    """Return who writes a file now, in words; empty where the system does not say so.

    ``listed`` is where it lists the locks of all files.
    """
    try:
        found = Path(f"{path}-shm").stat()
        lines = listed.read_text("ascii", "replace").splitlines()
    except OSError:
        return ""
    file = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    for line in lines:
        match line.split():
            case [_, _, _, "WRITE", process, place, first, last] if (
                place == file and _holds(first, last) and process.isdecimal() and process != "0"
            ):
                return f"process {process}{_name(process)}"
    return ""


def _holds(first: str, last: str) -> bool:
    return int(first) <= _WRITERS_BYTE and (last == "EOF" or _WRITERS_BYTE <= int(last))


def _name(process: str) -> str:
    """Return a process's name in brackets, without its arguments, and that it stands still."""
    try:
        status = Path(f"/proc/{process}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    facts = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    stopped = ", which is stopped" if facts.get("State", "").startswith(("T", "t")) else ""
    return f" ({facts.get('Name', '')}{stopped})"
