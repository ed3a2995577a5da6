"""The import from end to end: what goes in, what the report says, and what it costs."""

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connections.files.formats import Format
from connections.files.import_report import REJECTED_AT_MOST, ImportReport, RejectedLine
from connections.files.importing import import_file
from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from tests.connections.files_of_tickets import as_csv, json_line, tickets, write_lines
from tests.connections.recording_desk import RecordingDesk

LOG = """
source = "log"
[columns]
external_id = "id"
subject = "what"
received_at = "at"
[constants]
customer = "Acme"
tier = "team"
severity = 3
[lines]
ticket = "id"
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for files that one example after the other writes."""
    return tmp_path_factory.mktemp("examples")


def log(path: Path, settings_of_lines: str, *rows: str) -> Path:
    """Write a log with several lines for a ticket, and beside it how it is to be read."""
    path.with_suffix(".toml").write_text(LOG + settings_of_lines)
    path.write_text("\n".join(["id,what,at,n", *rows]))
    return path


def import_log(path: Path) -> tuple[RecordingDesk, ImportReport]:
    desk = RecordingDesk()
    return desk, import_file(desk, path, mapping=str(path.with_suffix(".toml")))


@settings(deadline=None)
@given(st.lists(tickets(), max_size=5, unique_by=lambda each: (each.source, each.external_id)))
def test_tickets_written_as_json_lines_come_back_as_they_were(
    folder: Path, written: list[IncomingTicket]
) -> None:
    lines = [ticket.model_dump_json().encode() for ticket in written]
    path = write_lines(folder / "tickets.jsonl", *lines, b"{}")
    desk = RecordingDesk()
    report = import_file(desk, path)
    assert list(desk.tickets.values()) == written
    assert report.rejected_in_all == 1


@settings(deadline=None)
@given(st.lists(tickets(), max_size=5, unique_by=lambda each: (each.source, each.external_id)))
def test_tickets_written_as_csv_come_back_as_they_were(
    folder: Path, written: list[IncomingTicket]
) -> None:
    path = folder / "tickets.csv"
    path.write_bytes(as_csv(*written))
    desk = RecordingDesk()
    report = import_file(desk, path)
    assert report.rejected == []
    assert list(desk.tickets.values()) == written


