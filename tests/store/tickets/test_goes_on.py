"""Where a ticket goes on that was closed here or merged, when its source speaks of it again."""

from datetime import timedelta

import pytest

from policy.intake.incoming import IncomingTicket
from policy.ticket import Ticket
from policy.words import Status
from store.desk import Desk
from tests.examples import MONDAY, incoming
from tests.store.checking import check
from tests.store.clock import Clock

HOUR = timedelta(hours=1)


def one(**said: object) -> IncomingTicket:
    """Return what the source says of the first ticket."""
    return incoming(1, **({"status": "open", "subject": "One"} | said))


@pytest.fixture
def follow_up(desk: Desk, clock: Clock) -> Ticket:
    """Return the third ticket, in which the first goes on that was closed here; jo has another."""
    desk.transfer.take_in([one(), incoming(2, subject="Two", assignee="jo")])
    clock.advance(hours=1)
    desk.tickets.reply(1, Status.CLOSED)
    clock.advance(hours=1)
    opened = desk.tickets.heard(1)
    assert (opened.id, opened.split_from) == (3, 1)
    return opened


@pytest.mark.usefixtures("follow_up")
def test_its_source_goes_on_in_the_one_that_it_became(desk: Desk, address: str) -> None:
    desk.transfer.take_in([one(subject="Worse", severity=0, received_at=MONDAY - HOUR)])
    opened = desk.tickets.get(3)
    assert (opened.subject, opened.severity) == ("Worse", 0)
    assert opened.received_at == MONDAY + 2 * HOUR
    assert desk.tickets.get(1).subject == "One"
    check(desk, address)


@pytest.mark.parametrize("tier", ["internal", "presales"])
def test_what_nobody_is_owed_for_goes_on_as_well(desk: Desk, clock: Clock, tier: str) -> None:
    desk.transfer.take_in([one(tier=tier)])
    desk.tickets.set_status(1, Status.CLOSED)
    written = clock.advance(hours=1)
    desk.transfer.take_in([one(tier=tier, last_customer_message_at=written)])
    closed, opened = desk.tickets.get(1), desk.tickets.get(2)
    assert (closed.continued_in, closed.waiting_since) == (2, None)
    assert (opened.split_from, opened.waiting_since, opened.owed) == (1, written, False)
    desk.transfer.take_in([one(tier="team", last_customer_message_at=written)])
    assert desk.tickets.get(2).owed, "it has become one that can be"
    assert desk.transfer.problems() == []


def test_merged_into_another_its_source_says_nothing_of_that_one(
    desk: Desk, clock: Clock, address: str, follow_up: Ticket
) -> None:
    desk.merging.merge(follow_up.id, 2)
    clock.advance(hours=1)
    desk.tickets.reply(2, Status.PENDING)
    before = desk.tickets.get(2)
    said = {"subject": "Worse", "assignee": "ada", "severity": 0}
    assert desk.transfer.take_in([one(status="solved", **said)]) == ["updated"]
    assert desk.tickets.get(2) == before
    assert desk.tickets.get(follow_up.id).subject == "Worse"
    written = clock.advance(hours=1)
    desk.transfer.take_in([one(status="closed", last_customer_message_at=written, **said)])
    other = desk.tickets.get(2)
    assert (other.status, other.owed, other.waiting_since) == (Status.OPEN, True, written)
    assert (other.subject, other.assignee) == ("Two", "jo")
    check(desk, address)
    assert desk.transfer.problems() == []
