"""What people do to tickets, and what each of it leaves behind: keys, version, event, counts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import PriorityInput, Status
from store.database import Database
from store.desk import Desk
from store.queue.query import Query, Scope
from store.schema.tables import KEYS
from tests.examples import MONDAY, incoming
from tests.store.checking import check
from tests.store.clock import Clock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Return a desk with six tickets, of which two are p1 and one is declined."""
    desk.transfer.take_in(
        [
            incoming(1, severity=1),
            incoming(2, severity=1, received_at=MONDAY + MINUTE, assignee="jo"),
            incoming(3),
            incoming(4, tier="free", severity=3, body="The whole story."),
            incoming(5, tier="presales"),
            incoming(6, status="solved", first_response_at=MONDAY + MINUTE),
        ]
    )
    return desk


def urgent(desk: Desk, ticket: int) -> Ticket:
    return desk.tickets.assign_priority(
        ticket, "p0", reason="Down.", rests_on=PriorityInput.CONTRACT
    )


CHANGES: dict[str, tuple[Callable[[Desk], Ticket], dict[str, Any], dict[str, Any]]] = {
    "taken": (lambda desk: desk.tickets.take(3), {"assignee": None}, {"assignee": "mo"}),
    "assigned": (
        lambda desk: desk.tickets.assign(2, "mo"),
        {"assignee": "jo"},
        {"assignee": "mo"},
    ),
    "assigned to nobody": (
        lambda desk: desk.tickets.assign(2, None),
        {"assignee": "jo"},
        {"assignee": None},
    ),
    "replied": (
        lambda desk: desk.tickets.reply(1, Status.PENDING),
        {"status": "new", "waiting_since": "2026-03-02T09:00:00Z", "first_response_at": None},
        {
            "status": "pending",
            "waiting_since": None,
            "first_response_at": "2026-03-02T10:00:00Z",
            "respond_by": None,
            "aim_by": None,
        },
    ),
    "heard": (
        lambda desk: desk.tickets.heard(6),
        {"status": "solved", "waiting_since": None, "respond_by": None},
        {
            "status": "open",
            "waiting_since": "2026-03-02T10:00:00Z",
            "respond_by": "2026-03-02T12:00:00Z",
        },
    ),
    "status changed": (
        lambda desk: desk.tickets.set_status(3, Status.ON_HOLD),
        {"status": "new"},
        {"status": "on_hold"},
    ),
    "priority assigned": (
        lambda desk: urgent(desk, 4),
        {"priority": "p3", "assigned_priority": None, "respond_by": "2026-03-04T09:00:00Z"},
        {
            "priority": "p0",
            "assigned_priority": {
                "priority": "p0",
                "by": "mo",
                "reason": "Down.",
                "rests_on": "contract",
            },
            "respond_by": "2026-03-02T11:00:00Z",
        },
    ),
}
"""Changes, with some of what they change from and to."""


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_kept_counted_keyed_and_told(
    filled: Desk, clock: Clock, address: str, name: str
) -> None:
    change, before, after = CHANGES[name]
    clock.advance(hours=1)
    revision = filled.history.revision()
    changed = change(filled)

    assert filled.tickets.get(changed.id) == changed
    assert changed.version == 2
    assert filled.history.revision() > revision
    event = filled.tickets.history(changed.id)[-1]
    assert event.kind == " ".join(name.split()[:2]).replace(" to", "").replace(" ", "_")
    assert (event.actor, event.at, event.ticket) == ("mo", clock.now, changed.id)
    assert before.items() <= dict(event.before or {}).items()
    assert after.items() <= dict(event.after or {}).items()
    assert (event.before or {}).keys() == (event.after or {}).keys()
    check(filled, address)


def test_the_note_of_an_assigned_priority_is_its_reason(filled: Desk) -> None:
    assert filled.tickets.history(urgent(filled, 3).id)[-1].note == "Down."


def test_what_came_in_is_told_whole(filled: Desk) -> None:
    (event,) = filled.tickets.history(4)
    assert (event.kind, event.before, event.note) == ("imported", None, "")
    assert dict(event.after or {})["subject"] == "Ticket 4"
    assert filled.tickets.card(4).body == "The whole story."


