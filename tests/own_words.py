"""Policies in words of their own for tests: one written down, and any that Hypothesis draws."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import tomli_w
from hypothesis import strategies as st

from policy.intake.rules import assess
from policy.rulebook.rulebook import Rulebook, load_rulebook
from policy.ticket import Ticket
from policy.words import OpenedBy, Severity
from tests.examples import MONDAY, assigned, criteria_lists, deviation, ticket

OURS = """
[tiers]
order = ["premium", "standard", "self_support", "ours"]
paying = ["premium", "standard"]
internal = ["ours"]
[priorities]
order = ["sev1", "sev2", "sev3", "sev4", "sev5"]
urgent = ["sev1"]
[severities]
order = ["critical", 2, "low"]
[response]
sev1 = "1h"
sev2 = "2h"
sev3 = "4h"
sev4 = "8h"
sev5 = "48h"
no_contract = ["ours"]
[[intake]]
when = { tier = ["ours"] }
assign = "sev5"
because = "Our own work."
[[intake]]
when = { severity = ["critical"] }
assign = "sev1"
because = "It is critical."
[[intake]]
when = { tier = ["premium"] }
assign = "sev3"
because = "They pay for it."
[[intake]]
when = {}
assign = "sev4"
because = "All else."
"""
"""Five priorities, severities that are words and numbers, and no word of the handbook's."""

NEITHER = """
[tiers]
order = []
[priorities]
order = ["urgent", "high", "low"]
urgent = ["urgent"]
[severities]
order = []
[response]
urgent = "4h"
high = "8h"
low = "48h"
[[intake]]
when = {}
assign = "low"
because = "Low unless somebody says otherwise."
"""
"""A desk without tiers and severities."""


def ours(text: str = OURS) -> Rulebook:
    """Return a policy in words of its own."""
    return load_rulebook(text, "ours.toml")


_ANY_WORDS = ("p0", "P1", "sev-1", "urgent", "24x7", "high", "Höchste", "a.b+c", "open_source", "x")
_ANY_SEVERITIES: tuple[Severity, ...] = (0, 1, 3, 17, 1000, "kritisch", "S2", "so-so", "low")


@st.composite
def policies(draw: st.DrawFn, words: Rulebook | None = None) -> Rulebook:
    """Draw a policy in any words, or in those of another one in any order."""
    if words is None:
        tiers, priorities, severities = (
            draw(_some_of(_ANY_WORDS)),
            draw(_some_of(_ANY_WORDS, least=1)),
            draw(_some_of(_ANY_SEVERITIES)),
        )
    else:
        known = words.vocabulary
        tiers = draw(st.permutations(known.tiers))
        priorities = draw(st.permutations(known.priorities))
        severities = draw(st.permutations(known.severities))
    tables: dict[str, Any] = {
        "tiers": {
            "order": tiers,
            "paying": draw(_some_of(tiers)),
            "trial": draw(_some_of(tiers)),
            "internal": draw(_some_of(tiers)),
        },
        "priorities": {"order": priorities, "urgent": draw(_some_of(priorities))},
        "severities": {"order": severities},
        "response": {each: f"{draw(st.integers(1, 90))}h" for each in priorities}
        | {"no_contract": draw(_some_of(tiers))},
        "order": {mode: draw(criteria_lists()) for mode in ("normal", "hard_choices")},
        "intake": [
            *draw(st.lists(_rules(tiers, priorities, severities), max_size=3)),
            {"when": {}, "assign": draw(st.sampled_from(priorities)), "because": "All else."},
        ],
    }
    return load_rulebook(tomli_w.dumps(tables), "drawn.toml")


def _some_of(words: Sequence[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    if not words:
        return st.just([])
    return st.lists(st.sampled_from(words), min_size=least, max_size=5, unique=True)


def _rules(
    tiers: Sequence[str], priorities: Sequence[str], severities: Sequence[Severity]
) -> st.SearchStrategy[dict[str, Any]]:
    when: dict[str, st.SearchStrategy[Any]] = {
        "opened_by": st.lists(st.sampled_from([*map(str, OpenedBy)]), min_size=1, unique=True)
    }
    for name, known in (("tier", tiers), ("severity", severities)):
        if known:
            when[name] = st.lists(st.sampled_from(known), min_size=1, unique=True)
    return st.fixed_dictionaries(
        {
            "when": st.fixed_dictionaries({}, optional=when),
            "because": st.just("So it says."),
        }
    ).flatmap(
        lambda rule: st.one_of(
            st.sampled_from(priorities).map(lambda word: {**rule, "assign": word}),
            st.just({**rule, "decline": "Not ours."}),
        )
    )


def tickets_of(rulebook: Rulebook) -> st.SearchStrategy[list[Ticket]]:
    """Draw tickets in the words of a policy, some of them in words of an earlier one, assessed."""
    words = rulebook.vocabulary
    minutes = st.integers(0, 3).map(lambda step: MONDAY + timedelta(minutes=step))
    one = st.builds(
        ticket,
        st.integers(1, 2**62),
        tier=st.sampled_from([*(words.tiers or (None,)), "of old"]),
        severity=st.sampled_from([*(words.severities or (None,)), "of old"]),
        opened_by=st.sampled_from(OpenedBy),
        assigned_priority=st.none()
        | st.builds(assigned, st.sampled_from([*words.priorities, "of old"])),
        received_at=minutes,
        waiting_since=st.none() | minutes,
        deviation=st.none() | st.none() | st.builds(deviation, minutes),
    )
    drawn = st.lists(one, min_size=1, max_size=6, unique_by=lambda each: each.id)
    return drawn.map(lambda all_of_them: [under(rulebook, each) for each in all_of_them])


def under(rulebook: Rulebook, one: Ticket) -> Ticket:
    """Return a ticket as a policy decides it, whatever was decided before."""
    return assess(rulebook, replace(one, internal=False, defined_priority=None))
