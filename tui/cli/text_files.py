"""Texts that a person gives as a file, or on standard input: read whole, or refused in one line."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Final

from policy.refusal import Refusal

STANDARD_INPUT: Final = "-"
"""Stands for standard input where a file is named."""


def toml_in(path: str, what: str) -> str:
    """Return what is written in a file of TOML, which is ``what``; raises as ``text_in`` does."""
    from policy.toml_text import LARGEST_TEXT  # noqa: PLC0415 - TOML is heavy, and help is not

    return text_in(path, LARGEST_TEXT, f"{what}, a TOML file")


def text_in(path: str, at_most: int, what: str) -> str:
    """Return what is written in a file, or on standard input.

    Raises:
        Refusal: it cannot be read, is longer than ``at_most`` bytes, or is no text in UTF-8; the
            line says that ``what`` was expected.
    """
    try:
        stdin = path == STANDARD_INPUT
        with nullcontext(sys.stdin.buffer) if stdin else Path(path).open("rb") as file:
            content = file.read(at_most + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise Refusal(f"{path}: cannot be read: {reason}") from None
    if len(content) > at_most:
        raise Refusal(f"{path}: more than {at_most:,} bytes; expected {what}")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refusal(f"{path}: expected {what} in UTF-8") from None
