"""Facts of tickets in the database: taken in, renewed, ranked by, and kept in the history."""

from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.rulebook.book import text_in_the_book
from policy.rulebook.rulebook import Rulebook, load_rulebook
from store.desk import Desk
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
