"""What a ticket of Zendesk becomes here: by the mapping that reads its exports, as that does."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from connections.files.importing import import_file
from connections.files.mapping_files import load_mapping
from connections.helpdesks.zendesk_tickets import ZendeskTicket
from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.words import OpenedBy, Status
from tests.connections.helpdesks.telling import Telling
from tests.connections.helpdesks.zendesk_over_there import ZendeskOverThere
from tests.connections.helpdesks.zendesk_server import ZendeskServer
from tests.connections.recording_desk import RecordingDesk
from tests.examples import WORDS

OF_MESSAGES = ("first_response_at", "last_response_at", "last_customer_message_at")
"""What a connection tells by messages and not by its records."""


@pytest.fixture
def over_there() -> Iterator[ZendeskOverThere]:
    """Give the other side of a Zendesk of the test's own."""
    with ZendeskServer() as server:
        yield ZendeskOverThere(server)


@pytest.fixture
def told(over_there: ZendeskOverThere) -> Iterator[Telling]:
    """Give what it tells."""
    desk = over_there.help_desk()
    yield Telling(desk)
    desk.close()


def here(told: Telling, ticket: str) -> IncomingTicket:
    told.read()
    fields = load_mapping("zendesk", WORDS).told(told.record(ticket))
    return incoming_ticket(
        fields.fields,
        WORDS,
        stand_ins=frozenset(fields.stand_ins),
        references=fields.references,
        warnings=list(fields.warnings),
    )


def test_a_ticket_of_zendesk_with_all_that_it_can_have(
    over_there: ZendeskOverThere, told: Telling
) -> None:
    ticket = over_there.opens("Down", "All of it.", tier="enterprise")
    over_there.sets(ticket, Priority="high")
    over_there.gives(ticket, "tomasz")
    over_there.sets(ticket, Status="hold")
    found = here(told, ticket)
    assert (found.external_id, found.subject, found.customer) == (
        ticket,
        "Down",
        "Halcyon Ferry Lines",
    )
    assert (found.tier, found.severity, found.status) == ("enterprise", 1, Status.ON_HOLD)
    assert (found.requester_name, found.requester_email) == ("Ida Berg", "ida@customer.example")
    assert (found.requester_timezone, found.language) == ("Europe/Madrid", "en-US")
    assert (found.assignee, found.opened_by) == ("tomasz@help.example", OpenedBy.CUSTOMER)
    assert found.solved_at is None
    assert found.url == f"{over_there.server.address}/agent/tickets/{ticket}"


def test_a_record_says_what_an_export_of_the_same_says(
    over_there: ZendeskOverThere, told: Telling, tmp_path: Path
) -> None:
    tickets = [
        over_there.opens("Plain", "One.", by="omar@client.example", tier="free"),
        over_there.opens("Of a company", "Two.", tier="enterprise"),
        over_there.opens("Solved", "Three.", tier="team"),
        over_there.opens("Of one of us", "Four.", by="mariam@help.example", tier="internal"),
    ]
    over_there.gives(tickets[1], "mariam")
    over_there.sets(tickets[2], Status="solved")
    there = over_there.there
    live = [there.tickets[int(each)] for each in tickets]
    document = {
        "tickets": [each.said(over_there.server.address) for each in live],
        "users": [each.said() for each in there.people.values()],
        "organizations": [each.said() for each in there.companies.values()],
        "metric_sets": [each.measured() for each in live],
    }
    path = tmp_path / "tickets.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    desk = RecordingDesk()
    import_file(desk, path)
    assert len(desk.tickets) == len(tickets)
    for ticket, exported in zip(tickets, desk.tickets.values(), strict=True):
        read = here(told, ticket)
        names = sorted(read.model_fields_set - {*OF_MESSAGES})
        assert {name: getattr(read, name) for name in names} == {
            name: getattr(exported, name) for name in names
        }


def test_who_is_not_told_of_is_not_spoken_of() -> None:
    ticket = ZendeskTicket(
        {
            "id": 7,
            "subject": "Who",
            "requester_id": 5,
            "organization_id": None,
            "tags": ["free"],
            "status": "new",
            "created_at": "2026-03-02T09:00:00Z",
        },
        {},
        {},
        None,
    )
    told = load_mapping("zendesk", WORDS).told(ticket.record())
    assert "requester_email" not in told.fields
    assert told.fields["customer"] == "requester 5"
    assert "customer" in told.stand_ins, "a name that is known stays"
