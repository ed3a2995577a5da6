"""What a file does not speak of stays at the desk; only what it gives as empty is emptied."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from connections.files.exporting import export_file
from connections.files.formats import Format
from connections.files.import_report import ImportReport
from connections.files.importing import import_file
from policy.ticket import Ticket
from policy.words import Status
from store.desk import Desk
from tests.connections.files_of_tickets import json_line, write_lines
from tests.connections.zendesk_pages import (
    BO,
    ORGANIZATIONS,
    USERS,
    clock,
    comment,
    page_ticket,
)
from tests.store.clock import Clock

BESIDE = {"users": USERS, "organizations": ORGANIZATIONS}


class Imports:
    """A desk of its own, files for it, and the one ticket that they tell of."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self._folder = folder
        self.desk = desk

    def file(self, name: str, content: bytes, mapping: str | None = None) -> ImportReport:
        """Import a file with this content."""
        path = self._folder / name
        path.write_bytes(content)
        return import_file(self.desk.transfer, path, mapping=mapping)

    def page(self, *tickets: object, **beside: object) -> ImportReport:
        """Import a page of Zendesk's."""
        return self.file("page.json", json.dumps({"tickets": tickets, **beside}).encode())

    @property
    def ticket(self) -> Ticket:
        """Return the first ticket that came in."""
        return self.desk.tickets.get(1)


@pytest.fixture
def imports(tmp_path: Path) -> Iterator[Imports]:
    with closing(Desk.open(str(tmp_path / "desk.db"), actor="mo", clock=Clock())) as desk:
        yield Imports(tmp_path, desk)


def people_of(ticket: Ticket) -> tuple[object, ...]:
    asks = ticket.requester
    return ticket.customer, asks and asks.name, asks and asks.email, ticket.assignee


FULL = ("Acme", "Ada", "ada@acme.example", "mo@desk.example")


def test_a_page_without_people_and_organizations_empties_nothing(imports: Imports) -> None:
    imports.page(page_ticket(), **BESIDE)
    assert people_of(imports.ticket) == FULL
    assert imports.page(page_ticket()).unchanged == 1
    assert imports.page(page_ticket(status="pending")).updated == 1
    assert people_of(imports.ticket) == FULL
    assert imports.page(page_ticket(), organizations=ORGANIZATIONS).updated == 1
    assert people_of(imports.ticket) == FULL


def test_without_them_a_new_ticket_is_known_by_numbers_until_they_come(imports: Imports) -> None:
    imports.page(page_ticket())
    assert people_of(imports.ticket) == ("organization 21", None, None, "agent-12")
    imports.page(page_ticket(), **BESIDE)
    assert people_of(imports.ticket) == FULL


def test_a_bare_page_still_says_that_a_ticket_is_somebody_elses_now(imports: Imports) -> None:
    imports.page(page_ticket(), **BESIDE)
    imports.page(page_ticket(assignee_id=BO))
    assert people_of(imports.ticket) == (*FULL[:3], "agent-13")
    assert imports.page(page_ticket(assignee_id=BO)).unchanged == 1
    imports.page(page_ticket(assignee_id=None))
    assert imports.ticket.assignee is None
    imports.page(page_ticket())
    assert imports.ticket.assignee == "agent-12"
    imports.page(page_ticket(), users=USERS)
    assert imports.ticket.assignee == "mo@desk.example"


def test_a_ticket_that_came_bare_can_be_nobodys_again(imports: Imports) -> None:
    imports.page(page_ticket())
    imports.page(page_ticket(assignee_id=None))
    assert imports.ticket.assignee is None


def test_what_was_known_of_another_customer_does_not_stay(imports: Imports) -> None:
    imports.page(page_ticket(), **BESIDE)
    imports.page(page_ticket(requester_id=99, organization_id=22))
    assert people_of(imports.ticket) == ("organization 22", None, None, "mo@desk.example")


def test_a_namesake_is_another_one_all_the_same(imports: Imports) -> None:
    namesake = {**ORGANIZATIONS[0], "id": 22}
    imports.page(page_ticket(), **BESIDE)
    imports.page(page_ticket(organization_id=22), organizations=[namesake])
    assert imports.page(page_ticket(organization_id=22)).unchanged == 1
    assert imports.ticket.customer == "Acme"


def test_an_organization_that_was_taken_away_leaves_the_person(imports: Imports) -> None:
    imports.page(page_ticket(), **BESIDE)
    imports.page(page_ticket(organization_id=None), users=USERS)
    assert imports.ticket.customer == "Ada"


def test_a_tier_that_stands_at_the_organization_stays_without_it(imports: Imports) -> None:
    untagged = page_ticket(tags=[])
    refused = imports.page(untagged)
    assert [line.error[:13] for line in refused.rejected] == ["tier: missing"]
    imports.page(untagged, **BESIDE)
    report = imports.page(page_ticket(8, tags=[]), page_ticket(tags=[], status="pending"))
    assert (report.updated, [line.line for line in report.rejected]) == (1, [1])
    assert (imports.ticket.status, imports.ticket.tier) == (Status.PENDING, "enterprise")