_FRAGMENTS = st.sampled_from(
    [
        json_line(1),
        json_line(2)[:50],
        b'{"tickets": [',
        b'{"id": 1, "requester_id": 2},',
        b"]}",
        b"external_id,subject,customer,tier,severity,received_at",
        b"1,a,b,team,2,2026-03-02",
        b'2,"a',
        b"\n",
        b'"',
        b",",
        b"\0",
        b"\x1f\x8b",
        gzip.compress(json_line(3)),
        b"\xef\xbb\xbf",
        b"\\ud800",
        b"1e999",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    content=st.binary(max_size=200) | st.lists(_FRAGMENTS | st.binary(max_size=3)).map(b"".join),
    name=st.sampled_from(["a", "a.csv", "a.json", "a.jsonl", "a.csv.gz"]),
    file_format=st.none() | st.sampled_from(Format),
    mapping=st.none() | st.sampled_from(["zendesk", "incident_event_log"]),
)
def test_whatever_is_in_a_file_is_reported_or_refused_in_printable_lines(
    folder: Path, content: bytes, name: str, file_format: Format | None, mapping: str | None
) -> None:
    path = folder / name
    path.write_bytes(content)
    desk = RecordingDesk()
    try:
        report = import_file(desk, path, format=file_format, mapping=mapping)
    except Refusal as refused:
        report = ImportReport()
        report.reject(0, refused.reason)
    assert report.read == len(desk.tickets) + report.rejected_in_all
    assert all(each.error.isprintable() for each in report.rejected)


def test_a_duplicate_in_one_file_is_rejected_naming_the_first_line(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "tickets.jsonl",
        json_line(1),
        json_line(1, source="other"),
        b"",
        json_line(1, subject="Again"),
        json_line(1),
    )
    desk = RecordingDesk()
    report = import_file(desk, path)
    assert report.admitted == 2
    assert report.rejected == [
        RejectedLine(4, "external_id: import:1 stands in line 1 already"),
        RejectedLine(5, "external_id: import:1 stands in line 1 already"),
    ]
    assert desk.tickets["import:1"].subject == "Ticket 1"


def test_a_line_that_is_rejected_does_not_make_a_later_one_a_duplicate(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "tickets.jsonl", json_line(1, tier="gold"), json_line(1))
    desk = RecordingDesk()
    import_file(desk, path)
    assert desk.ids == ["1"]


def test_the_report_counts_what_became_of_each_ticket(tmp_path: Path) -> None:
    desk = RecordingDesk()
    path = write_lines(
        tmp_path / "tickets.jsonl", json_line(1), json_line(2, tier="presales"), b"{}"
    )
    first = import_file(desk, path)
    assert (first.read, first.admitted, first.declined, first.rejected_in_all) == (3, 1, 1, 1)
    again = import_file(desk, path)
    assert (again.unchanged, again.admitted, again.declined) == (2, 0, 0)
    write_lines(path, json_line(1, subject="Changed"), json_line(2, tier="presales"))
    later = import_file(desk, path)
    assert (later.updated, later.unchanged, later.rejected) == (1, 1, [])


def test_the_report_in_json_has_the_design_pages_keys(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "tickets.jsonl", json_line(1), b"5")
    assert import_file(RecordingDesk(), path).as_json() == {
        "read": 2,
        "admitted": 1,
        "declined": 0,
        "updated": 0,
        "unchanged": 0,
        "rejected": [{"line": 2, "error": "5; expected one JSON object a line"}],
    }


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path) -> None:
    desk = RecordingDesk()
    path = write_lines(tmp_path / "tickets.jsonl", json_line(1), json_line(2))
    assert import_file(desk, path, dry_run=True).admitted == 2
    assert desk.tickets == {}


def test_strict_takes_in_nothing_when_one_line_is_bad(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "tickets.jsonl", *map(json_line, range(1200)), json_line(5))
    desk = RecordingDesk()
    report = import_file(desk, path, strict=True)
    assert desk.batches == []
    assert (report.read, report.held_back, report.admitted) == (1201, 1200, 0)
    assert report.rejected == [RejectedLine(1201, "external_id: import:5 stands in line 6 already")]


def test_strict_takes_in_everything_when_all_is_good(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "tickets.jsonl", *map(json_line, range(1200)))
    desk = RecordingDesk()
    report = import_file(desk, path, strict=True)
    assert (report.read, report.admitted, report.held_back) == (1200, 1200, 0)


def test_tickets_come_in_batches(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "tickets.jsonl", *map(json_line, range(2200)))
    desk = RecordingDesk()
    import_file(desk, path)
    assert desk.batches == [1000, 1000, 200]


def test_tickets_with_much_text_come_in_smaller_batches(tmp_path: Path) -> None:
    long = (json_line(number, body="x" * 1_000_000) for number in range(10))
    path = write_lines(tmp_path / "tickets.jsonl", *long)
    desk = RecordingDesk()
    import_file(desk, path)
    assert desk.batches == [8, 2]


def test_when_the_desk_refuses_it_is_said_how_many_were_in_before(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "tickets.jsonl", b"{}", *map(json_line, range(2200)))
    with pytest.raises(Refusal) as refused:
        import_file(RecordingDesk(room=2100), path)
    assert refused.value.reason == "the disk is full (2,000 tickets of the file are in)"
    with pytest.raises(Refusal) as refused:
        import_file(RecordingDesk(room=100), path)
    assert refused.value.reason == "the disk is full"


