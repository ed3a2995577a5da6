"""The words of a policy file: tiers, priorities and severities, each checked against its own list.

"The handbook's words are the default, not the program's. A policy file may name its own, and
everything follows them."
"""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from policy.checked_table import after, after_with_words, before, before_with_words
from policy.refusal import expected, one_of, quoted
from policy.rulebook.entries import each_once, some
from policy.rulebook.fields import Line
from policy.vocabulary import LONGEST_BADGE, did_you_mean, plain_word
from policy.words import FactKind, Priority, Severity, Tier

MOST_WORDS: Final = 50
"""How many tiers, priorities or severities a policy may have, so that a place fits into a byte."""

KEYS_OF_RESPONSE: Final = ("aim", "no_contract")
"""What stands in ``[response]`` beside the priorities, so that none may be called so."""

HIGHEST_SEVERITY: Final = 1_000
"""The highest number that a severity may be."""

_LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_][\w.+-]*")
_NUMBER = re.compile(r"[0-9]+")
_A_WORD = f"a word of at most {_LONGEST_WORD} letters, digits and _ . + -, such as open_source"

_Entry = TypeVar("_Entry", bound=Hashable)


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """The words that a policy file names, in their order; None where the file's list is wrong.

    ``targets`` are those of its own, and ``has_contract`` says that it has rows for all of them.
    What is wrong with a list is told where it stands, so nothing is said beside it of its words.
    """

    tiers: Sequence[Tier] | None = None
    priorities: Sequence[Priority] | None = None
    severities: Sequence[Severity] | None = None
    facts: Mapping[str, FactKind] | None = None
    calendars: Sequence[str] | None = None
    targets: Sequence[str] | None = None
    has_contract: bool = False


def not_a_word(value: object, known: Iterable[object], what: str) -> str:
    """Return "expected a, b or c, not x", with the nearest word; ``what`` names the list."""
    words = tuple(known)
    if not words:
        return f"expected no word, as [{what}] order has none, not {quoted(value)}"
    return f"{expected(one_of(words), value)}{did_you_mean(value, words)}"


def word_itself(value: object) -> str:
    """Return a tier or a priority as a policy may name one.

    Raises:
        ValueError: it is no word.
    """
    if (
        not isinstance(value, str)
        or not _WORD.fullmatch(value)
        or len(value) > _LONGEST_WORD
        or not value.isprintable()
    ):
        raise ValueError(expected(_A_WORD, value))
    return value


def severity_itself(value: object) -> Severity:
    """Return a severity as a policy may name one: a number, or a word.

    Raises:
        ValueError: it is neither, or a number in quotes, which a spreadsheet does not tell apart.
    """
    if type(value) is int and 0 <= value <= HIGHEST_SEVERITY:
        return value
    what = f"a whole number from 0 to {HIGHEST_SEVERITY} without quotes, or a word"
    if not isinstance(value, str) or _NUMBER.fullmatch(value) or not _WORD.fullmatch(value):
        raise ValueError(expected(what, value))
    return word_itself(value)


def each_told_apart(words: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    """Return the words.

    Raises:
        ValueError: two of them are the same to whoever types them: by case and hyphens alike.
    """
    seen = set[str]()
    for word in words:
        plain = plain_word(word)
        if plain in seen:
            raise ValueError(f"expected each entry once, and {word} comes again")
        seen.add(plain)
    return words


def not_too_many(words: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    """Return the words.

    Raises:
        ValueError: they are more than anybody tells apart.
    """
    if len(words) > MOST_WORDS:
        raise ValueError(f"expected at most {MOST_WORDS} entries, not {len(words)}")
    return words


def _no_keys(priorities: tuple[Priority, ...]) -> tuple[Priority, ...]:
    for word in priorities:
        if word in KEYS_OF_RESPONSE:
            raise ValueError(f"expected another word than {word}, which is a key of [response]")
    return priorities


def _known(what: str) -> Callable[[object, object], Severity]:
    """Return what takes a word of the file's own list alone, as it is written there.

    The type counts too: true is not severity 1, nor is 1.0.
    """

    def check(value: object, words: object) -> Severity:
        known: Sequence[Severity] | None = getattr(words, what, None)
        if known is None:
            return severity_itself(value) if what == "severities" else word_itself(value)
        for word in known:
            if type(word) is type(value) and word == value:
                return word
        raise ValueError(not_a_word(value, known, what))

    return check


TierWord = Annotated[Tier, before_with_words(_known("tiers"))]
PriorityWord = Annotated[Priority, before_with_words(_known("priorities"))]
SeverityWord = Annotated[Severity, before_with_words(_known("severities"))]

TierOrder = Annotated[
    tuple[Annotated[Tier, before(word_itself)], ...],
    after(not_too_many),
    after(each_told_apart),
]
PriorityOrder = Annotated[
    tuple[Annotated[Priority, before(word_itself)], ...],
    after(not_too_many),
    after(some),
    after(each_told_apart),
    after(_no_keys),
]
SeverityOrder = Annotated[
    tuple[Annotated[Severity, before(severity_itself)], ...],
    after(not_too_many),
    after(each_told_apart),
]


def _of_known_tiers(by_tier: dict[Tier, str], words: object) -> dict[Tier, str]:
    for tier in by_tier:
        _known("tiers")(tier, words)
    return by_tier


def _badge(text: str) -> str:
    if len(text) > LONGEST_BADGE:
        raise ValueError(expected(f"at most {LONGEST_BADGE} characters", text))
    return text


def _of_known_severities(by_severity: dict[str, str], words: object) -> dict[str, str]:
    known: Sequence[Severity] | None = getattr(words, "severities", None)
    for severity in by_severity if known is not None else ():
        if severity not in map(str, known or ()):
            raise ValueError(not_a_word(severity, known or (), "severities"))
    return by_severity


SeverityNames = Annotated[dict[str, Line], after_with_words(_of_known_severities)]
TierNames = Annotated[dict[Tier, Line], after_with_words(_of_known_tiers)]
TierBadges = Annotated[
    dict[Tier, Annotated[Line, after(_badge)]], after_with_words(_of_known_tiers)
]
Tiers = Annotated[tuple[TierWord, ...], after(each_once)]
SomeTiers = Annotated[tuple[TierWord, ...], after(some)]
Priorities = Annotated[tuple[PriorityWord, ...], after(each_once)]
SomePriorities = Annotated[tuple[PriorityWord, ...], after(some)]
SomeSeverities = Annotated[tuple[SeverityWord, ...], after(some)]
