"""What another help desk says: new tickets, what differs of old ones, and nothing twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from policy.refusal import Refusal
from policy.ticket import Requester, Ticket
from policy.words import PriorityInput, Status
from store.database import Database
from store.desk import Desk
from store.queue.query import Query
from store.tickets.ingest import Outcome
from tests.examples import MONDAY, incoming
from tests.store.checking import EVERYTHING, check, check_blocks, independent_queue
from tests.store.clock import Clock

HOUR = timedelta(hours=1)
ONE, TWO, THREE, FOUR = (MONDAY + hours * HOUR for hours in (1, 2, 3, 4))

BATCH = [
    incoming(1, requester_email="Ann@Acme.com", requester_name="Ann", tags=["vip", "a b"]),
    incoming(2, tier="presales"),
    incoming(3, tier="internal", body="Clean up.", url="https://example.com/3"),
    incoming(4, status="pending", first_response_at=ONE, assignee="jo"),
]


def named(desk: Desk, reference: str) -> Ticket:
    """Return the ticket that a file calls so."""
    return desk.tickets.get(desk.tickets.resolve(reference))


def test_new_tickets_are_admitted_or_declined(desk: Desk, address: str) -> None:
    assert desk.transfer.take_in(BATCH) == ["admitted", "declined", "admitted", "admitted"]
    check(desk, address)
    one = named(desk, "test:1")
    assert one.requester == Requester(name="Ann", email="Ann@Acme.com")
    assert one.tags == ("vip", "a b")
    assert named(desk, "test:3").url == "https://example.com/3"


def test_the_same_again_changes_nothing(desk: Desk) -> None:
    desk.transfer.take_in(BATCH)
    before = desk.history.revision(), desk.queue.page(EVERYTHING, 0, None)
    assert set(desk.transfer.take_in(BATCH)) == {Outcome.UNCHANGED}
    assert set(desk.transfer.take_in(BATCH[::-1])) == {Outcome.UNCHANGED}
    assert (desk.history.revision(), desk.queue.page(EVERYTHING, 0, None)) == before


def test_a_dry_run_says_the_same_and_does_nothing(desk: Desk) -> None:
    foreseen = desk.transfer.take_in(BATCH, dry_run=True)
    assert desk.history.revision() == 0
    assert desk.queue.page(EVERYTHING, 0, None) == ()
    assert desk.transfer.take_in(BATCH) == foreseen
    changed = [*BATCH[1:], incoming(1, severity=0), incoming(9)]
    foreseen = desk.transfer.take_in(changed, dry_run=True)
    assert desk.transfer.take_in(changed) == foreseen == [*["unchanged"] * 3, "updated", "admitted"]


def test_nothing_taken_in_is_nothing_changed(desk: Desk) -> None:
    assert desk.transfer.take_in([]) == []
    assert desk.history.revision() == 0


def test_a_ticket_twice_in_one_batch_is_refused_whole(desk: Desk) -> None:
    with pytest.raises(Refusal, match=r"^test:1 occurs twice; expected each ticket once$"):
        desk.transfer.take_in([incoming(2), incoming(1), incoming(1, subject="Again")])
    assert desk.queue.total(EVERYTHING) == 0


def test_the_same_id_from_two_sources_is_two_tickets(desk: Desk) -> None:
    assert desk.transfer.take_in([incoming(1), incoming(1, source="other")]) == [
        "admitted",
        "admitted",
    ]
    assert desk.tickets.resolve("other:1") != desk.tickets.resolve("test:1")


def test_an_id_may_hold_a_colon(desk: Desk) -> None:
    desk.transfer.take_in([incoming("a:b")])
    assert named(desk, "test:a:b").external_id == "a:b"


Said = dict[str, Any]

CHANGES: dict[str, tuple[Said, dict[str, Any]]] = {
    "subject": ({"subject": "Worse"}, {"subject": "Worse"}),
    "customer": ({"customer": "Globex"}, {"customer": "Globex"}),
    "severity": (
        {"severity": 0},
        {"severity": 0, "defined_priority": "p0",
         "respond_by": MONDAY + 2 * HOUR},
    ),
    "tier": ({"tier": "free"}, {"tier": "free", "defined_priority": "p3"}),
    "declined": (
        {"tier": "presales"},
        {"tier": "presales", "defined_priority": None, "respond_by": None},
    ),
    "status": ({"status": "on_hold"}, {"status": Status.ON_HOLD}),
    "assignee": ({"assignee": "jo"}, {"assignee": "jo"}),
    "requester": (
        {"requester_name": "Bob"},
        {"requester": Requester(name="Bob")},
    ),
    "tags": ({"tags": ["new"]}, {"tags": ("new",)}),
    "received": ({"received_at": ONE}, {"received_at": ONE, "waiting_since": ONE}),
    "answered": (
        {"first_response_at": ONE},
        {"first_response_at": ONE, "last_response_at": ONE, "waiting_since": None,
         "status": Status.OPEN, "respond_by": None},
    ),
    "answered once more": (
        {"first_response_at": ONE, "last_response_at": THREE, "last_customer_message_at": TWO},
        {"first_response_at": ONE, "last_response_at": THREE, "last_customer_message_at": TWO,
         "waiting_since": None, "status": Status.OPEN, "respond_by": None},
    ),
    "answered and asked again": (
        {"first_response_at": ONE, "last_customer_message_at": TWO},
        {"first_response_at": ONE, "last_response_at": ONE, "last_customer_message_at": TWO,
         "waiting_since": TWO, "status": Status.OPEN, "respond_by": FOUR},
    ),
}  # fmt: skip
"""What a source says anew of a ticket, and what the ticket then is."""


@pytest.mark.parametrize("name", CHANGES)
def test_a_later_file_updates_what_differs(desk: Desk, address: str, name: str) -> None:
    said, expected = CHANGES[name]
    desk.transfer.take_in([incoming(1), incoming(2)])
    before = named(desk, "test:1")
    assert desk.transfer.take_in([incoming(1, **said), incoming(2)]) == ["updated", "unchanged"]
    after = named(desk, "test:1")
    assert {field: getattr(after, field) for field in expected} == expected
    untouched = set(before.__slots__) - expected.keys() - {
        "version", "because", "declined", "respond_by", "aim_by"}  # fmt: skip
    assert {field: getattr(after, field) for field in untouched} == {
        field: getattr(before, field) for field in untouched
    }
    event = desk.tickets.history(after.id)[-1]
    assert event.kind == "updated"
    assert event.note == f"test says otherwise: {', '.join(sorted(said))}"
    check(desk, address)


def test_a_changed_description_is_kept_and_found(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1, body="The first version.")])
    assert desk.transfer.take_in([incoming(1, body="Another version.")]) == ["updated"]
    assert desk.tickets.card(1).body == "Another version."
    assert desk.queue.total(Query(words=("another",))) == 1
    assert desk.queue.total(Query(words=("first",))) == 0
    assert desk.transfer.take_in([incoming(1)]) == ["unchanged"], "nothing is said of it"
    assert desk.tickets.card(1).body == "Another version."
    assert desk.transfer.take_in([incoming(1, body="")]) == ["updated"]
    assert desk.tickets.card(1).body == ""
    assert desk.queue.total(Query(words=("another",))) == 0


def test_what_people_did_here_stays_when_the_source_speaks_of_something_else(
    desk: Desk, clock: Clock, address: str
) -> None:
    desk.transfer.take_in([incoming(1, assignee="jo", status="new")])
    clock.advance(hours=1)
    desk.tickets.assign(1, "mo")
    desk.tickets.assign_priority(1, "p0", reason="Down.", rests_on=PriorityInput.CUSTOMER)
    desk.tickets.reply(1, Status.PENDING)
    desk.transfer.take_in([incoming(1, assignee="jo", status="new", subject="Worse", severity=3)])
    ticket = desk.tickets.get(1)
    assert (ticket.subject, ticket.severity) == ("Worse", 3)
    assert (ticket.assignee, ticket.status, ticket.priority) == ("mo", "pending", "p0")
    assert (ticket.first_response_at, ticket.waiting_since) == (ONE, None)
    check(desk, address)


def answered_here(desk: Desk, clock: Clock, **said: object) -> None:
    """Take a ticket in and reply to it an hour later."""
    desk.transfer.take_in([incoming(1, **said)])
    clock.now = ONE
    desk.tickets.reply(1)


def heard_here(desk: Desk, clock: Clock, **said: object) -> None:
    """Take a ticket in, reply to it, and let the customer write again."""
    answered_here(desk, clock, **said)
    clock.now = TWO
    desk.tickets.heard(1)


@pytest.mark.parametrize(
    "case",
    [
        # Our reply, of which the source knows nothing, is not undone by it.
        (answered_here, {}, {"subject": "Other"}, None),
        (answered_here, {}, {"received_at": MONDAY - HOUR}, None),
        (answered_here, {}, {"last_customer_message_at": MONDAY + HOUR / 2}, None),
        # The source learns of our reply.
        (answered_here, {}, {"first_response_at": ONE}, None),
        # The customer wrote again, as the source says.
        (answered_here, {}, {"last_customer_message_at": TWO}, TWO),
        (answered_here, {}, {"first_response_at": ONE, "last_customer_message_at": TWO}, TWO),
        # The customer wrote again, as we know here.
        (heard_here, {}, {"subject": "Other"}, TWO),
        (heard_here, {}, {"first_response_at": ONE}, TWO),
        (heard_here, {}, {"first_response_at": ONE, "last_customer_message_at": TWO}, TWO),
        (heard_here, {}, {"first_response_at": ONE, "last_customer_message_at": THREE}, TWO),
        # Answered and asked again in the source, then answered again here.
        (
            answered_here,
            {"first_response_at": MONDAY, "last_customer_message_at": MONDAY + HOUR / 2},
            {"first_response_at": MONDAY, "last_customer_message_at": MONDAY + HOUR / 2,
             "received_at": MONDAY - HOUR},
            None,
        ),
    ],
)  # fmt: skip
def test_waiting_is_what_both_sides_know_together(
    desk: Desk,
    clock: Clock,
    address: str,
    case: tuple[Callable[..., None], Said, Said, datetime | None],
) -> None:
    happens_here, said_before, says_now, waiting_since = case
    happens_here(desk, clock, **said_before)
    assert desk.transfer.take_in([incoming(1, **says_now)]) == ["updated"]
    assert desk.tickets.get(1).waiting_since == waiting_since
    check(desk, address)


def test_further_messages_do_not_reset_the_waiting(desk: Desk) -> None:
    desk.transfer.take_in([incoming(1, first_response_at=ONE, last_customer_message_at=TWO)])
    desk.transfer.take_in([incoming(1, first_response_at=ONE, last_customer_message_at=THREE)])
    assert desk.tickets.get(1).waiting_since == TWO
    desk.transfer.take_in([incoming(1, first_response_at=THREE)])
    assert desk.tickets.get(1).waiting_since is None


def test_an_older_page_takes_nothing_back(desk: Desk) -> None:
    older = incoming(1, updated_at=ONE, last_response_at=ONE, last_customer_message_at=None)
    newer = incoming(
        1, updated_at=TWO, last_response_at=ONE, last_customer_message_at=TWO, severity=1
    )
    desk.transfer.take_in([newer])
    assert desk.transfer.take_in([older]) == ["unchanged"]
    ticket = desk.tickets.get(1)
    assert (ticket.severity, ticket.waiting_since, ticket.owed) == (1, TWO, True)
    again = incoming(1, updated_at=TWO, last_response_at=ONE, last_customer_message_at=None)
    assert desk.transfer.take_in([again]) == ["updated"]
    assert not desk.tickets.get(1).owed, "none means that we have answered"


def test_a_requester_is_one_person_at_a_customer(desk: Desk) -> None:
    desk.transfer.take_in(
        [
            incoming(1, requester_email="ann@acme.com", requester_timezone="Europe/Berlin"),
            incoming(2, requester_email="ANN@acme.com", requester_name="Ann"),
            incoming(3, requester_name="Ann", customer="Globex"),
        ]
    )
    ann = Requester(name="Ann", email="ANN@acme.com", timezone="Europe/Berlin")
    assert named(desk, "test:1").requester == named(desk, "test:2").requester == ann
    assert named(desk, "test:3").requester == Requester(name="Ann")


def test_many_at_once_split_the_blocks_and_few_join_them(desk: Desk, address: str) -> None:
    received = [MONDAY - timedelta(minutes=number * 7 % 1_300) for number in range(1_300)]
    many = [incoming(number, received_at=at) for number, at in enumerate(received)]
    assert set(desk.transfer.take_in(many)) == {Outcome.ADMITTED}
    check_places(desk, address)
    solved = [
        incoming(number, received_at=at, status="solved")
        for number, at in enumerate(received)
        if number % 10
    ]
    assert set(desk.transfer.take_in(solved)) == {Outcome.UPDATED}
    check_places(desk, address)


def check_places(desk: Desk, address: str) -> None:
    queue = desk.queue.page(Query(), 0, None)
    assert list(queue) == independent_queue(desk, queue)
    for place in {0, 128, 255, 256, 511, 512, 700, 1_299} & set(range(len(queue))):
        assert desk.queue.position(queue[place].id) == place + 1
        assert desk.queue.page(Query(), place, 3) == queue[place : place + 3]
        assert desk.queue.row_of(queue[place].id, Query()) == place
    database = Database(address)
    with database.read() as connection:
        check_blocks(connection)
    database.close()
