"""Facts: what a person or a file says of them, and what a ticket keeps."""

from dataclasses import fields
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.facts import FLAG, MONEY, RESERVED, amount_of, known_facts, written_money
from policy.intake.incoming import FIELDS
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import FactKind, FactValue

AN_AMOUNT = 'expected an amount and its currency such as "16000 SEK", not'
KINDS: dict[str, FactKind] = {
    "kind": ("incident", "service_request"),
    "special": FLAG,
    "amount": MONEY,
}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"kind": "incident"}, {"kind": "incident"}),
        ({"kind": "Service-Request"}, {"kind": "service_request"}),
        ({"special": "true"}, {"special": True}),
        ({"special": True}, {"special": True}),
        ({"special": "No"}, {"special": False}),
        ({"special": 0}, {"special": False}),
        ({"amount": "16000 SEK"}, {"amount": "16000 SEK"}),
        ({"amount": " 16000.50 sek"}, {"amount": "16000.5 SEK"}),
        ({"amount": 16000, "currency": "SEK"}, {"amount": "16000 SEK"}),
        ({"currency": "eur", "amount": "99.90"}, {"amount": "99.9 EUR"}),
        ({"amount": "5 GBP", "currency": "EUR"}, {"amount": "5 GBP"}),
        ({"currency": "SEK"}, {}),
    ],
)
def test_facts_are_kept_in_one_way(given: dict[str, object], kept: dict[str, FactValue]) -> None:
    assert known_facts(given, KINDS) == kept


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"kind": "incidnt"},
         'kind: "incidnt"; expected incident or service_request; did you mean incident?'),
        ({"kind": True}, "kind: true; expected incident or service_request"),
        ({"knd": "incident"},
         '"knd": expected a fact, kind, special or amount; did you mean kind?'),
        ({"special": "perhaps"}, 'special: expected true or false, not "perhaps"'),
        ({"amount": 16000}, f"amount: {AN_AMOUNT} 16000"),
        ({"amount": "-5 SEK"}, f'amount: {AN_AMOUNT} "-5 SEK"'),
        ({"amount": "5", "currency": "kronor"}, f'amount: {AN_AMOUNT} "5"'),
    ],
)  # fmt: skip
def test_what_is_no_fact_is_refused(given: dict[str, object], reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        known_facts(given, KINDS)
    assert caught.value.reason == reason


def test_a_policy_without_facts_knows_none() -> None:
    with pytest.raises(Refusal) as caught:
        known_facts({"kind": "incident"}, {})
    assert caught.value.reason == '"kind": the policy in force names no facts'


@given(st.decimals(0, 10**15, places=4), st.sampled_from(["SEK", "EUR"]))
def test_money_is_written_in_one_way(amount: Decimal, currency: str) -> None:
    assert amount_of(written_money(amount, currency)) == (amount, currency)


def test_no_fact_bears_the_name_of_a_field_of_the_ticket() -> None:
    assert {each.name for each in fields(Ticket)} <= RESERVED
    assert {*FIELDS} <= RESERVED
