"""One question of those that make a policy, and what an answer to it does to the answers so far."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from policy.drafting.policy_answers import PolicyAnswers
from policy.drafting.policy_text import policy_text
from policy.drafting.typed_answers import NONE
from policy.refusal import Refusal, expected
from policy.rulebook.rulebook import Rulebook, load_rulebook
from policy.words import Mode

LONGEST_ANSWER: Final = 2_000
"""How many characters an answer may have."""

OR: Final = "    or    "
"""What stands between examples that are answers each."""

_SOURCE: Final = "policy"


class Chapter(StrEnum):
    """What the questions are about, one after the other."""

    CUSTOMERS = "Customers"
    PRIORITIES = "Priorities"
    HOURS = "Hours"
    TIMES = "Times"
    ORDER = "Who comes first"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyQuestion:
    """A question: ``label`` is what stands before the answer, ``default`` what Enter answers.

    ``name`` is another for each, also where one is asked again and again. ``answered`` reads a
    text and returns the answers with it. What it does shows best in the order of ``mode``.
    """

    name: str
    chapter: Chapter
    asks: str
    example: str
    label: str
    default: str
    answered: Callable[[str], PolicyAnswers]
    mode: Mode = Mode.NORMAL

    def with_answer(self, text: str) -> PolicyAnswers:
        """Return the answers with this one; nothing typed is the default.

        Raises:
            Refusal: it is no answer, or what it says cannot stand beside the others; the line
                says what was expected.
        """
        typed = text.strip() or self.default
        if len(typed) > LONGEST_ANSWER or not typed.isprintable():
            raise Refusal(expected(f"one line of at most {LONGEST_ANSWER} characters", typed))
        answers = self.answered(typed)
        try:
            rulebook_of(answers)
        except Refusal as refusal:
            raise Refusal(refusal.reason.removeprefix(f"{_SOURCE}: ")) from None
        return answers


def rulebook_of(answers: PolicyAnswers) -> Rulebook:
    """Return the policy that answers make; raises Refusal where they cannot stand together."""
    return _read(policy_text(answers))


@lru_cache(maxsize=8)
def _read(text: str) -> Rulebook:
    # Most answers leave the policy as it was, and it is asked for again to show what it does.
    return load_rulebook(text, _SOURCE)


def words_joined(given: PolicyAnswers, before: PolicyAnswers, typed: str) -> tuple[str, ...]:
    """Return the words that an answer named with spaces, as a policy has them without."""
    known = {*_words_of(before)}
    named = [word for word in _words_of(given) if word not in known and "_" in word]
    return tuple(word for word in named if word not in typed)


def _words_of(answers: PolicyAnswers) -> Iterator[str]:
    yield from answers.plans
    yield from answers.priorities
    yield from map(str, answers.severities)
    yield from (each.name for each in answers.other_hours)
    for name, kind in answers.facts:
        yield name
        yield from kind if isinstance(kind, tuple) else ()


def listed(words: Iterable[object]) -> str:
    """Return words as they are typed in a list; no words are none."""
    return ", ".join(map(str, words)) or NONE


def yes_no(yes: bool) -> str:
    """Return an answer as it is typed."""
    return "yes" if yes else "no"
