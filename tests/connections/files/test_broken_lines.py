"""Every kind of broken line: named by place, field and reason; the good ones beside it go in."""

import gzip
import json
from pathlib import Path

import pytest

from connections.files.import_report import RejectedLine
from connections.files.importing import import_file
from connections.files.reading_limits import LONGEST_LINE
from policy.refusal import Refusal
from tests.connections.files_of_tickets import fields, json_line, write_lines
from tests.connections.recording_desk import RecordingDesk

TIERS = "presales, enterprise, team, free, open_source or internal"
TIME = "an ISO 8601 time such as 2026-03-06T22:00:00Z"
GOOD = json.dumps(fields(2))

BROKEN = {
    "bad date": (
        json_line(2, received_at="31/02/2026"),
        f'received_at: "31/02/2026"; expected {TIME}',
    ),
    "date that does not exist": (
        json_line(2, received_at="2026-02-30T10:00:00Z"),
        f'received_at: "2026-02-30T10:00:00Z"; expected {TIME}',
    ),
    "time of the year 9999": (
        json_line(2, received_at="9999-12-31T23:59:59-12:00"),
        'received_at: "9999-12-31T23:59:59-12:00"; expected a year from 1970 to 9000',
    ),
    "unknown tier": (json_line(2, tier="gold"), f'tier: "gold"; expected {TIERS}'),
    "severity 9": (json_line(2, severity=9), "severity: 9; expected 0, 1, 2 or 3"),
    "severity true": (json_line(2, severity=True), "severity: true; expected 0, 1, 2 or 3"),
    "severity 1.5": (json_line(2, severity=1.5), "severity: 1.5; expected 0, 1, 2 or 3"),
    "severity of 300 digits": (
        json_line(2, severity=10**300),
        "severity: a number of more than seventy digits; expected 0, 1, 2 or 3",
    ),
    "severity of 5,000 digits": (
        GOOD.replace('"severity": 2', f'"severity": {"9" * 5000}').encode(),
        "not read: a number of thousands of digits",
    ),
    "missing subject": (json_line(2, subject=...), "subject: missing"),
    "empty subject": (json_line(2, subject="  "), "subject: empty"),
    "null subject": (json_line(2, subject=None), "subject: null; expected text"),
    "subject that is an object": (
        json_line(2, subject={"a": 1}),
        "subject: an object; expected text",
    ),
    "10 MB subject": (
        json_line(2, subject="x" * 10_485_760),
        "subject: 10,485,760 characters; at most 1,000",
    ),
    "NUL, escaped": (
        json_line(2, subject="a\0b"),
        'subject: "a\\x00b"; expected text without NUL characters',
    ),
    "NUL, raw": (
        GOOD.replace("Ticket", "Tic\0ket").encode(),
        "not JSON: invalid control character at character 37",
    ),
    "escape byte, raw": (
        GOOD.replace("Ticket", "Tic\x1b[2Jket").encode(),
        "not JSON: invalid control character at character 37",
    ),
    "unpaired surrogate": (
        json_line(2, customer="\ud800"),
        'customer: "\\ud800"; expected Unicode text without unpaired surrogates',
    ),
    "duplicate id": (json_line(1), "external_id: import:1 stands in line 1 already"),
    "field given twice": (GOOD.replace("{", '{"tier": "free", ').encode(), "tier: given twice"),
    "not UTF-8": (
        GOOD.replace("Ticket", "Tickét").encode("latin-1"),
        "not UTF-8: byte 0xE9 at position 38",
    ),
    "an empty object": (
        b"{}",
        "external_id, subject, customer, tier, severity, received_at: missing",
    ),
    "a list": (b"[1, 2]", "a list; expected one JSON object a line"),
    "a number": (b"5", "5; expected one JSON object a line"),
    "null": (b"null", "null; expected one JSON object a line"),
    "broken off": (
        GOOD[:40].encode(),
        "not JSON: unterminated string starting at character 33",
    ),
    "text behind it": (f"{GOOD},".encode(), f"not JSON: extra data at character {len(GOOD) + 1}"),
    "single quotes": (
        b"{'external_id': 2}",
        "not JSON: expecting property name enclosed in double quotes at character 2",
    ),
    "plain words": (b"oops", "not JSON: expecting value at character 1"),
    "NaN": (
        GOOD.replace('"severity": 2', '"severity": NaN').encode(),
        "not JSON: NaN is no JSON number",
    ),
    "100,000 lists in one another": (
        b"[" * 100_000,
        "not read: too many lists or objects in one another",
    ),
    "source with a colon": (
        json_line(2, source="a:b"),
        'source: "a:b"; expected a word without colon and white space, such as zendesk',
    ),
    "misspelt field": (
        json_line(2, received_at=..., recieved_at="2026-03-02"),
        "recieved_at: unknown field; did you mean received_at?",
    ),
    "17 MiB in one line": (
        b'{"subject": "' + b"x" * (LONGEST_LINE + 1024 * 1024),
        "17,825,805 bytes in one line; at most 16,777,216",
    ),
}


