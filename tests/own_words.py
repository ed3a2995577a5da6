"""Policies in words of their own for tests: one written down, and any that Hypothesis draws."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import tomli_w
from hypothesis import strategies as st

from policy.intake.rules import assess
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook, load_rulebook
from policy.ticket import Requester, Ticket
from policy.words import Criterion, FactValue, OpenedBy, Severity
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
KIND = ("incident", "request", "p0")
LOOK = ("broken", "slow")
FACTS = {"kind": KIND, "look": LOOK, "special": "flag", "amount": "money"}
CALENDARS = {
    "always": {"timezone": "UTC", "open": ["Mon-Sun 00:00-24:00"]},
    "office": {
        "timezone": "customer",
        "otherwise": "America/New_York",
        "open": ["Mon-Fri 09:00-17:00"],
    },
}
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
        "intake": [
            *draw(st.lists(_rules(_asked(tiers, severities), priorities), max_size=3)),
            {"when": {}, "assign": draw(st.sampled_from(priorities)), "because": "All else."},
        ],
    }
    if draw(st.booleans()):
        _write_contract(draw, tables)
    unknown = set() if "group" in tables else {Criterion.GROUP}
    criteria = criteria_lists().map(
        lambda drawn: [each for each in drawn if each not in unknown] or [Criterion.TIER]
    )
    tables["order"] = {mode: draw(criteria) for mode in ("normal", "hard_choices")}
    return load_rulebook(tomli_w.dumps(tables), "drawn.toml")


def _write_contract(draw: st.DrawFn, tables: dict[str, Any]) -> None:
    """Write facts, calendars, a matrix, groups and rows beside the words, none out of reach."""
    tables["facts"] = FACTS
    tables["calendars"] = CALENDARS
    del tables["response"]
    priorities = tables["priorities"]["order"]
    cells = st.lists(st.sampled_from(priorities), min_size=len(LOOK), max_size=len(LOOK))
    if draw(st.booleans()):
        assign = {word: draw(cells) for word in draw(_some_of(KIND, least=1))}
        tables["matrix"] = {"rows": "kind", "columns": "look", "across": LOOK, "assign": assign}
    asked = _asked(tables["tiers"]["order"], tables["severities"]["order"])
    asked |= FACTS_ASKED | {"priority": _some_of(priorities, least=1)}
    when = st.fixed_dictionaries({}, optional=asked).filter(bool)
    last = {"when": {}, "first_response": "none"}
    tables["contract"] = [last]
    for row in draw(st.lists(_rows(when | st.just({})), max_size=2)):
        _put_in_where_it_is_reached(tables, "contract", row, [last])
    for name in draw(_some_of(("one", "two"))):
        _put_in_where_it_is_reached(tables, "group", {"name": name, "when": draw(when)}, [])


def _put_in_where_it_is_reached(
    tables: dict[str, Any], key: str, row: dict[str, Any], behind: list[dict[str, Any]]
) -> None:
    before = tables.get(key, behind)
    rows = before[: len(before) - len(behind)]
    for each in ([*rows, row, *behind], [*rows, row]):
        try:
            load_rulebook(tomli_w.dumps({**tables, key: each}), "drawn.toml")
        except Refusal:
            continue
        tables[key] = each
        return


def _rows(when: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    times = st.integers(1, 90).map("{}h".format) | st.just("none")
    targets = dict.fromkeys(("first_response", "next_reply", "update", "resolution"), times)
    return st.builds(
        lambda when, calendar, named: {"when": when, "calendar": calendar, **named},
        when,
        st.sampled_from([*CALENDARS]),
        st.fixed_dictionaries({}, optional=targets).filter(bool),
    )


def _some_of(words: Sequence[Any], least: int = 0) -> st.SearchStrategy[list[Any]]:
    if not words:
        return st.just([])
    return st.lists(st.sampled_from(words), min_size=least, max_size=5, unique=True)


def _asked(
    tiers: Sequence[str], severities: Sequence[Severity]
) -> dict[str, st.SearchStrategy[Any]]:
    """Return what a row may ask of a ticket, without the facts."""
    asked: dict[str, st.SearchStrategy[Any]] = {
        "opened_by": _some_of([*map(str, OpenedBy)], least=1)
    }
    for name, known in (("tier", tiers), ("severity", severities)):
        if known:
            asked[name] = _some_of(known, least=1)
    return asked


def _rules(
    when: dict[str, st.SearchStrategy[Any]], priorities: Sequence[str]
) -> st.SearchStrategy[dict[str, Any]]:
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


FACTS_ASKED: dict[str, st.SearchStrategy[Any]] = {
    "kind": _some_of(KIND, least=1),
    "look": _some_of(LOOK, least=1),
    "special": st.booleans(),
    "amount": st.sampled_from([{"EUR": "> 10"}, {"EUR": "<= 99.5", "SEK": ">= 150"}]),
}
_FACTS_CARRIED: dict[str, st.SearchStrategy[FactValue]] = {
    "kind": st.sampled_from(KIND),
    "look": st.sampled_from(LOOK),
    "special": st.booleans(),
    "amount": st.sampled_from(["9 EUR", "11 EUR", "100 EUR", "150 SEK", "1 USD"]),
}


def tickets_of(rulebook: Rulebook) -> st.SearchStrategy[list[Ticket]]:
    """Draw tickets in the words of a policy, some of them in words of an earlier one, assessed."""
    words = rulebook.vocabulary
    minutes = st.integers(0, 3).map(lambda step: MONDAY + timedelta(minutes=step))
    zones = st.sampled_from(["Asia/Tokyo", "Africa/Cairo"])
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
        requester=st.none() | zones.map(lambda zone: Requester(name="Ada", timezone=zone)),
        facts=st.fixed_dictionaries({}, optional=_FACTS_CARRIED).map(lambda said: (*said.items(),)),
    )
    drawn = st.lists(one, min_size=1, max_size=6, unique_by=lambda each: each.id)
    return drawn.map(lambda all_of_them: [under(rulebook, each) for each in all_of_them])


def under(rulebook: Rulebook, one: Ticket) -> Ticket:
    """Return a ticket as a policy decides it, whatever was decided before."""
    return assess(rulebook, replace(one, internal=False, defined_priority=None))
