"""A listing says every ticket's position, for a few and for many, and asking makes no database."""

import pytest

from policy.words import Status
from store.desk import Desk
from store.engines.addresses import kind_of
from store.queue.query import Query, parse_query
from store.queue.queue_order import FEW
from tests.examples import WORDS, incoming
from tests.store.conftest import OpenDesk


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return a desk where every third ticket is p3, and every fifth is pending."""
    tickets = [
        incoming(number, severity=2 if number % 3 else 3, status=None if number % 5 else "pending")
        for number in range(1, 3 * FEW)
    ]
    desk.transfer.take_in(tickets)
    return desk


def test_positions_are_those_of_the_queue(filled: Desk) -> None:
    for query in ("", "p:p3", "status:new,open,pending"):
        for limit in (0, 1, FEW, FEW + 1, None):
            check_positions(filled, parse_query(query, WORDS), limit)


def check_positions(filled: Desk, asked: Query, limit: int | None) -> None:
    with filled.queue.listing(asked, limit) as listing:
        listed = list(listing.tickets)
    assert listing.total == filled.queue.total(asked)
    assert tuple(ticket for ticket, _ in listed) == filled.queue.page(asked, 0, limit)
    for ticket, position in listed[:: 1 + len(listed) // 20]:
        assert position == filled.queue.position(ticket.id)


def test_it_is_read_as_of_one_instant(filled: Desk, open_desk: OpenDesk) -> None:
    with filled.queue.listing(parse_query("", WORDS)) as listing:
        first, position = next(listing.tickets)
        open_desk("ada").tickets.set_status(first.id, Status.SOLVED, unanswered="They called.")
        rest = [place for _, place in listing.tickets]
    assert [position, *rest] == list(range(1, listing.total + 1))


def test_asking_whether_there_is_a_database_makes_none(unmade: str) -> None:
    assert not kind_of(unmade).exists()
    assert not kind_of(unmade).exists()
    Desk.open(unmade, actor="mo").close()
    assert kind_of(unmade).exists()
