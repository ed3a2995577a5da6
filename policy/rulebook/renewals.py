"""What the handbook has gained since earlier versions: what becomes of a kept policy, and lacks.

"A database that adopted a policy keeps it whole": so what the handbook says anew comes to it only
where it said what the handbook said before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from policy.rulebook import earlier_words
from policy.rulebook.rulebook import Rulebook, describe, handbook


@dataclass(frozen=True, slots=True, kw_only=True)
class HandbookChange:
    """A list or a text of the handbook that says more than it did.

    ``before`` is what earlier versions said under this key, ``gained`` what came: entries of a
    list, or variables of a text; ``so_that`` is what for.
    """

    section: str
    key: str
    before: tuple[object, ...]
    gained: tuple[str, ...]
    so_that: str


CHANGES: Final = (
    HandbookChange(
        section="order",
        key="hard_choices",
        before=(["deviation", "priority", "tier", "respond_by", "received_at"],),
        gained=("owed",),
        so_that="those who wait for us stand before those who have their answer",
    ),
    HandbookChange(
        section="waits",
        key="subject",
        before=(earlier_words.SUBJECT,),
        gained=(),
        so_that="an answer to a notice finds its ticket",
    ),
    HandbookChange(
        section="waits",
        key="body",
        before=(earlier_words.BODY,),
        gained=(),
        so_that="a notice names the time by which customers hear from us",
    ),
)
"""What the handbook has gained, the earliest first."""


def renewed(rulebook: Rulebook, kept: Mapping[str, Any]) -> Rulebook:
    """Return a policy that an earlier version kept, as this version keeps it.

    ``kept`` is what was written down of it. "A stored list or text equal to the earlier version's
    default becomes the new default at the upgrade; one that differs stays."
    """
    for change in CHANGES:
        if kept.get(change.section, {}).get(change.key) in change.before:
            ours = getattr(handbook(), change.section)
            section = getattr(rulebook, change.section).replaced(
                **{change.key: getattr(ours, change.key)}
            )
            rulebook = rulebook.replaced(**{change.section: section})
    return rulebook


def lacks(rulebook: Rulebook) -> tuple[str, ...]:
    """Return what a policy's own lists and texts lack of the handbook's, a sentence each.

    "One that differs stays, and ``policy check`` names what it lacks."
    """
    described = describe(rulebook)
    return tuple(
        f'{change.section}.{change.key} lacks "{each}", which the handbook has since, so that'
        f" {change.so_that}."
        for change in CHANGES
        for each in change.gained
        if each not in described[change.section][change.key]
    )
