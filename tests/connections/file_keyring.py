"""A keyring in a file, so that several processes of a test share one."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from keyring.backend import KeyringBackend

FILE_VARIABLE: Final = "NUMBERONE_TEST_KEYRING"
BACKEND: Final = "tests.connections.file_keyring.FileKeyring"
"""What ``PYTHON_KEYRING_BACKEND`` has to say so that this one is used."""


class FileKeyring(KeyringBackend):
    """Keeps passwords in the file that the environment names; each is written whole."""

    priority = 1

    @property
    def _file(self) -> Path:
        return Path(os.environ[FILE_VARIABLE])

    def _kept(self) -> dict[str, str]:
        with suppress(FileNotFoundError):
            kept: dict[str, str] = json.loads(self._file.read_text("utf-8"))
            return kept
        return {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept().get(f"{service}/{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        part = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        part.write_text(json.dumps(self._kept() | {f"{service}/{username}": password}), "utf-8")
        part.replace(self._file)

    def delete_password(self, service: str, username: str) -> None:
        kept = self._kept()
        del kept[f"{service}/{username}"]
        self._file.write_text(json.dumps(kept), "utf-8")
