"""The words of one policy, and how they are said to a person: in full, and as a badge.

"Badges, columns, queries, completion, JSON, report and docs take their words and abbreviations
from the policy in force; colours go by rank."
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeVar

from policy.refusal import Refusal, one_of, quoted
from policy.words import FactKind, Priority, Severity, Tier

LONGEST_BADGE: Final = 6
"""How many characters a badge may have."""

_SHORT_ENOUGH = 4
_FIRST_LETTERS = 3
_NEAR_ENOUGH = 0.6
_NUMBERED = re.compile(r"(.*\D)(\d{1,4})")

Said = tuple[tuple[str, str], ...]
"""Words, each with how it is said."""

_Word = TypeVar("_Word", bound=Severity)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The tiers, priorities and severities of a policy, each from the highest on.

    ``paying``, ``trial``, ``internal`` and ``urgent`` say which of them are that. ``names`` and
    ``short`` say how a tier is called, and how its badge reads, where that is not the word itself
    and its first letters; ``severity_names`` what a severity means, by the severity as a text.
    ``facts`` are what else a ticket carries, and what each may be.
    """

    tiers: tuple[Tier, ...]
    priorities: tuple[Priority, ...]
    severities: tuple[Severity, ...]
    trial: tuple[Tier, ...] = ()
    internal: tuple[Tier, ...] = ()
    urgent: tuple[Priority, ...] = ()
    paying: tuple[Tier, ...] = ()
    severity_names: Said = ()
    names: Said = ()
    short: Said = ()
    facts: tuple[tuple[str, FactKind], ...] = ()

    @cached_property
    def fact_kinds(self) -> Mapping[str, FactKind]:
        """What each fact may be, by its name."""
        return MappingProxyType(dict(self.facts))

    @cached_property
    def tier_ranks(self) -> Mapping[Tier, int]:
        """The place of each tier, from 0 for the first."""
        return MappingProxyType({word: rank for rank, word in enumerate(self.tiers)})

    @cached_property
    def priority_ranks(self) -> Mapping[Priority, int]:
        """The place of each priority, from 0 for the first."""
        return MappingProxyType({word: rank for rank, word in enumerate(self.priorities)})

    def tier_rank(self, tier: Tier | None) -> int:
        """Return the place of a tier; none, and one that the policy does not know, come last."""
        return len(self.tiers) if tier is None else self.tier_ranks.get(tier, len(self.tiers))

    def priority_rank(self, priority: Priority | None) -> int:
        """Return the place of a priority; none, and one that is not known, come last."""
        last = len(self.priorities)
        return last if priority is None else self.priority_ranks.get(priority, last)

    @property
    def first_priority(self) -> Priority:
        """The priority before all others."""
        return self.priorities[0]

    @property
    def last_priority(self) -> Priority:
        """The priority behind all others."""
        return self.priorities[-1]

    def tier_name(self, tier: Tier | None) -> str:
        """Return a tier as a person reads it, nothing for none."""
        return "" if tier is None else dict(self.names).get(tier) or in_words(tier)

    def tier_badge(self, tier: Tier | None) -> str:
        """Return the few letters that stand for a tier, nothing for none."""
        return "" if tier is None else self._tier_badges.get(tier) or tier[:LONGEST_BADGE]

    def priority_badge(self, priority: Priority | None) -> str:
        """Return the few letters that stand for a priority, nothing for none."""
        if priority is None:
            return ""
        return self._priority_badges.get(priority) or priority[:LONGEST_BADGE]

    def severity_name(self, severity: Severity) -> str:
        """Return a severity as a form offers it: with what it means, where the policy says that."""
        means = dict(self.severity_names).get(str(severity))
        return str(severity) if means is None else f"{severity} {means}"

    @property
    def tier_cells(self) -> int:
        """How many cells the widest badge of a tier takes; none where there are no tiers."""
        return max((len(badge) for badge in self._tier_badges.values()), default=0)

    @property
    def priority_cells(self) -> int:
        """How many cells the widest badge of a priority takes."""
        return max(map(len, self._priority_badges.values()), default=1)

    @cached_property
    def _tier_badges(self) -> Mapping[Tier, str]:
        return badges(self.tiers, dict(self.short))

    @cached_property
    def _priority_badges(self) -> Mapping[Priority, str]:
        return badges(self.priorities, {})


NO_WORDS: Final = Vocabulary(tiers=(), priorities=(), severities=())
"""Stands for the words of a policy that is not read yet."""


def not_known(value: object, known: Iterable[object]) -> str:
    """Return "expected a, b or c" for a word that is none of them, with the nearest one."""
    words = tuple(known)
    if not words:
        return "expected none, as the policy in force names none"
    return f"expected {one_of(words)}{did_you_mean(value, words)}"


def known_word(field: str, typed: object, known: Iterable[_Word]) -> _Word:
    """Return the word of the policy in force that somebody typed for a field.

    Raises:
        Refusal: it is none; the line names field, value, what was expected and the nearest word.
    """
    words = tuple(known)
    word = the_word(typed, words)
    if word is None:
        raise Refusal(f"{field}: {quoted(typed)}; {not_known(typed, words)}")
    return word


def in_words(word: str) -> str:
    """Return a word as it begins a sentence: ``open_source`` is Open source."""
    said = word.replace("_", " ")
    return said[:1].upper() + said[1:]


def badges(words: Sequence[str], given: Mapping[str, str]) -> Mapping[str, str]:
    """Return a badge for each word: the word itself while it is short, else its first letters.

    As many of them as it takes to tell them apart, and of a word with a number at its end the
    number, too; ``given`` are those that are said otherwise.
    """
    made = {word: given[word] for word in words if word in given}
    for word in words:
        if word in made:
            continue
        fewest = len(word) if len(word) <= _SHORT_ENOUGH else _FIRST_LETTERS
        lengths = range(fewest, min(len(word), LONGEST_BADGE) + 1)
        taken = set(made.values())
        first_letters = [word[:length] for length in lengths] or [word[:LONGEST_BADGE]]
        if fewest < len(word) and (numbered := _NUMBERED.fullmatch(word)):
            letters = max(_SHORT_ENOUGH - len(numbered[2]), 1)
            first_letters.insert(0, f"{numbered[1][:letters]}{numbered[2]}")
        made[word] = next((each for each in first_letters if each not in taken), first_letters[-1])
    return MappingProxyType(made)


def plain_word(word: object) -> str:
    """Return a word as it is compared where people type it: ``Open-Source`` is open_source."""
    return str(word).strip().casefold().replace("-", "_")


def the_word(typed: object, known: Iterable[_Word]) -> _Word | None:
    """Return the word that somebody means by what they typed, None when there is none.

    The one that is written so, else one that differs by case and hyphens alone.
    """
    words = tuple(known)
    exact = (each for each in words if type(each) is type(typed) and each == typed)
    found = next(exact, None)
    if found is not None or not isinstance(typed, str):
        return found
    return next((each for each in words if plain_word(each) == plain_word(typed)), None)


def did_you_mean(value: object, known: Iterable[object]) -> str:
    """Return "; did you mean x?" for the word nearest to a text, nothing where none is near."""
    near = nearest_word(value, known) if isinstance(value, str) else None
    return "" if near is None else f"; did you mean {near}?"


def nearest_word(typed: object, known: Iterable[object]) -> str | None:
    """Return the word that somebody probably meant by one that is not known, None without any."""
    by_plain = {plain_word(each): str(each) for each in known}
    near = get_close_matches(plain_word(typed), by_plain, n=1, cutoff=_NEAR_ENOUGH)
    return by_plain[near[0]] if near else None