def test_a_new_number_one_is_there_at_once(filled: Desk) -> None:
    number_one = filled.queue.overview().number_one
    assert number_one
    assert number_one.id == 1
    urgent(filled, 4)
    overview = filled.queue.overview()
    assert overview.number_one
    assert overview.number_one.id == 4
    assert overview.why[0] == "The only p0 in the queue; #1 behind it is p1."
    filled.tickets.reply(4, Status.PENDING)
    number_one = filled.queue.overview().number_one
    assert number_one
    assert number_one.id == 1


@pytest.mark.parametrize(
    "nothing_new",
    [
        lambda desk: desk.tickets.assign(2, "jo"),
        lambda desk: desk.tickets.assign(3, None),
        lambda desk: desk.tickets.set_status(6, Status.SOLVED),
        lambda desk: [desk.tickets.take(3), desk.tickets.take(3)][0],
    ],
)
def test_doing_what_is_so_already_changes_nothing(
    filled: Desk, nothing_new: Callable[[Desk], Ticket]
) -> None:
    ticket = nothing_new(filled)
    assert len(filled.tickets.history(ticket.id)) == ticket.version
    assert filled.tickets.get(ticket.id).version == ticket.version
    assert ticket.version <= 2


def test_every_reply_and_every_message_is_told(filled: Desk) -> None:
    for _ in range(2):
        filled.tickets.reply(3)
    for _ in range(2):
        filled.tickets.heard(3)
    assert [event.kind for event in filled.tickets.history(3)] == [
        "imported", "replied", "replied", "heard", "heard"]  # fmt: skip


REFUSED: list[tuple[Callable[[Desk], object], str]] = [
    (lambda desk: desk.tickets.take(2), "#2 is jo's already"),
    (lambda desk: desk.tickets.take(99), '"99": no such ticket'),
    (lambda desk: desk.tickets.resolve("#99"), '"#99": no such ticket'),
    (lambda desk: desk.tickets.resolve("test:99"), '"test:99": no such ticket'),
    (
        lambda desk: desk.tickets.resolve("mine"),
        '"mine": no such ticket; expected a number or source:',
    ),
    (lambda desk: desk.tickets.resolve(""), '"": no such ticket; expected a number or source:'),
    (lambda desk: desk.tickets.resolve("9" * 5000), '"99999'),
    (lambda desk: desk.tickets.resolve("0" * 30 + "9" * 30), '"00000'),
    (lambda desk: desk.tickets.resolve("test:\ud800"), "'\\ud800': expected text in Unicode"),
    (lambda desk: desk.tickets.assign(3, "no body"), "login: 'no body'; expected one word"),
    (lambda desk: urgent(desk, 5), "#5 was declined and has no priority"),
    (lambda desk: desk.tickets.set_status(6, Status.NEW), "#6 had its first reply"),
    (
        lambda desk: desk.tickets.assign_priority(
            3, "p0", reason="\udcff", rests_on=PriorityInput.CUSTOMER
        ),
        "'\\udcff': expected text in Unicode",
    ),
]
"""What may not be done, and how the reason begins."""


def test_what_is_refused_changes_nothing(filled: Desk, address: str) -> None:
    for refused, reason in REFUSED:
        before = filled.history.revision(), filled.queue.page(Query(scope=Scope.ALL), 0, None)
        with pytest.raises(Refusal) as refusal:
            refused(filled)
        assert refusal.value.reason.startswith(reason)
        assert "\n" not in refusal.value.reason
        assert (
            filled.history.revision(),
            filled.queue.page(Query(scope=Scope.ALL), 0, None),
        ) == before
    check(filled, address)


@pytest.mark.parametrize("reference", ["3", "#3", "003", "test:3"])
def test_a_ticket_is_named_by_number_or_by_its_source(filled: Desk, reference: str) -> None:
    assert filled.tickets.get(filled.tickets.resolve(reference)).id == 3
    assert filled.tickets.resolve(reference) == 3


