"""Zendesk's exports: documents of any shape and length, and JSON line by line."""

import json
from pathlib import Path
from typing import Any

import pytest

from connections.files.import_report import ImportReport, RejectedLine
from connections.files.importing import import_file
from policy.words import OpenedBy, Status
from tests.connections.recording_desk import RecordingDesk

USERS = [
    {
        "id": 11,
        "name": "Ada",
        "email": "ada@acme.example",
        "iana_time_zone": "Europe/London",
        "role": "end-user",
    },
    {"id": 12, "name": "Mo", "email": "mo@desk.example", "role": "agent"},
]
ORGANIZATIONS = [{"id": 21, "name": "Acme", "tags": ["gold", "enterprise"]}]


def zendesk_ticket(number: int = 35436, **changed: Any) -> dict[str, object]:  # noqa: ANN401 - as JSON
    return {
        "url": f"https://acme.zendesk.com/api/v2/tickets/{number}.json",
        "id": number,
        "external_id": None,
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-03T09:00:00Z",
        "type": "incident",
        "subject": f"Ticket {number}",
        "raw_subject": f"Ticket {number}",
        "description": "All users see an error.",
        "priority": "high",
        "status": "open",
        "requester_id": 11,
        "submitter_id": 11,
        "assignee_id": 12,
        "organization_id": 21,
        "tags": ["outage", "team"],
        "custom_fields": [{"id": 36, "value": "Sev 0"}, {"id": 37, "value": None}],
        "satisfaction_rating": {"score": 4.5},
        **changed,
    }


def imported(
    tmp_path: Path, content: object, *, name: str = "tickets.json", mapping: str | None = None
) -> tuple[RecordingDesk, ImportReport]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    desk = RecordingDesk()
    return desk, import_file(desk, path, mapping=mapping)


def lines(*values: object) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


@pytest.mark.parametrize("indent", [None, 2, 0])
@pytest.mark.parametrize("sideloads_first", [True, False])
def test_a_document_with_people_and_organizations_beside_its_tickets(
    tmp_path: Path, indent: int | None, sideloads_first: bool
) -> None:
    beside: dict[str, object] = {"users": USERS, "organizations": ORGANIZATIONS, "count": 1}
    tickets = {"tickets": [zendesk_ticket()]}
    document = beside | tickets if sideloads_first else tickets | beside
    desk, report = imported(tmp_path, json.dumps(document, indent=indent).encode())
    assert (report.admitted, report.place, report.rejected) == (1, "ticket", [])
    ticket = desk.tickets["zendesk:35436"]
    assert ticket.subject == "Ticket 35436"
    assert ticket.body == "All users see an error."
    assert ticket.customer == "Acme"
    assert (ticket.tier, ticket.severity, ticket.status) == (
        "team",
        1,
        Status.OPEN,
    )
    assert ticket.opened_by is OpenedBy.CUSTOMER
    assert ticket.requester_name == "Ada"
    assert ticket.requester_email == "ada@acme.example"
    assert ticket.requester_timezone == "Europe/London"
    assert ticket.assignee == "mo@desk.example"
    assert ticket.url == "https://acme.zendesk.com/agent/tickets/35436"
    assert ticket.tags == ("outage", "team")


@pytest.mark.parametrize(
    "content",
    [
        lines(zendesk_ticket(1), zendesk_ticket(2)),
        lines({"ticket": zendesk_ticket(1)}, {"ticket": zendesk_ticket(2)}),
        lines({"tickets": [zendesk_ticket(1)]}, {"tickets": [zendesk_ticket(2)]}),
        json.dumps([zendesk_ticket(1), zendesk_ticket(2)]).encode(),
        json.dumps([zendesk_ticket(1), zendesk_ticket(2)], indent=1).encode(),
        b"\n".join(json.dumps(zendesk_ticket(n), indent=2).encode() for n in (1, 2)),
        json.dumps({"results": [zendesk_ticket(1), {"result_type": "user"}, zendesk_ticket(2)]}),
        json.dumps({"next_page": None, "count": 2, "tickets": [zendesk_ticket(n) for n in (1, 2)]}),
    ],
    ids=[
        "lines",
        "wrapped lines",
        "a page a line",
        "a list",
        "an indented list",
        "indented tickets",
        "search",
        "keys first",
    ],
)
def test_all_shapes_give_the_same_tickets(tmp_path: Path, content: bytes | str) -> None:
    written = content.encode() if isinstance(content, str) else content
    desk, report = imported(tmp_path, written)
    assert report.rejected == []
    assert desk.ids == ["1", "2"]


def test_one_ticket_alone_is_a_document_too(tmp_path: Path) -> None:
    for indent in (None, 2):
        content = json.dumps({"ticket": zendesk_ticket(1)}, indent=indent).encode()
        assert imported(tmp_path, content)[0].ids == ["1"]


def test_without_sideloads_customers_and_people_are_known_by_number(tmp_path: Path) -> None:
    desk, _ = imported(tmp_path, lines(zendesk_ticket(1), zendesk_ticket(2, organization_id=None)))
    first, second = desk.tickets.values()
    assert (first.customer, second.customer) == ("organization 21", "requester 11")
    assert first.assignee == "agent-12"
    assert first.requester_name is None


