"""A report written to a file, whole or not at all."""

from contextlib import suppress
from pathlib import Path

from policy.refusal import Refusal
from store.file_access import make_file


def save(path: Path, text: str, *, overwrite: bool = False) -> None:
    """Write a file; it gets its name only when it is whole.

    Raises:
        Refusal: there is a file already and not ``overwrite``, or it cannot be written.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        if path.exists() and not overwrite:
            raise Refusal(f"{path}: exists already; name a new file, or say --force")
        make_file(unfinished)
        unfinished.write_text(text, encoding="utf-8", newline="")
        unfinished.replace(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        with suppress(OSError, ValueError):
            unfinished.unlink()
        reason = getattr(error, "strerror", None) or error
        raise Refusal(f"{path}: cannot be written: {reason}") from None
