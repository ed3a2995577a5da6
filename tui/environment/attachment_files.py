"""Where files from customers are kept once a person asks for one: theirs alone, and never run."""

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from policy.conversation.file_names import harmless_name
from policy.refusal import Refusal
from store.file_access import OWNERS_ALONE, OWNERS_FOLDER

_KEPT_SECONDS: Final = 24 * 60 * 60
_MOST_TRIES: Final = 1_000


def downloads_folder() -> Path:
    """Return where a person's downloads go, as far as their home tells."""
    home = Path.home()
    there = home / "Downloads"
    return there if there.is_dir() else home


def save_new(folder: Path, name: str, content: bytes) -> Path:
    """Write a file under a harmless form of its name, and return where it is.

    Nothing is written over: where there is a file of the name, it is numbered. Only its owner may
    read it, and nobody run it.

    Raises:
        Refusal: it cannot be written; the line says where and why.
    """
    try:
        folder.mkdir(OWNERS_FOLDER, parents=True, exist_ok=True)
        for path in _names(folder, harmless_name(name)):
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
                handle = os.open(path, flags, OWNERS_ALONE)
            except FileExistsError:
                continue
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            return path
    except OSError as error:
        raise Refusal(f"{folder}: cannot be written: {error.strerror or error}") from None
    raise Refusal(f"{folder}: there are a thousand files called {harmless_name(name)} already")


def forget_opened(folder: Path, now: float) -> None:
    """Delete the files below a folder that were opened more than a day before ``now``.

    ``now`` is in seconds since 1970, as file systems count. What cannot be deleted is let be.
    """
    for file in folder.glob("*/*"):
        with suppress(OSError):
            if now - file.stat().st_mtime > _KEPT_SECONDS:
                file.unlink()


def _names(folder: Path, name: str) -> Iterator[Path]:
    stem, dot, ending = name.rpartition(".")
    yield folder / name
    for number in count(2):
        if number > _MOST_TRIES:
            return
        yield folder / (f"{stem} ({number}).{ending}" if dot else f"{name} ({number})")
