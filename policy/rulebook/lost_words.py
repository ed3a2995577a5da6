"""What a change of words leaves without a meaning: tickets whose words another policy lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from policy.refusal import one_of
from policy.words import Severity

_LISTS: Final = {"tier": "tiers", "severity": "severities", "priority": "priorities"}
"""The table of a policy file in which the words of a ticket's field stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LostWord:
    """A word that another policy does not know, and how many tickets carry it.

    ``field`` is tier or severity, or priority for one that a person assigned: the definition's is
    decided anew.
    """

    field: str
    word: Severity
    tickets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LostWords:
    """The words that tickets carry and another policy lacks, and how many tickets those are."""

    tickets: int = 0
    words: tuple[LostWord, ...] = ()

    def __str__(self) -> str:
        """Return in a sentence which they are, and what would help."""
        several = "1 ticket carries" if self.tickets == 1 else f"{self.tickets:,} tickets carry"
        listed = "; ".join(f"{each.field} {each.word} ({each.tickets:,})" for each in self.words)
        lists = one_of(dict.fromkeys(f"[{_LISTS[each.field]}]" for each in self.words), "and")
        return (
            f"{several} words that this policy does not know: {listed}; name them in the order of"
            f" {lists}, behind the others, or change these tickets first"
        )


def gone(field: str, now: Iterable[Severity], then: Iterable[Severity]) -> frozenset[Severity]:
    """Return the words of the present policy that another one lacks.

    None where it says that the desk has no tiers or no severities: then it ranks by none, and what
    its tickets carry of them says nothing.
    """
    known = frozenset(then)
    return frozenset(now) - known if known or field == "priority" else frozenset()