def test_a_report_repeats_so_many_rejected_lines_and_counts_the_rest(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "tickets.jsonl", *[b"{}"] * (REJECTED_AT_MOST + 5))
    report = import_file(RecordingDesk(), path)
    assert len(report.rejected) == REJECTED_AT_MOST
    assert report.read == report.rejected_in_all == REJECTED_AT_MOST + 5
    missing = "external_id, subject, customer, tier, severity, received_at: missing"
    assert report.as_json()["rejected"] == [
        {"line": 1, "error": missing, "count": REJECTED_AT_MOST + 5}
    ]
    (alike,) = report.faults
    assert alike.places("line") == "lines 1, 2, 3 and 10,002 more"


@pytest.mark.parametrize("strict", [False, True])
def test_progress_grows_to_the_size_of_the_file(tmp_path: Path, strict: bool) -> None:
    rows = [f"{n % 50},{'x' * 500},2026-03-02,{n}" for n in range(3000)]
    path = log(tmp_path / "log.csv", 'keep = "last"', *rows)
    told: list[tuple[int, int]] = []
    import_file(
        RecordingDesk(),
        path,
        mapping=str(path.with_suffix(".toml")),
        strict=strict,
        progress=lambda done, of: told.append((done, of)),
    )
    size = path.stat().st_size
    assert told[-1] == (size, size)
    assert told == sorted(told)
    assert all(0 < done <= of == size for done, of in told)
    assert any(done < size // 2 for done, _ in told)


def test_an_import_that_is_cancelled_keeps_what_was_in_and_leaves_nothing_open(
    tmp_path: Path,
) -> None:
    path = write_lines(tmp_path / "tickets.jsonl", *map(json_line, range(20_000)))
    desk = RecordingDesk()

    def cancel(done: int, of: int) -> None:
        if done > of // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(desk, path, progress=cancel)
    assert 0 < len(desk.tickets) < 20_000


@pytest.mark.parametrize(
    ("settings_of_lines", "kept"),
    [
        ('keep = "first"', ["a1", "b1"]),
        ('keep = "last"', ["b2", "a3"]),
        ('keep = "first"\norder_by = "n"', ["a2", "b2"]),
        ('keep = "last"\norder_by = "n"', ["b1", "a3"]),
    ],
)
def test_one_of_several_lines_of_a_ticket_wins_wherever_they_stand(
    tmp_path: Path, settings_of_lines: str, kept: list[str]
) -> None:
    rows = [
        "a,a1,2026-03-02,10",
        "b,b1,2026-03-02,9",
        "a,a2,2026-03-02,-1.5",
        "b,b2,2026-03-02,2",
        "a,a3,2026-03-02,10",
    ]
    desk, report = import_log(log(tmp_path / "log.csv", settings_of_lines, *rows))
    assert [ticket.subject for ticket in desk.tickets.values()] == kept
    assert (report.read, report.rejected) == (2, [])


def test_lines_that_name_no_ticket_or_no_number_are_rejected_and_win_nothing(
    tmp_path: Path,
) -> None:
    rows = [
        ",no id,2026-03-02,1",
        "a,no number,2026-03-02,x",
        "a,good,2026-03-02,1",
        "a,nan,2026-03-02,nan",
        "a",
    ]
    path = log(tmp_path / "log.csv", 'keep = "last"\norder_by = "n"', *rows)
    desk, report = import_log(path)
    assert [ticket.subject for ticket in desk.tickets.values()] == ["good"]
    assert report.rejected == [
        RejectedLine(2, "id: missing, and it names the ticket"),
        RejectedLine(3, 'n: "x"; expected a number or a time'),
        RejectedLine(5, 'n: "nan"; expected a number or a time'),
        RejectedLine(6, "1 cell; expected 4, as there are headings"),
    ]


EVENTS = """number,incident_state,sys_mod_count,caller_id,opened_at,contact_type,location,category,\
subcategory,u_symptom,impact,urgency,priority,assigned_to
INC1,{},0,Caller 12,29/2/2016 01:16,Phone,Location 1,Category 5,?,Symptom 7,2 - Medium,2 - Medium,\
1 - Critical,Resolver 17
INC1,Closed,1,Caller 12,29/2/2016 01:16,Phone,Location 1,Category 5,?,Symptom 7,2 - Medium,\
2 - Medium,3 - Moderate,?
INC2,New,0,?,1/3/2016 10:00,Email,?,?,?,?,3 - Low,3 - Low,4 - Low,?
"""


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("New", "new"),
        ("Active", "open"),
        ("Awaiting User Info", "pending"),
        ("Awaiting Evidence", "on_hold"),
        ("Resolved", "solved"),
        ("-100", "open"),
    ],
)
def test_the_shipped_mapping_of_an_incident_log(tmp_path: Path, state: str, status: str) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(EVENTS.format(state).encode()))
    desk = RecordingDesk()
    report = import_file(desk, path, mapping="incident_event_log")
    assert (report.read, report.rejected) == (2, [])
    first, second = desk.tickets.values()
    assert first.subject == "Category 5 · Symptom 7"
    assert (first.customer, first.tier, first.severity) == ("Caller 12", "enterprise", 0)
    assert (first.status, first.assignee) == (status, "resolver-17")
    assert first.received_at.isoformat() == "2016-02-29T01:16:00+00:00"
    assert (second.subject, second.customer, second.tier) == (
        "No category",
        "Unknown caller",
        "free",
    )
    assert second.body == "3 - Low impact, 3 - Low urgency, reported by Email"