@pytest.mark.parametrize("mode", KEYS)
def test_the_database_itself_refuses_a_second_number_one(
    filled: Desk, address: str, mode: str
) -> None:
    database = Database(address)
    copy = (
        f"UPDATE ticket_order SET {mode}_key ="  # noqa: S608 - our own names
        f" (SELECT {mode}_key FROM ticket_order WHERE ticket_id = 1) WHERE ticket_id = 2"
    )
    with pytest.raises(Refusal, match=r"(?i)unique") as refusal, database.write() as connection:
        connection.execute(text(copy))
    assert isinstance(refusal.value.__cause__, IntegrityError)
    database.close()
    check(filled, address)


def test_tickets_of_our_own_have_their_number_as_name(desk: Desk, address: str) -> None:
    opened = desk.tickets.open_ticket(incoming(77, severity=0, body="It burns.", tags=["fire"]))
    assert (opened.source, opened.external_id, opened.id) == ("numberone", "1", 1)
    assert opened.priority == "p0"
    assert desk.tickets.card(1).body == "It burns."
    assert [event.kind for event in desk.tickets.history(1)] == ["opened"]
    check(desk, address)


def test_a_name_that_a_file_brought_is_not_given_again(desk: Desk, address: str) -> None:
    desk.transfer.take_in([incoming(name, source="numberone") for name in ("2", "3", "3-2", "30")])
    desk.transfer.take_in([incoming(name, source="numberone") for name in ("7", "7-2")])
    assert desk.tickets.open_ticket(incoming()).external_id == "7-3"
    assert desk.tickets.open_ticket(incoming()).external_id == "8"
    check(desk, address)


def test_a_declined_ticket_is_kept_and_never_ranked(filled: Desk) -> None:
    declined = filled.tickets.get(5)
    assert declined.declined
    assert declined.priority is None
    assert filled.queue.position(5) is None
    card = filled.tickets.card(5)
    assert card.position is None
    assert card.why == "#5 was declined, so it is never ranked."
    assert filled.queue.page(Query(scope=Scope.DECLINED), 0, 9) == (declined,)


def test_the_customer_keeps_the_tier_that_a_source_said_last(filled: Desk, address: str) -> None:
    filled.transfer.take_in([incoming(7, tier="team")])
    filled.tickets.take(3)  # an older ticket, which came when they were still Enterprise
    database = Database(address)
    with database.read() as connection:
        assert connection.scalar(text("SELECT tier FROM customer WHERE name = 'Acme'")) == "team"
    database.close()


def test_a_card_has_all_that_the_detail_pane_shows(filled: Desk) -> None:
    card = filled.tickets.card(1)
    assert card.ticket == filled.tickets.get(1)
    assert card.position == 1
    assert card.why == "Both are p1; #1 is due 1 m before #2."
    assert card.handling[0].endswith("are p1.")
    assert card.next_step.sentence == "Take it: whoever takes it is accountable from then on."
    filled.tickets.take(1)
    filled.tickets.reply(1)
    assert [event.kind for event in filled.tickets.card(1).history] == [
        "replied",
        "taken",
        "imported",
    ]


def test_what_is_due_soon_comes_in_the_order_of_its_deadline(filled: Desk) -> None:
    hour = timedelta(hours=1)
    due = filled.queue.due_between(MONDAY, MONDAY + 8 * hour)
    assert [each.id for each in due] == [1, 2]
    assert filled.queue.due_between(MONDAY, MONDAY + 4 * hour) == ()
    assert [each.id for each in filled.queue.due_between(MONDAY, MONDAY + 90 * hour, limit=3)] == [
        1,
        2,
        3,
    ]


def test_a_listing_gives_every_ticket_its_position(filled: Desk) -> None:
    with filled.queue.listing(Query(scope=Scope.ALL)) as listing:
        assert listing.total == 6
        assert [(each.id, position) for each, position in listing.tickets] == [
            (1, 1), (2, 2), (3, 3), (4, 4), (5, None), (6, None)]  # fmt: skip
    with filled.queue.listing(Query(), 2) as listing:
        assert (listing.total, len(list(listing.tickets))) == (4, 2)
