"""Team files on disk: read whole, or refused in one line."""

import sys
from contextlib import nullcontext
from pathlib import Path

from policy.refusal import Refusal

_LONGEST_TEAM = 1024 * 1024


def team_text(path: str) -> str:
    """Return what is written in a team's file, ``-`` being standard input.

    Raises:
        Refusal: it cannot be read, or is no text of a team's length.
    """
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as file:
            content = file.read(_LONGEST_TEAM + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise Refusal(f"{path}: cannot be read: {reason}") from None
    if len(content) > _LONGEST_TEAM:
        raise Refusal(f"{path}: more than {_LONGEST_TEAM:,} bytes; expected a team, a TOML file")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refusal(f"{path}: expected a team, a TOML file in UTF-8") from None
