"""Facts of tickets in the database: taken in, renewed, ranked by, and kept in the history."""

from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.rulebook.book import text_in_the_book
from policy.rulebook.rulebook import Rulebook, load_rulebook
from store.desk import Desk
from store.queue.query import Query
from store.tickets.ingest import Outcome
from tests.examples import MONDAY
from tests.store.checking import check

SHOP = load_rulebook(text_in_the_book("skyltmax"), "skyltmax")
UNIVERSITY = load_rulebook(text_in_the_book("bu"), "bu")


def told(rulebook: Rulebook, number: int, **fields: object) -> IncomingTicket:
    plain = {
        "source": "test",
        "external_id": str(number),
        "subject": f"Ticket {number}",
        "customer": "Acme",
        "received_at": MONDAY,
    }
    return incoming_ticket({**plain, **fields}, rulebook.vocabulary)


def test_what_a_source_says_of_facts_is_kept_fact_by_fact(desk: Desk, address: str) -> None:
    desk.policy.adopt(SHOP)
    desk.transfer.take_in([told(SHOP, 1, kind="b2b_quote", amount=5, currency="SEK")])
    assert desk.tickets.get(1).fact == {"amount": "5 SEK", "kind": "b2b_quote"}
    again = desk.transfer.take_in([told(SHOP, 1, kind="b2b_quote", amount=5, currency="SEK")])
    assert again == [Outcome.UNCHANGED]
    desk.transfer.take_in([told(SHOP, 1, special="true")])
    assert desk.tickets.get(1).fact == {"amount": "5 SEK", "kind": "b2b_quote", "special": True}
    desk.transfer.take_in([told(SHOP, 1, amount="")])
    assert desk.tickets.get(1).fact == {"kind": "b2b_quote", "special": True}
    check(desk, address)


def test_a_tag_says_a_fact(desk: Desk, address: str) -> None:
    desk.policy.adopt(SHOP)
    tags = ["special", "kind:wrong_item", "kind:nothing we know", "amount=7 EUR", "other"]
    desk.transfer.take_in([told(SHOP, 1, tags=tags)])
    assert desk.tickets.get(1).fact == {
        "amount": "7 EUR", "kind": "wrong_item", "special": True,
    }  # fmt: skip
    check(desk, address)


def test_facts_decide_the_priority_and_the_times(desk: Desk, address: str) -> None:
    desk.policy.adopt(UNIVERSITY)
    desk.transfer.take_in(
        [
            told(UNIVERSITY, 1),
            told(UNIVERSITY, 2, kind="incident", impact="campus", urgency="critical"),
        ]
    )
    first, second = desk.tickets.get(1), desk.tickets.get(2)
    assert (first.priority, second.priority) == ("P4", "P1")
    assert second.resolve_by is not None
    assert (second.resolve_by - MONDAY).total_seconds() == 2 * 3600
    desk.transfer.take_in([told(UNIVERSITY, 1, impact="group", urgency="high")])
    assert desk.tickets.get(1).priority == "P2"
    check(desk, address)


BARE = """
[tiers]
order = []
[severities]
order = []
[priorities]
order = ["first", "second"]
[[contract]]
when = {}
first_response = "none"
[order]
normal = ["deviation", "priority", "group", "received_at"]
"""
ONE = (
    BARE
    + """
[facts]
kind = ["incident", "request"]
special = "flag"
amount = "money"
[[intake]]
when = { special = true }
assign = "first"
because = "It is special."
[[intake]]
when = {}
assign = "second"
because = "All else."
[[group]]
name = "Large"
when = { amount = { SEK = "> 10" } }
"""
)
ANOTHER = (
    BARE
    + """
[facts]
kind = "money"
special = ["very", "barely"]
amount = "flag"
[[intake]]
when = { amount = false, special = ["very"] }
assign = "first"
because = "It is small."
[[intake]]
when = { amount = false }
assign = "second"
because = "Nothing is said of the amount."
[[intake]]
when = { amount = true }
assign = "first"
because = "It has one."
[[group]]
name = "Dear"
when = { kind = { SEK = ">= 0" } }
"""
)


def test_what_a_fact_of_the_same_name_said_before_says_nothing(desk: Desk, address: str) -> None:
    one, another = load_rulebook(ONE, "one.toml"), load_rulebook(ANOTHER, "another.toml")
    desk.policy.adopt(one)
    desk.transfer.take_in(
        [
            told(one, 1, kind="incident", special=True),
            told(one, 2, kind="request", amount="11 SEK", special="no"),
            told(one, 3),
        ]
    )
    order = [each.id for each in desk.queue.page(Query(), 0, None)]
    assert order == [1, 2, 3]
    desk.policy.adopt(another)
    assert {each.because for each in desk.queue.page(Query(), 0, None)} == {
        "Nothing is said of the amount."
    }
    assert desk.tickets.get(2).fact == {"amount": "11 SEK", "kind": "request", "special": False}
    check(desk, address)
    desk.policy.adopt(one)
    assert [each.id for each in desk.queue.page(Query(), 0, None)] == order
    check(desk, address)


def test_a_fact_goes_with_the_tag_that_said_it(desk: Desk, address: str) -> None:
    desk.policy.adopt(SHOP)
    desk.transfer.take_in([told(SHOP, 1, tags=["special", "kind:wrong_item", "vip"])])
    assert desk.transfer.take_in([told(SHOP, 1, subject="Ticket 1")]) == [Outcome.UNCHANGED]
    desk.transfer.take_in([told(SHOP, 1, tags=["kind:b2b_quote", "vip"])])
    assert desk.tickets.get(1).fact == {"kind": "b2b_quote"}
    desk.transfer.take_in([told(SHOP, 1, tags=[], kind="wrong_item")])
    assert desk.tickets.get(1).fact == {"kind": "wrong_item"}
    check(desk, address)