def test_a_page_without_comments_forgets_no_answer(imports: Imports) -> None:
    answered = [comment(9), comment(10, BO), comment(11)]
    imports.page(page_ticket(comments=answered), **BESIDE)
    before = imports.ticket
    assert before.first_response_at is not None
    imports.page(page_ticket(status="pending", updated_at=clock(12)))
    assert imports.ticket.first_response_at == before.first_response_at
    assert imports.ticket.waiting_since == before.waiting_since is not None


def test_a_ticket_deleted_over_there_keeps_what_it_was(imports: Imports) -> None:
    imports.page(page_ticket(), **BESIDE)
    struck = page_ticket(
        status="deleted", subject="SCRUBBED", description="SCRUBBED", tags=[], requester_id=None
    )
    assert imports.page(struck).updated == 1
    assert (imports.ticket.status, imports.ticket.subject) == (Status.CLOSED, "Login fails")
    assert people_of(imports.ticket) == FULL


LINE = {"assignee": "luz", "requester_email": "ada@acme.example", "url": "https://a.example/1"}


def test_a_key_that_a_line_does_not_have_stays_and_null_empties(imports: Imports) -> None:
    imports.file("a.jsonl", json_line(1, **LINE))
    assert imports.file("a.jsonl", json_line(1)).unchanged == 1
    assert imports.ticket.assignee == "luz"
    imports.file("a.jsonl", json_line(1, assignee=None, url=""))
    ticket = imports.ticket
    assert (ticket.assignee, ticket.url) == (None, None)
    assert ticket.requester is not None


def table(*headings: str, **cells: str) -> bytes:
    names = ["external_id", "subject", "customer", "tier", "severity", "received_at", *headings]
    row = {"external_id": "1", "subject": "Down", "customer": "Acme", "tier": "team"}
    row |= {"severity": "2", "received_at": "2026-03-02T09:00Z", **cells}
    return "\n".join([",".join(names), ",".join(row.get(name, "") for name in names)]).encode()


def test_a_column_that_is_not_there_stays_and_an_empty_cell_empties(imports: Imports) -> None:
    imports.file("a.csv", table(*LINE, **LINE))
    assert imports.file("a.csv", table("source")).unchanged == 1
    assert imports.ticket.assignee == "luz"
    imports.file("a.csv", table("assignee"))
    assert imports.ticket.assignee is None
    assert imports.ticket.url == "https://a.example/1"


MAPPING = """
source = "tracker"
[columns]
external_id = "key"
subject = "summary"
customer = "reporter.company"
severity = "level"
received_at = "created"
assignee = "owner.name"
requester_name = "reporter.name"
tags = "labels"
tier = "plan"
[constants]
tier = "free"
"""
ISSUE: dict[str, object] = {
    "key": "A-1",
    "summary": "Down",
    "reporter": {"company": "Acme", "name": "Ada"},
    "level": 2,
    "created": "2026-03-02T09:00Z",
    "owner": {"name": "luz"},
    "labels": ["vip"],
    "plan": "team",
}


def test_a_mapping_speaks_of_the_columns_that_a_record_has(
    imports: Imports, tmp_path: Path
) -> None:
    (tmp_path / "map.toml").write_text(MAPPING)

    def issue(*left_out: str, **changed: object) -> ImportReport:
        record = {name: ISSUE[name] for name in ISSUE if name not in left_out} | changed
        line = json.dumps(record).encode()
        return imports.file("a.jsonl", line, str(tmp_path / "map.toml"))

    issue()
    assert issue("owner", "labels", "plan").unchanged == 1
    assert issue("reporter", summary="Up again").updated == 1
    ticket = imports.ticket
    assert (ticket.assignee, ticket.tags, ticket.tier) == ("luz", ("vip",), "team")
    assert (ticket.customer, ticket.subject) == ("Acme", "Up again")
    issue(owner=None, labels=[], plan=None)
    ticket = imports.ticket
    assert (ticket.assignee, ticket.tags, ticket.tier) == (None, (), "free")
    refused = issue("reporter", key="A-2").rejected
    assert [line.error for line in refused] == ["customer: missing; looked in reporter.company"]


def test_with_strict_a_line_that_lacks_something_is_good_where_its_ticket_is_known(
    imports: Imports, tmp_path: Path
) -> None:
    imports.page(page_ticket(tags=[]), **BESIDE)
    path = write_lines(
        tmp_path / "page.json", json.dumps({"tickets": [page_ticket(tags=[])]}).encode()
    )
    report = import_file(imports.desk.transfer, path, strict=True)
    assert (report.unchanged, report.rejected) == (1, [])


@pytest.mark.parametrize("file_format", [Format.JSONL, Format.CSV])
def test_an_export_of_tickets_says_what_is_empty_now(
    imports: Imports, tmp_path: Path, file_format: Format
) -> None:
    imports.file("a.jsonl", json_line(1, **LINE, tags=["vip"]))
    exported = str(tmp_path / f"out.{file_format}")
    with closing(Desk.open(str(tmp_path / "other.db"), actor="mo", clock=Clock())) as other:

        def carry() -> Ticket:
            export_file(imports.desk.transfer, exported, file_format, tickets_only=True, force=True)
            import_file(other.transfer, exported)
            return other.tickets.get(1)

        assert (carry().assignee, carry().tags) == ("luz", ("vip",))
        imports.file("a.jsonl", json_line(1, assignee=None, tags=[]))
        assert (carry().assignee, carry().tags) == (None, ())
