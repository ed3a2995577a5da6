"""What a ticket of Request Tracker becomes here, by the mapping that is shipped."""

from collections.abc import Iterator

import pytest

from connections.files.mapping_files import load_mapping
from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.refusal import Refusal
from policy.words import OpenedBy, Status
from tests.connections.helpdesks.request_tracker_over_there import RequestTrackerOverThere
from tests.connections.helpdesks.request_tracker_server import RequestTrackerServer
from tests.connections.helpdesks.telling import Telling
from tests.examples import WORDS


@pytest.fixture
def over_there() -> Iterator[RequestTrackerOverThere]:
    """Give the other side of a Request Tracker of the test's own."""
    with RequestTrackerServer() as server:
        yield RequestTrackerOverThere(server)


@pytest.fixture
def told(over_there: RequestTrackerOverThere) -> Iterator[Telling]:
    """Give what it tells."""
    desk = over_there.help_desk()
    yield Telling(desk)
    desk.close()


def here(told: Telling, ticket: str) -> IncomingTicket:
    told.read()
    fields = load_mapping("request_tracker", WORDS).told(told.record(ticket))
    if fields.lacking is not None:
        raise fields.lacking
    return incoming_ticket(fields.fields, WORDS, stand_ins=frozenset(fields.stand_ins))


def test_a_ticket_with_all_that_it_can_have(
    over_there: RequestTrackerOverThere, told: Telling
) -> None:
    ticket = over_there.opens("Down", "All of it.", tier="enterprise")
    over_there.sets(ticket, CustomFields={"Severity": "1"})
    over_there.gives(ticket, "tomasz")
    found = here(told, ticket)
    assert (found.external_id, found.subject, found.customer) == (
        ticket,
        "Down",
        "Halcyon Ferry Lines",
    )
    assert (found.tier, found.severity, found.status) == ("enterprise", 1, Status.NEW)
    assert (found.requester_name, found.requester_email) == ("Ida Berg", "ida@customer.example")
    assert (found.assignee, found.opened_by) == ("tomasz", OpenedBy.CUSTOMER)
    assert found.solved_at is None
    assert found.url == f"{over_there.server.address}/Ticket/Display.html?id={ticket}"


def test_a_ticket_with_as_little_as_it_can_have(
    over_there: RequestTrackerOverThere, told: Telling
) -> None:
    ticket = over_there.opens("Slow", "A bit.", by="omar@client.example", tier="team")
    found = here(told, ticket)
    assert (found.customer, found.severity, found.assignee) == ("Omar Said", 2, None)


def test_without_a_tier_it_is_not_known_what_it_is(
    over_there: RequestTrackerOverThere, told: Telling
) -> None:
    ticket = over_there.opens("Whose", "Hm.")
    with pytest.raises(Refusal, match="tier: missing; looked in Tier"):
        here(told, ticket)


@pytest.mark.parametrize(
    ("theirs", "ours", "is_solved"),
    [
        ("open", Status.OPEN, False),
        ("stalled", Status.PENDING, False),
        ("resolved", Status.SOLVED, True),
        ("rejected", Status.CLOSED, True),
    ],
)
def test_the_statuses_that_it_comes_with(
    over_there: RequestTrackerOverThere,
    told: Telling,
    theirs: str,
    ours: Status,
    *,
    is_solved: bool,
) -> None:
    ticket = over_there.opens("State", "Hm.", tier="free")
    over_there.sets(ticket, Status=theirs)
    found = here(told, ticket)
    assert found.status is ours
    assert (found.solved_at is not None) is is_solved


def test_one_of_the_agents_opened_it_for_a_customer(
    over_there: RequestTrackerOverThere, told: Telling
) -> None:
    made = {
        "Queue": "Support",
        "Subject": "By telephone",
        "Requestor": "ida@customer.example",
        "Content": "She cannot log in.",
        "ContentType": "text/plain",
        "CustomFields": {"Tier": "team"},
    }
    ticket = over_there.asks("POST", "/ticket", made).json()["id"]
    assert here(told, ticket).opened_by is OpenedBy.SUPPORT