@pytest.mark.parametrize(("line", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_named_and_the_lines_beside_it_go_in(
    tmp_path: Path, line: bytes, reason: str
) -> None:
    desk = RecordingDesk()
    path = write_lines(tmp_path / "tickets.jsonl", json_line(1), line, json_line(3))
    report = import_file(desk, path)
    assert report.rejected == [RejectedLine(2, reason)]
    assert (report.read, report.admitted) == (3, 2)
    assert desk.ids == ["1", "3"]


LEFT_OUT = {
    "body that is too long": (
        json_line(2, body="x" * 1_000_001),
        "body cut: 1,000,001 characters; at most 1,000,000",
    ),
    "unknown status": (
        json_line(2, status="waiting"),
        'status left out: "waiting"; expected new, open, pending, on_hold, solved or closed',
    ),
    "answered before it came": (
        json_line(2, first_response_at="2026-03-02T08:00:00Z"),
        'first_response_at left out: "2026-03-02T08:00:00Z"; '
        "expected a time not before received_at, 2026-03-02T09:00:00Z",
    ),
    "mail address with a line break": (
        json_line(2, requester_email="a@b\nBcc: c@d"),
        'requester_email left out: "a@b\\nBcc: c@d"; expected an address such as ada@example.com',
    ),
    "unknown time zone": (
        json_line(2, requester_timezone="Mars/Base"),
        'requester_timezone left out: "Mars/Base"; '
        "expected a time zone such as Europe/Berlin or UTC",
    ),
    "address that is a program": (
        json_line(2, url="javascript:alert(1)"),
        'url left out: "javascript:alert(1)"; expected an address that starts with http:// or https://',
    ),
    "opener nobody knows": (
        json_line(2, opened_by="sales"),
        'opened_by left out: "sales"; expected customer, ce, support or engineering',
    ),
    "login with a space": (
        json_line(2, assignee="Gabe Smith"),
        'assignee left out: "Gabe Smith"; expected a login without white space',
    ),
    "language that is a name": (
        json_line(2, language="en glish"),
        'language left out: "en glish"; expected the tag of a language such as de or pt-BR',
    ),
    "tags that are a number": (
        json_line(2, tags=5),
        "tags left out: 5; expected a list of words, or words separated by commas",
    ),
    "name that is a number": (
        json_line(2, requester_name=7),
        "requester_name left out: 7; expected text",
    ),
    "answer at no time": (
        json_line(2, last_response_at="soon"),
        f'last_response_at left out: "soon"; expected {TIME}',
    ),
}


@pytest.mark.parametrize(("line", "warning"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_an_optional_field_of_no_use_is_left_out_with_a_warning_and_its_ticket_goes_in(
    tmp_path: Path, line: bytes, warning: str
) -> None:
    desk = RecordingDesk()
    path = write_lines(tmp_path / "tickets.jsonl", json_line(1), line)
    report = import_file(desk, path)
    assert (desk.ids, report.rejected) == (["1", "2"], [])
    assert [(each.lines, each.sentence) for each in report.warnings] == [((2,), warning)]
    name = warning.split(maxsplit=1)[0]
    ticket = desk.tickets["import:2"]
    assert (name in ticket.spoken) == (name == "body")


def test_a_body_that_is_too_long_is_cut(tmp_path: Path) -> None:
    desk = RecordingDesk()
    path = write_lines(tmp_path / "tickets.jsonl", json_line(1, body="x" * 1_000_001))
    import_file(desk, path)
    assert len(desk.tickets["import:1"].body) == 1_000_000


def test_a_required_field_is_never_left_out(tmp_path: Path) -> None:
    desk = RecordingDesk()
    broken = json_line(1, tier="gold", requester_email="nobody")
    report = import_file(desk, write_lines(tmp_path / "tickets.jsonl", broken))
    assert desk.ids == []
    assert report.rejected == [
        RejectedLine(1, f'tier: "gold"; expected {TIERS} (also wrong: requester_email)')
    ]


def test_all_broken_lines_in_one_file_are_named_with_their_places(tmp_path: Path) -> None:
    lines = [json_line(1), json_line(3), b""]
    lines += [line for line, _ in BROKEN.values()]
    path = write_lines(tmp_path / "tickets.jsonl", *lines, json_line(4))
    desk = RecordingDesk()
    report = import_file(desk, path)
    reasons = [reason for _, reason in BROKEN.values()]
    assert [(each.line, each.error) for each in report.rejected] == list(
        enumerate(reasons, start=4)
    )
    assert desk.ids == ["1", "3", "4"]
    assert report.read == 3 + len(reasons)


def test_a_gzip_that_breaks_off_gives_the_lines_before_and_the_place(tmp_path: Path) -> None:
    lines = [json_line(number, body=f"{number * 7919:x}" * 20) for number in range(1, 401)]
    packed = gzip.compress(b"\n".join(lines))
    path = tmp_path / "tickets.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    desk = RecordingDesk()
    report = import_file(desk, path)
    in_all = len(desk.tickets)
    assert 100 < in_all < 300
    assert desk.ids == [str(number) for number in range(1, in_all + 1)]
    assert report.rejected == [
        RejectedLine(in_all + 1, "the file breaks off here: the end of its gzip is missing")
    ]


HOPELESS = {
    "empty": ("tickets.jsonl", b"", "{} is empty"),
    "blank": ("tickets.jsonl", b" \n\n", "{} is empty"),
    "only a byte order mark": ("tickets.csv", b"\xef\xbb\xbf", "{} is empty"),
    "an empty gzip": ("tickets.jsonl.gz", gzip.compress(b""), "{} is empty"),
    "not gzip": ("tickets.jsonl.gz", b"{}", "{} is named .gz but is not gzip"),
    "a gzip of two bytes": (
        "tickets.jsonl.gz",
        b"\x1f\x8b",
        "{}: the file breaks off here: the end of its gzip is missing",
    ),
    "a gzip of garbage": (
        "tickets.jsonl.gz",
        b"\x1f\x8b" + b"garbage" * 10,
        "{}: the file is damaged here: it cannot be unpacked any further",
    ),
    "a spreadsheet": (
        "tickets.xlsx",
        b"PK\x03\x04....",
        "{} is a zip archive or a spreadsheet; unpack it, or save it as CSV",
    ),
    "neither lines nor a table": (
        "tickets.txt",
        b"hello",
        "{}: its format cannot be told; say --format jsonl, csv or zendesk",
    ),
    "no headings": (
        "tickets.csv",
        b"1,2,3\n",
        '{}: no column "external_id"; the headings are "1", "2", "3"'
        "; numberone mapping draft {} writes a first mapping for it, to import it with --map",
    ),
    "a heading missing": (
        "tickets.csv",
        b"external_id;subject;customer;tier;received_at\n",
        '{}: no column "severity"; the headings are '
        '"external_id", "subject", "customer", "tier", "received_at"',
    ),
    "a heading misspelt": (
        "tickets.csv",
        b"external_id,subject,customer,tier,severity,recieved_at\n",
        '{}: unknown heading "recieved_at"; did you mean received_at?',
    ),
    "a heading twice": (
        "tickets.csv",
        b"external_id,subject,customer,tier,severity,received_at,tier\n",
        '{}: the heading "tier" stands there more than once',
    ),
    "headings not UTF-8": (
        "tickets.csv",
        b"external_id,sujet\xe9\n" + "Ü,é\n".encode(),
        "{}: the headings cannot be read: not UTF-8: byte 0xE9 at position 18",
    ),
    "JSON of another shape": (
        "tickets.json",
        b'[{"id": 1, "title": "a"}]',
        "{}: none of it has external_id, subject, customer, tier, severity, received_at, but "
        '"id", "title"; numberone mapping draft {} writes a first mapping for it, to import it '
        "with --map",
    ),
    "JSON without tickets": (
        "tickets.json",
        b'{"users": [],\n "organizations": []}',
        '{}: no tickets in it; expected an object with a list named "tickets"',
    ),
}


@pytest.mark.parametrize(("name", "content", "reason"), HOPELESS.values(), ids=HOPELESS)
def test_a_file_that_is_of_no_use_is_refused_in_one_line_with_its_name(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    desk = RecordingDesk()
    with pytest.raises(Refusal) as refused:
        import_file(desk, path)
    assert refused.value.reason == reason.replace("{}", str(path))
    assert desk.batches == []


def test_a_directory_a_missing_file_and_a_device_are_refused(tmp_path: Path) -> None:
    missing = tmp_path / "none.csv"
    for path, reason in (
        (tmp_path, f"{tmp_path} is a directory; name a file in it"),
        (missing, f"{missing} cannot be read: no such file or directory"),
        (Path("/dev/null"), "/dev/null is not a regular file"),
    ):
        with pytest.raises(Refusal) as refused:
            import_file(RecordingDesk(), path)
        assert refused.value.reason == reason


def test_a_path_with_control_characters_is_shown_and_not_obeyed() -> None:
    with pytest.raises(Refusal) as refused:
        import_file(RecordingDesk(), "a\x1b[2J\0.csv")
    assert refused.value.reason == "'a\\x1b[2J\\x00.csv' cannot be read: embedded null byte"
