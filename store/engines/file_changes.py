"""Changes to an SQLite file, as Linux tells of them (inotify).

Libraries that watch files look for news a hundred times a second themselves, which costs more than
all else that an idle board does. The kernel wakes whoever waits, and needs three calls for it.
"""

import ctypes
import os
import sqlite3
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from policy.refusal import Refusal
from store.engines.file_place import Access, Lies, access_to, how_it_lies
from store.engines.presence_file import PresenceFile
from store.presence import AtTicket

_MODIFIED: Final = 0x2
_CAME: Final = 0x80 | 0x100  # moved there, made there
_WENT: Final = 0x40 | 0x200  # moved away, removed
_AT_ONCE: Final = 64 * 1024
_MODES: Final = {
    Access.WRITE: "mode=rw",
    Access.READ: "mode=ro",
    Access.UNCHANGING: "mode=ro&immutable=1",
}
_OVER_A_NETWORK: Final = frozenset(
    {"9p", "afs", "ceph", "cifs", "glusterfs", "lustre", "nfs", "nfs4", "smb3", "smbfs", "virtiofs"}
)
_MOUNTS: Final = Path("/proc/self/mounts")


def why_not_told(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return why the system cannot tell of changes to a file, None when it can.

    ``mounts`` is the file in which the system lists its file systems.
    """
    if sys.platform != "linux":
        return "this system tells nobody of changes to files in a way that is known here"
    kind = _file_system(path, mounts)
    if kind in _OVER_A_NETWORK or kind.startswith("fuse."):
        return f"the file lies in a file system ({kind}) that tells nothing of other machines"
    try:
        told = _inotify()
        try:
            _add_watch(told, path.parent, _CAME)
        finally:
            os.close(told)
    except FileNotFoundError:  # it is not made yet
        return None
    except OSError as error:
        return f"the system gives no more notices of files ({error.strerror})"
    return None


class FileChanges:
    """Tells of changes to the file at a path, be it another file each time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told: int | None = None if why_not_told(path) else _inotify()
        self._lies: Lies | None = None
        self._connection: sqlite3.Connection | None = None
        self._presence = PresenceFile(path)
        self._watch()

    def fileno(self) -> int | None:
        """Return what can be read from when something is told, None where nothing can tell."""
        return self._told

    def take(self) -> bool:
        """Take what was told; the journal may have been made anew, or another file be there.

        Returns True: a file is told of before a commit in it is whole.
        """
        if self._told is not None:
            os.read(self._told, _AT_ONCE)
            self._watch()
        return True

    def state(self) -> object:
        """Return which file lies there, and SQLite's own number for what was committed in it."""
        try:
            lies = how_it_lies(self._path)
        except Refusal:
            self._leave()
            return None, None
        if lies != self._lies:
            self._leave()
            self._lies = lies
        try:
            if self._connection is None:
                self._connection = self._opened()
            return lies, self._connection.execute("PRAGMA data_version").fetchall()
        except sqlite3.Error as error:
            self._leave()
            return lies, str(error)

    def heard_at(self) -> None:
        """Return None: a file is there or it is not, and each look says which."""
        return

    def company(self, at: AtTicket | None, login: str) -> tuple[AtTicket, ...]:
        """Say where this board is, and return who else is where, as a file beside says."""
        return self._presence.company(at, login)

    def close(self) -> None:
        """Let go of the file."""
        self._presence.close()
        self._leave()
        if self._told is not None:
            os.close(self._told)
            self._told = None

    def _opened(self) -> sqlite3.Connection:
        address = f"file:{quote(str(self._path))}?{_MODES[access_to(self._path)]}"
        return sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)

    def _leave(self) -> None:
        self._lies = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _watch(self) -> None:
        """Have the system tell of the file, of its journal, and of what comes into the folder."""
        if self._told is None:
            return
        file = Path(os.path.realpath(self._path))
        folders = dict.fromkeys((self._path.parent, file.parent), _CAME | _WENT)
        files = dict.fromkeys((file, file.with_name(f"{file.name}-wal")), _MODIFIED)
        for path, what in (folders | files).items():
            with suppress(OSError):  # it may not be there yet, or not any more
                _add_watch(self._told, path, what)


def _inotify() -> int:
    """Return what the system writes notices of files into.

    Raises:
        OSError: there is no more of it.
    """
    return _checked(_system().inotify_init1(os.O_CLOEXEC | os.O_NONBLOCK))


def _add_watch(told: int, path: Path, what: int) -> None:
    """Have notices of a path written; asking for them again changes nothing.

    Raises:
        OSError: it is not there, or there are too many such paths.
    """
    _checked(_system().inotify_add_watch(told, os.fsencode(path), what))


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


@cache
def _system() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _file_system(path: Path, listed: Path) -> str:
    """Return the kind of file system that a path lies in, empty where that is not known."""
    file = os.path.realpath(path)
    try:
        mounts = [line.split() for line in listed.read_text("utf-8", "replace").splitlines()]
    except OSError:
        return ""
    at = {_unescaped(place): kind for _, place, kind, *_ in mounts}
    return at.get(max((place for place in at if Path(file).is_relative_to(place)), key=len), "")


def _unescaped(place: str) -> str:
    r"""Return a path as it is, which a list of mounts writes with ``\040`` for a space."""
    return os.fsdecode(os.fsencode(place).decode("unicode_escape").encode("latin-1"))
