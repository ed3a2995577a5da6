"""Badges: the few letters that tell the words of a policy apart."""

import pytest

from policy.rulebook.book import book
from policy.rulebook.rulebook import load_rulebook
from policy.vocabulary import LONGEST_BADGE, badges


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("p0", "high", "low"), ("p0", "high", "low")),
        (("emergency", "medium"), ("eme", "med")),
        (("level1", "level2", "level10"), ("lev1", "lev2", "le10")),
        (("sev1", "severity2"), ("sev1", "sev2")),
        (("low", "lowest"), ("low", "lowe")),
        (("2026", "20261"), ("2026", "202")),
    ],
)
def test_words_are_said_in_few_letters(words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert tuple(badges(words, {}).values()) == expected


def test_what_is_given_stands() -> None:
    made = badges(("level1", "level2"), {"level2": "lev1"})
    assert made["level2"] == "lev1"
    assert made["level1"] != "lev1"


@pytest.mark.parametrize("name", [each.name for each in book()])
def test_in_the_book_no_two_words_have_one_badge(name: str) -> None:
    text = next(each.text for each in book() if each.name == name)
    words = load_rulebook(text, name).vocabulary
    for made in (
        [words.tier_badge(each) for each in words.tiers],
        [words.priority_badge(each) for each in words.priorities],
    ):
        assert len({*made}) == len(made)
        assert all(0 < len(each) <= LONGEST_BADGE for each in made)
