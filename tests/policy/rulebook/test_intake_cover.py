"""The cover of intake beside a walk through every ticket there can be."""

from itertools import product
from typing import Any

import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.intake.rules import decide
from policy.rulebook.rulebook import Rulebook, check_rulebook, load_rulebook
from policy.rulebook.warnings import warnings_of
from policy.words import FactValue, OpenedBy

WORDS: dict[str, Any] = {
    "tiers": {"order": ["gold", "silver"], "paying": ["gold"], "trial": [], "internal": []},
    "severities": {"order": ["bad", "mild"]},
    "priorities": {"order": ["first", "second"], "urgent": []},
    "facts": {"kind": ["incident", "request"], "special": "flag", "amount": "money"},
    "response": {"first": "1h", "second": "2h"},
}
SAID: dict[str, tuple[FactValue | None, ...]] = {
    "kind": (None, "incident", "request"),
    "special": (None, False, True),
    "amount": (None, "1 SEK", "1.50 SEK", "2 SEK", "2.50 SEK", "3 SEK", "2 EUR"),
}


def asked() -> st.SearchStrategy[dict[str, Any]]:
    """Draw what a rule asks of a ticket."""
    compared = st.sampled_from(["> 1", ">= 2", "< 3", "<= 1", "> 2"])
    return st.fixed_dictionaries(
        {},
        optional={
            "tier": st.lists(st.sampled_from(["gold", "silver"]), min_size=1, unique=True),
            "severity": st.lists(st.sampled_from(["bad", "mild"]), min_size=1, unique=True),
            "paying": st.booleans(),
            "kind": st.lists(st.sampled_from(["incident", "request"]), min_size=1, unique=True),
            "special": st.booleans(),
            "amount": st.fixed_dictionaries({"SEK": compared}),
        },
    )


def text_of(rules: list[dict[str, Any]]) -> str:
    each = [{"when": when, "assign": "first", "because": f"{n}"} for n, when in enumerate(rules)]
    return tomli_w.dumps({**WORDS, "intake": each})


def decided(rulebook: Rulebook) -> set[str]:
    """Return the reasons of all rules that decide any ticket, each from 0."""
    found = set()
    for tier, severity in product(rulebook.tiers.order, rulebook.severities.order):
        for values in product(*SAID.values()):
            said = zip(SAID, values, strict=True)
            facts = {name: value for name, value in said if value is not None}
            found.add(decide(rulebook, tier, severity, OpenedBy.CUSTOMER, facts).because)
    return found


@given(st.lists(asked(), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_rules_are_refused_exactly_when_a_ticket_is_left(rules: list[dict[str, Any]]) -> None:
    whole = load_rulebook(text_of([*rules, {}]), "p.toml")
    left = f"{len(rules)}" in decided(whole)
    problems = check_rulebook(text_of(rules), "p.toml")
    assert bool(problems) is left
    assert all(each.startswith("p.toml: intake: expected a rule for every") for each in problems)


@given(st.lists(asked(), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_rule_is_told_exactly_when_it_decides_no_ticket(rules: list[dict[str, Any]]) -> None:
    rulebook = load_rulebook(text_of([*rules, {}]), "p.toml")
    reached = decided(rulebook)
    told = {line.split(" is never reached")[0] for line in warnings_of(rulebook)}
    assert told == {
        f"intake rule {n + 1}"
        for n, rule in enumerate([*rules, {}])
        if f"{n}" not in reached and (rule or {} in rules[:n])  # one for the rest is good to have
    }
