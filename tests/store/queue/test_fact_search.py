"""Queries for facts: what a person types, and what both engines find by it, beside plain Python."""

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.contract.conditions import Comparison
from policy.facts import Facts, amount_of
from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook, load_rulebook
from store.desk import Desk
from store.queue.fact_query import AmountSought, FactSought, FactTerm
from store.queue.query import Query, Scope, parse_query
from tests.databases import ENGINES
from tests.examples import MONDAY
from tests.store.conftest import unmade_address

NO_TIERS = """
[tiers]
order = []
[severities]
order = []
[priorities]
order = ["only"]
urgent = []
[[intake]]
when = {}
assign = "only"
because = "It is a ticket."
[response]
only = "4h"
"""
FACTS = """
[facts]
kind = ["incident", "Höchste", "a.b+c", "x_y"]
special = "flag"
amount = "money"
"""
OTHER_FACTS = """
[facts]
kind = "flag"
special = "money"
amount = ["incident", "none"]
"""
POLICY = load_rulebook(NO_TIERS + FACTS, "ours.toml")
OTHER = load_rulebook(NO_TIERS + OTHER_FACTS, "others.toml")
CARRIED: dict[int, dict[str, object]] = {
    1: {"kind": "incident", "special": True, "amount": "16000 SEK"},
    2: {"kind": "Höchste", "special": False, "amount": "15000 SEK"},
    3: {"kind": "a.b+c", "amount": "99.9 EUR"},
    4: {"kind": "x_y", "special": True},
    5: {"amount": "0 EUR"},
    6: {},
    7: {"special": False, "amount": "999999999999999999 JPY"},
    8: {"amount": "15000.000001 USD", "kind": "incident"},
}
ALL = frozenset(CARRIED)


def told(rulebook: Rulebook, number: int, **facts: object) -> IncomingTicket:
    plain = {
        "source": "test",
        "external_id": str(number),
        "subject": f"Ticket {number}",
        "customer": "Acme",
        "received_at": MONDAY,
    }
    return incoming_ticket({**plain, **facts}, rulebook.vocabulary)


@pytest.fixture(scope="module", params=ENGINES)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """Give a desk whose tickets carry facts; only for reading."""
    address = unmade_address(request, tmp_path_factory.mktemp("facts"))
    with closing(Desk.open(address, actor="mo")) as desk:
        desk.policy.adopt(POLICY)
        desk.transfer.take_in([told(POLICY, number, **each) for number, each in CARRIED.items()])
        yield desk


def found(desk: Desk, query: Query) -> set[int]:
    tickets = desk.queue.page(query, 0, None)
    assert desk.queue.total(query) == len(tickets)
    for row, each in enumerate(tickets):
        assert desk.queue.row_of(each.id, query) == row
    return {each.id for each in tickets}


def asked(text: str, rulebook: Rulebook = POLICY) -> Query:
    return parse_query(text, rulebook.vocabulary)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("kind:incident", {1, 8}),
        ("kind:Incident,HÖCHSTE", {1, 2, 8}),
        ("-kind:incident", ALL - {1, 8}),
        ("kind:a.b+c", {3}),
        ("kind:X-Y", {4}),
        ("kind:none", {5, 6, 7}),
        ("-kind:none", {1, 2, 3, 4, 8}),
        ("special:yes", {1, 4}),
        ("special:true,no", ALL),
        ("special:no", ALL - {1, 4}),
        ("-special:1", ALL - {1, 4}),
        ("amount:>15000", {1, 7, 8}),
        ('amount:">15000 SEK"', {1}),
        ("amount:>=15000 SEK", {1, 2}),
        ("amount:<100", {3, 5}),
        ("amount:<=0", {5}),
        ('amount:"16000 SEK"', {1}),
        ("amount:16000sek", {1}),
        ("amount:=99.90", {3}),
        ("amount:99.9 EUR", {3}),
        ("amount:99.9 SEK", set()),
        ("amount:15000", {2}),
        ("amount:999999999999999999", {7}),
        ("amount:<999999999999999999", ALL - {4, 6, 7}),
        ("amount:sek,eur", {1, 2, 3, 5}),
        ("amount:50..15000", {2, 3}),
        ("amount:15000.. -amount:jpy", {1, 2, 8}),
        ("amount:..100 EUR", {3, 5}),
        ("amount:none", {4, 6}),
        ("-amount:>15000", ALL - {1, 7, 8}),
        ("kind:incident amount:>15000 special:no", {8}),
        ("amount:16000 Ticket", {1}),
    ],
)
def test_each_fact_is_found_on_both_engines(filled: Desk, text: str, numbers: set[int]) -> None:
    assert found(filled, asked(text)) == numbers


def test_facts_are_found_wherever_a_ticket_stands(filled: Desk) -> None:
    assert found(filled, parse_query("kind:none", POLICY.vocabulary, Scope.ALL)) == {5, 6, 7}
    assert found(filled, parse_query("kind:none", POLICY.vocabulary, Scope.DECLINED)) == set()