@pytest.mark.parametrize(
    ("changed", "field", "value"),
    [
        ({"priority": "urgent"}, "severity", 0),
        ({"priority": "low"}, "severity", 3),
        ({"priority": None}, "severity", 2),
        ({"status": "hold"}, "status", Status.ON_HOLD),
        ({"status": "deleted"}, "status", Status.CLOSED),
        ({"tags": []}, "tier", "enterprise"),
        ({"tags": ["open-source"]}, "tier", "open_source"),
        ({"tags": ["team", "opened_by_ce"]}, "opened_by", OpenedBy.CE),
        ({"submitter_id": 12}, "opened_by", OpenedBy.SUPPORT),
        ({"subject": None, "raw_subject": None}, "subject", "(no subject)"),
        ({"assignee_id": None}, "assignee", None),
        ({"organization_id": None}, "customer", "Ada"),
    ],
)
def test_their_words_become_ours(
    tmp_path: Path, changed: dict[str, object], field: str, value: object
) -> None:
    beside = {"users": USERS, "organizations": ORGANIZATIONS}
    desk, report = imported(tmp_path, {"tickets": [zendesk_ticket(1, **changed)], **beside})
    assert report.rejected == []
    assert getattr(desk.tickets["zendesk:1"], field) == value


def test_what_cannot_be_a_ticket_is_named_by_its_place_among_the_tickets(tmp_path: Path) -> None:
    tickets = [
        zendesk_ticket(1),
        zendesk_ticket(2, tags=[]),
        5,
        zendesk_ticket(4, priority="blocker"),
        zendesk_ticket(1),
        zendesk_ticket(6, created_at="yesterday"),
        {},
        zendesk_ticket(8),
    ]
    desk, report = imported(tmp_path, {"tickets": tickets})
    assert desk.ids == ["1", "8"]
    assert report.rejected == [
        RejectedLine(
            2,
            "tier: missing; looked in tags, organization.tags, "
            "organization.organization_fields.tier or requester.tags",
        ),
        RejectedLine(3, "5; expected a ticket object"),
        RejectedLine(
            4,
            'severity: "blocker" has no translation; known are "urgent", "high", "normal", "low"',
        ),
        RejectedLine(5, "external_id: zendesk:1 stands in ticket 1 already"),
        RejectedLine(
            6,
            'received_at: "yesterday"; expected an ISO 8601 time such as 2026-03-06T22:00:00Z',
        ),
        RejectedLine(7, "external_id: missing; looked in id"),
    ]


def test_a_document_that_breaks_off_gives_the_tickets_before(tmp_path: Path) -> None:
    content = json.dumps({"tickets": [zendesk_ticket(1), zendesk_ticket(2)]}).encode()
    desk, report = imported(tmp_path, content[:-100])
    assert desk.ids == ["1"]
    assert report.rejected == [RejectedLine(2, "the document breaks off here")]


@pytest.mark.parametrize(
    ("middle", "reason"),
    [
        (b" oops, ", "the document is not JSON from here on: invalid char in json text"),
        (b'"\xff", ', "the document is not JSON from here on: invalid bytes in UTF8 string"),
        (b"1e999, ", "the document is not JSON from here on: numeric (floating point) overflow"),
        (b"9" * 5000 + b", ", "the document is not JSON from here on: integer overflow"),
        (b"[" * 100_000, "the document cannot be read from here on: lists nested too deeply"),
    ],
)
def test_a_document_that_is_broken_inside_gives_the_tickets_before(
    tmp_path: Path, middle: bytes, reason: str
) -> None:
    tickets = [json.dumps(zendesk_ticket(number)).encode() for number in (1, 2)]
    content = b'{"tickets": [\n' + tickets[0] + b",\n" + middle + tickets[1] + b"]}"
    desk, report = imported(tmp_path, content)
    assert desk.ids == ["1"]
    assert report.rejected == [RejectedLine(2, reason)]


def test_a_broken_line_of_a_line_by_line_export_leaves_the_others(tmp_path: Path) -> None:
    content = b'{"id": 1, "requester_id": \n' + lines(zendesk_ticket(2), [], zendesk_ticket(4))
    desk, report = imported(tmp_path, content)
    assert report.place == "line"
    assert desk.ids == ["2", "4"]
    assert [each.line for each in report.rejected] == [1, 3]


def test_a_document_without_any_ticket_is_an_empty_export(tmp_path: Path) -> None:
    for content in ({"tickets": [], "count": 0}, {"users": USERS, "tickets": []}):
        desk, report = imported(tmp_path, content)
        assert (report.read, desk.batches) == (0, [])


def test_a_mapping_of_ones_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    mapping = tmp_path / "my.toml"
    mapping.write_text(
        """
        source = "support"
        [columns]
        external_id = "id"
        subject = "{subject} ({type})"
        customer = "organization.name"
        severity = "custom_field:36"
        received_at = "created_at"
        [values.severity]
        "Sev *" = "*"
        [constants]
        tier = "team"
        """
    )
    document = {"tickets": [zendesk_ticket(1)], "organizations": ORGANIZATIONS}
    desk, report = imported(tmp_path, document, mapping=str(mapping))
    assert report.rejected == []
    ticket = desk.tickets["support:1"]
    assert (ticket.subject, ticket.severity) == ("Ticket 1 (incident)", 0)


def test_people_of_a_json_export_may_stand_inside_the_ticket(tmp_path: Path) -> None:
    inside = zendesk_ticket(1, requester=USERS[0], organization=ORGANIZATIONS[0])
    desk, _ = imported(tmp_path, lines(inside), name="export.jsonl")
    ticket = desk.tickets["zendesk:1"]
    assert (ticket.customer, ticket.requester_name) == ("Acme", "Ada")
