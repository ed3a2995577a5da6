"""Policy files on disk: read whole, or refused in one line."""

from pathlib import Path
from typing import TYPE_CHECKING

from policy.refusal import Refusal

if TYPE_CHECKING:
    from policy.rulebook.rulebook import Rulebook

_LONGEST_POLICY = 1024 * 1024


def read_policy(path: str) -> "Rulebook":
    """Return the policy in a file.

    Raises:
        Refusal: it cannot be read, or is wrong; the line names the file, the key and the value.
    """
    from policy.rulebook.rulebook import load_rulebook  # noqa: PLC0415 - pydantic is heavy, and help is not

    return load_rulebook(policy_text(path), path)


def policy_text(path: str) -> str:
    """Return what is written in a policy file.

    Raises:
        Refusal: it cannot be read, or is no text of a policy's length.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LONGEST_POLICY + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or error
        raise Refusal(f"{path}: cannot be read: {reason}") from None
    if len(content) > _LONGEST_POLICY:
        raise Refusal(
            f"{path}: more than {_LONGEST_POLICY:,} bytes; expected a policy, a TOML file"
        )
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Refusal(f"{path}: expected a policy, a TOML file in UTF-8") from None