@pytest.mark.parametrize("text", ["kind:yes", "kind:no", "special:>0", "amount:incident"])
def test_what_earlier_facts_of_the_same_name_said_does_no_harm(filled: Desk, text: str) -> None:
    assert found(filled, asked(text, OTHER)) == (ALL if text == "kind:no" else set())


@given(st.sampled_from(sorted(POLICY.fact_kinds)), st.data())
@settings(max_examples=150, deadline=None)
def test_any_term_finds_what_plain_python_finds(
    filled: Desk, name: str, data: st.DataObject
) -> None:
    values = data.draw(st.lists(_SOUGHT[name], min_size=1, max_size=3))
    term = FactTerm(name, tuple(values), negated=data.draw(st.booleans()))
    wanted = {
        ticket.id
        for ticket in filled.queue.page(Query(), 0, None)
        if any(_is_so(ticket.fact, name, value) for value in values) is not term.negated
    }
    assert found(filled, Query(terms=(term,))) == wanted


_DIGITS = st.sampled_from([Decimal(0), Decimal("99.9"), Decimal(15000), Decimal("15000.000001")])
_AMOUNTS = st.builds(
    AmountSought,
    st.lists(
        st.builds(Comparison, st.sampled_from([">", "<", ">=", "<="]), _DIGITS), max_size=2
    ).map(tuple),
    st.sampled_from([None, "SEK", "EUR", "JPY"]),
)
_HOSTILE = "x'; DROP TABLE ticket; --", '"}', "%", "_", "\\", "$.kind", "NULL", "é😀"
_SOUGHT: dict[str, st.SearchStrategy[FactSought]] = {
    "kind": st.sampled_from([None, "incident", "Höchste", "a.b+c", "x_y", *_HOSTILE]),
    "special": st.booleans(),
    "amount": st.one_of(st.none(), _AMOUNTS),
}


def _is_so(facts: Facts, name: str, sought: FactSought) -> bool:
    value = facts.get(name)
    if isinstance(sought, bool):
        return (value is True) is sought
    if not isinstance(sought, AmountSought):
        return value == sought
    if not isinstance(value, str):
        return False
    money = amount_of(value)
    return sought.currency in (None, money.currency) and all(
        bound.holds(money.amount) for bound in sought.bounds
    )


def test_a_name_that_no_policy_has_is_no_way_into_the_database(filled: Desk) -> None:
    for name in _HOSTILE:
        assert found(filled, Query(terms=(FactTerm(name, ("incident",)),))) == set()
        assert found(filled, Query(terms=(FactTerm(name, (None,)),))) == ALL


KINDS = "expected incident, Höchste, a.b+c, x_y, none"
FLAGS = "expected yes, no, true or false"
AMOUNTS = (
    'expected an amount such as ">15000", "16000 SEK" or 100..500, a currency or none; in a shell'
    " within quotation marks"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("kind:incidnt", f"query: kind: 'incidnt'; {KINDS}; did you mean incident?"),
        ("kind:", f"query: kind: nothing after the colon; {KINDS}"),
        ("special:perhaps", f"query: special: 'perhaps'; {FLAGS}"),
        ("special:none", f"query: special: 'none'; {FLAGS}"),
        ("amount:", f"query: amount: nothing after the colon; {AMOUNTS}"),
        ("amount:much", f"query: amount: 'much'; {AMOUNTS}"),
        ("amount:16,000", f"query: amount: '000'; {AMOUNTS}"),
        ("amount:..", f"query: amount: '..'; {AMOUNTS}"),
        ("amount:-5", f"query: amount: '-5'; {AMOUNTS}"),
        ("amuont:5", 'query: amuont: is no field; did you mean amount, or in quotation marks as'
         ' text: "amuont:5"'),
        ("colour:red", "query: colour: is no field; expected tier, priority, severity, status,"
         " assignee, customer, opened_by, source, language, tag, number, is, kind, special, amount,"
         ' or in quotation marks as text: "colour:red"'),
    ],
)  # fmt: skip
def test_what_is_no_value_of_a_fact_is_named_with_the_nearest(text: str, reason: str) -> None:
    with pytest.raises(Refusal) as caught:
        asked(text)
    assert caught.value.reason == reason


def test_a_word_that_is_called_none_is_that_word() -> None:
    assert asked("amount:none", OTHER).terms == (FactTerm("amount", ("none",)),)


def test_three_capital_letters_are_a_currency_behind_an_amount_only() -> None:
    assert asked("amount:>5 SEK VPN").words == ("VPN",)
    assert asked("amount:>5 vpn").words == ("vpn",)
    assert asked("amount:none SEK").words == ("SEK",)
    assert asked("kind:incident SEK").words == ("SEK",)


@given(st.text(st.sampled_from('amount:kind<>=.05 SEKx,-"')))
def test_anything_typed_is_a_query_or_a_refusal_in_one_line(text: str) -> None:
    reason, query = "", Query()
    try:
        query = asked(text)
    except Refusal as refusal:
        reason = refusal.reason
    assert "\n" not in reason
    assert all(term.values for term in query.terms)