@pytest.mark.parametrize(
    ("name", "content", "admitted"),
    [
        ("tickets", json_line(1), 1),
        ("tickets.JSONL", json_line(1), 1),
        ("tickets", b"external_id,subject,customer,tier,severity,received_at", 0),
        ("tickets.csv.gz", b"external_id,subject,customer,tier,severity,received_at", 0),
        ("tickets", b'\xef\xbb\xbf {"tickets": []}', 0),
        ("tickets.ndjson", b'{"ticket": {"id": 1, "requester_id": 2}}', 0),
    ],
)
def test_the_format_is_told_by_the_name_and_the_beginning(
    tmp_path: Path, name: str, content: bytes, admitted: int
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    assert import_file(RecordingDesk(), path).admitted == admitted


def test_the_format_that_is_asked_for_counts(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "tickets.csv", json_line(1))
    assert import_file(RecordingDesk(), path, format=Format.JSONL).admitted == 1


def json_lines(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield json_line(number, body="x" * 400) + b"\n"


def csv_lines(count: int) -> Iterator[bytes]:
    yield b"id,what,at,n\n"
    for number in range(count):
        yield f"{number},{'x' * 400},2026-03-02,1\n".encode()


def zendesk_document(count: int) -> Iterator[bytes]:
    yield b'{"tickets": ['
    for number in range(count):
        ticket = {"id": number, "requester_id": number, "created_at": "2026-03-02"}
        yield json.dumps(ticket | {"tags": ["team"], "description": "x" * 400}).encode() + b","
    yield b'{}], "users": ['
    for number in range(count):
        yield json.dumps({"id": number, "name": f"Person {number}"}).encode() + b","
    yield b"{}]}"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("tickets.jsonl", json_lines),
        ("log.csv", csv_lines),
        ("tickets.json", zendesk_document),
    ],
)
def test_memory_stays_flat_however_long_the_file_is(
    tmp_path: Path, name: str, written: Callable[[int], Iterator[bytes]]
) -> None:
    path = log(tmp_path / name, 'keep = "last"')
    mapping = str(path.with_suffix(".toml")) if name == "log.csv" else None

    def peak(count: int) -> int:
        with path.open("wb") as file:
            file.writelines(written(count))
        tracemalloc.start()
        try:
            report = import_file(RecordingDesk(), path, mapping=mapping, dry_run=True)
            assert report.admitted == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)  # what is loaded once and then kept
    assert peak(8_000) < peak(3_000) + 500_000
