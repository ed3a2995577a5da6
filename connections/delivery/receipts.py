"""What this machine knows to have been taken before the database does.

A server that has taken a message has said so to one process, and that process may be gone before
it could write that down in the database. A file is made in a fraction of the time, and stays.
"""

import hashlib
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from store.file_access import OWNERS_FOLDER

_KEPT_FOR: Final = 2 * 24 * 60 * 60
"""Seconds after which a receipt is of no use: whatever it was for has been recorded, or is gone."""


class Receipts:
    """Keeps one small file in ``folder`` for every message taken and not recorded yet.

    Being unable to write there is no error: it only leaves the database's record alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=OWNERS_FOLDER)

    def keep(self, message_id: str) -> None:
        """Write down that this message was taken."""
        with suppress(OSError):
            self._file(message_id).write_text(message_id, encoding="utf-8")

    def drop(self, message_id: str) -> None:
        """Forget a message that is recorded as sent by now."""
        with suppress(OSError):
            self._file(message_id).unlink(missing_ok=True)

    def kept(self) -> list[str]:
        """Return the Message-IDs of all messages taken and not recorded yet."""
        files: list[Path] = []
        with suppress(OSError):
            files = sorted(self._folder.iterdir())
        return [message_id for file in files if (message_id := _read(file))]

    def _file(self, message_id: str) -> Path:
        return self._folder / hashlib.sha256(message_id.encode()).hexdigest()


def _read(file: Path) -> str:
    """Return the Message-ID in a receipt, nothing for one that is of no use any more."""
    with suppress(OSError, UnicodeDecodeError):
        if time.time() - file.stat().st_mtime < _KEPT_FOR:
            return file.read_text(encoding="utf-8")
        file.unlink()
    return ""
