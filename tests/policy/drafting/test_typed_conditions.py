"""Which tickets a typed condition means, and what is said of one that means none."""

from typing import Any

import pytest

from policy.drafting.typed_conditions import Sayable, typed_condition
from policy.refusal import Refusal

SHOP = Sayable(
    plans=("premium", "free"),
    severities=("bad", 2),
    priorities=("urgent", "low"),
    facts={
        "kind": ("quote", "missing_order", "wrong_item"),
        "special": "flag",
        "has_deadline": "flag",
        "amount": "money",
    },
)


@pytest.mark.parametrize(
    ("typed", "whens"),
    [
        ("kind = quote", [{"kind": ["quote"]}]),
        ("Kind: Missing order, quote", [{"kind": ["missing_order", "quote"]}]),
        ("kind is quote or wrong item", [{"kind": ["quote", "wrong_item"]}]),
        ("special", [{"special": True}]),
        ("not special", [{"special": False}]),
        ("special = no", [{"special": False}]),
        ("plan = premium", [{"tier": ["premium"]}]),
        ("tier = premium, free", [{"tier": ["premium", "free"]}]),
        ("severity = 2, bad and paying", [{"severity": [2, "bad"], "paying": True}]),
        ("priority = URGENT", [{"priority": ["urgent"]}]),
        (
            "amount > 15000 SEK, 1500 EUR",
            [{"amount": {"SEK": "> 15000", "EUR": "> 1500"}}],
        ),
        (
            "amount over 15,000 SEK or 1,500.50 EUR or special",
            [{"amount": {"SEK": "> 15000", "EUR": "> 1500.5"}}, {"special": True}],
        ),
        ("amount <= 10 eur", [{"amount": {"EUR": "<= 10"}}]),
        (
            "kind = missing order or wrong item and has_deadline",
            [{"kind": ["missing_order", "wrong_item"], "has_deadline": True}],
        ),
        (
            "kind = quote and special OR amount > 5 EUR",
            [{"kind": ["quote"], "special": True}, {"amount": {"EUR": "> 5"}}],
        ),
    ],
)
def test_what_is_meant(typed: str, whens: list[dict[str, Any]]) -> None:
    assert list(typed_condition(typed, SHOP)) == whens


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("kid = quote", 'not "kid"; did you mean kind?'),
        ("kind = qote", 'kind "qote": expected quote, missing_order or wrong_item; did you mean'),
        ("quote", "did you mean kind = quote?"),
        ("speical", "did you mean special?"),
        ("kind", "expected kind with what it is, such as kind = quote"),
        ("kind > quote", "expected kind = and its words"),
        ("amount = 5 EUR", "expected amount > or < and an amount"),
        ("amount > many", 'amount: expected an amount and its currency such as "16000 SEK"'),
        ("special = maybe", "special is a flag; expected special or not special"),
        ("kind = quote and kind = wrong_item", "expected kind once"),
        ("kind = quote or speical", "speical"),
        ("", "expected a condition"),
        ("and", "expected a condition"),
    ],
)
def test_what_is_refused(typed: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        typed_condition(typed, SHOP)
    assert said in refused.value.reason


def test_where_nothing_can_be_said() -> None:
    with pytest.raises(Refusal, match="expected a condition such as"):
        typed_condition("anything", Sayable())
