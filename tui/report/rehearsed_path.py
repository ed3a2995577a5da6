"""The file that a person names for a rehearsal, read; or the policy of that name in the book."""

from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.policy_files import policy_text, read_policy

if TYPE_CHECKING:  # it brings the rules, which help does without
    from policy.rehearsal.rehearsed_file import Rehearsed


def rehearsed_at(path: str) -> "Rehearsed":
    """Return the policy or the team in a file, or the policy of that name in the book.

    Raises:
        Refusal: it cannot be read, or is wrong; the line names file, place, value and what was
            expected.
    """
    from policy.rehearsal.rehearsed_file import rehearsed_in  # noqa: PLC0415 - as above

    return rehearsed_in(policy_text(path), path) if Path(path).exists() else read_policy(path)
