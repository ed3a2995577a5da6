"""How a priority looks: its colour goes by its place in the policy, not by its word."""

from typing import Final

from policy.vocabulary import Vocabulary
from policy.words import Priority

RANKS: Final = ("rank-1", "rank-2", "rank-3", "rank-4")
"""The roles of the priorities from the first on; those beyond the fourth look as it does."""


def role_of(words: Vocabulary, priority: Priority | None, prefix: str = "") -> str:
    """Return the role of a priority's badge; a declined ticket, which has none, is dim."""
    if not priority:
        return f"{prefix}dim"
    return f"{prefix}{RANKS[min(words.priority_rank(priority), len(RANKS) - 1)]}"
