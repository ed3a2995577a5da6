"""Which keys of two policies differ, and which tickets are late by one."""

from datetime import timedelta
from itertools import product

import pytest

from policy.rulebook.differences import KeyChange, changed_keys
from policy.rulebook.rulebook import Rulebook, describe, fingerprint, handbook, load_rulebook

SECOND = timedelta(seconds=1)


def policy(text: str) -> Rulebook:
    return load_rulebook(text, "ours.toml")


RULES = """
[[intake]]
when = {}
assign = "p3"
because = "All else."
"""
FIRST = """
[[intake]]
when = { severity = [0] }
assign = "p0"
because = "Down."
"""
LEVEL_2 = """
[[capacity.levels]]
level = 2
available_at_most = 0.5
contingency = "So."
"""


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("", "", ()),
        ("", '[response]\np0 = "120m"\n', ()),
        ("", '[response]\np0 = "1h"\naim = "3h"\n',
         (KeyChange("response.aim", "2h", "3h"), KeyChange("response.p0", "2h", "1h"))),
        ('[order]\nnormal = ["priority"]\n', '[order]\nnormal = ["received_at"]\n',
         (KeyChange("order.normal", ["priority"], ["received_at"]),)),
        (RULES, FIRST + RULES,
         (KeyChange("intake rule 1", None,
                    {"when": {"severity": [0]}, "assign": "p0", "because": "Down."}),)),
        (FIRST + RULES, RULES,
         (KeyChange("intake rule 1",
                    {"when": {"severity": [0]}, "assign": "p0", "because": "Down."}, None),)),
        (FIRST + RULES, FIRST.replace("[0]", "[0, 1]") + RULES,
         (KeyChange("intake rule 1, when.severity", [0], [0, 1]),)),
        (FIRST + RULES, FIRST + RULES.replace("p3", "p2"),
         (KeyChange("intake rule 2, assign", "p3", "p2"),)),
        (LEVEL_2, LEVEL_2.replace("0.5", "0.6"),
         (KeyChange("capacity.levels entry 2, available_at_most", 0.5, 0.6),)),
    ],
)  # fmt: skip
def test_the_keys_that_differ(before: str, after: str, changes: tuple[KeyChange, ...]) -> None:
    assert changed_keys(policy(before), policy(after)) == changes


def test_a_level_is_known_by_its_number_wherever_it_stands() -> None:
    found = changed_keys(handbook(), policy(LEVEL_2))
    assert [each.key for each in found if each.after is not None] == [
        "capacity.levels entry 2, available_at_most",
        "capacity.levels entry 2, contingency",
    ]
    gone = [each for each in found if each.key.count(",") == 0]
    assert [each.key for each in gone] == [f"capacity.levels entry {n}" for n in (1, *range(3, 9))]
    levels = describe(handbook())["capacity"]["levels"]
    assert [each.before for each in gone] == [levels[0], *levels[2:]]


def test_nothing_differs_where_the_policies_say_the_same_and_only_there() -> None:
    texts = ["", RULES, FIRST + RULES, LEVEL_2, '[response]\np0 = "1h"\n', '[waits]\nbody = "Hi"\n']
    for one, other in product(map(policy, texts), repeat=2):
        assert (changed_keys(one, other) == ()) is (fingerprint(one) == fingerprint(other))
