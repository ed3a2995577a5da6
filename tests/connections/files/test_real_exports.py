"""Real exports: documents, dialects, encodings, repeated headings, rules and second files."""

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connections.files.import_report import ImportReport
from connections.files.importing import import_file
from policy.intake.incoming import IncomingTicket
from policy.refusal import Refusal
from tests.connections.files_of_tickets import fields
from tests.connections.recording_desk import RecordingDesk

MAPPING = """
[columns]
external_id = "id"
subject = "title"
customer = "who"
received_at = "at"
[constants]
tier = "team"
severity = 2
"""
TICKET = {"id": 1, "title": "Down", "who": "Acme", "at": "2026-03-02T09:00:00Z"}


def taken_in(
    tmp_path: Path, name: str, content: bytes, mapping: str | None = None
) -> tuple[Sequence[IncomingTicket], ImportReport]:
    (tmp_path / name).write_bytes(content)
    toml = None if mapping is None else tmp_path / "my.toml"
    if toml is not None and mapping is not None:
        toml.write_text(mapping, encoding="utf-8")
    desk = RecordingDesk()
    report = import_file(desk, tmp_path / name, mapping=None if toml is None else str(toml))
    assert desk.batches in ([], [len(desk.tickets)])
    return list(desk.tickets.values()), report


def two(**changed: object) -> list[dict[str, object]]:
    return [{**TICKET, **changed}, {**TICKET, "id": 2, **changed}]


DOCUMENTS: Mapping[str, tuple[bytes, str | None]] = {
    "an array on one line": (json.dumps(two()).encode(), None),
    "an array, printed": (json.dumps(two(), indent=2).encode(), None),
    "a list under a name": (json.dumps({"total": 2, "issues": two()}).encode(), "issues"),
    "a list under a name, printed": (
        json.dumps({"meta": {"page": [1, 2]}, "issues": two()}, indent=4).encode(),
        "issues",
    ),
    "a list at a path": (
        json.dumps({"data": {"repository": {"nodes": two()}}}).encode(),
        "data.repository.nodes",
    ),
    "beside a list of others": (
        json.dumps({"users": [{"name": "Ada"}], "items": two()}).encode(),
        "items",
    ),
    "pages one after the other": (
        b"\n".join(json.dumps({"items": [each]}).encode() for each in two()),
        "items",
    ),
    "arrays one after the other": (b"".join(json.dumps([each]).encode() for each in two()), None),
    "arrays in an array": (json.dumps([[each] for each in two()]).encode(), None),
    "pages in an array": (json.dumps([{"items": [each]} for each in two()]).encode(), "items"),
    "tickets with lists of their own": (
        json.dumps({"items": two(comments=[{"body": "a"}])}).encode(),
        "items",
    ),
    "a list far into a long line": (
        json.dumps({"log": ["x" * 80_000], "items": two()}).encode(),
        "items",
    ),
    "packed": (gzip.compress(json.dumps(two()).encode()), None),
    "in UTF-16": (json.dumps(two()).encode("utf-16"), None),
}


@pytest.mark.parametrize(("content", "path"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_one_json_document_is_read_wherever_its_list_is_and_said_to_be_one(
    tmp_path: Path, content: bytes, path: str | None
) -> None:
    tickets, report = taken_in(tmp_path, "export.json", content, MAPPING)
    assert [ticket.external_id for ticket in tickets] == ["1", "2"]
    at = "" if path is None else f': read the list at "{path}"'
    assert report.notes == [f"it is one JSON document, not JSON lines{at}"]


def test_a_ticket_alone_is_a_document_of_one(tmp_path: Path) -> None:
    tickets, _ = taken_in(tmp_path, "one.json", json.dumps(TICKET, indent=1).encode(), MAPPING)
    assert [ticket.external_id for ticket in tickets] == ["1"]


def test_json_lines_stay_json_lines_whatever_lists_they_have(tmp_path: Path) -> None:
    lines = [{**each, "labels": [{"name": "a"}]} for each in two()]
    broken = [{"title": "no id", "labels": [{"name": "a"}]}, *lines]
    content = "\n".join(map(json.dumps, broken)).encode()
    tickets, report = taken_in(tmp_path, "lines.json", content, MAPPING)
    assert [ticket.external_id for ticket in tickets] == ["1", "2"]
    assert [each.line for each in report.rejected] == [1]
    assert report.notes == []


def test_a_mapping_may_name_the_list(tmp_path: Path) -> None:
    content = json.dumps({"old": two(), "new": [{**TICKET, "id": 9}]}).encode()
    tickets, report = taken_in(tmp_path, "export.json", content, MAPPING + '[file]\nlist = "new"\n')
    assert [ticket.external_id for ticket in tickets] == ["9"]
    assert report.notes == []
    with pytest.raises(Refusal, match='no list at "nowhere", which'):
        taken_in(tmp_path, "export.json", content, MAPPING + '[file]\nlist = "nowhere"\n')


def test_a_document_that_breaks_off_gives_what_stands_before(tmp_path: Path) -> None:
    content = json.dumps({"items": two()}).encode()[:-20]
    tickets, report = taken_in(tmp_path, "export.json", content, MAPPING)
    assert [ticket.external_id for ticket in tickets] == ["1"]
    assert [(each.line, each.error) for each in report.rejected] == [
        (2, "the document breaks off here")
    ]


def test_faults_of_a_long_document_are_one_line(tmp_path: Path) -> None:
    items = [{"id": number} for number in range(500)]
    content = json.dumps({"items": items}, indent=1).encode()
    _, report = taken_in(tmp_path, "export.json", content, MAPPING)
    (alike,) = report.faults
    assert (alike.places("ticket"), alike.count) == ("tickets 1, 2, 3 and 497 more", 500)


def table(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\r\n") -> str:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return written.getvalue().replace("\r\n", end)


OWN = [
    list(fields()),
    [str(each) for each in fields(1, subject='Müller; says, "x|y"\tz').values()],
    [str(each) for each in fields(2).values()],
]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_every_dialect_and_encoding_gives_the_same_tickets(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    content = table(OWN, delimiter, end).encode(encoding)
    tickets, report = taken_in(tmp_path, "t.csv", content)
    assert [ticket.subject for ticket in tickets] == ['Müller; says, "x|y"\tz', "Ticket 2"]
    assert bool(report.notes) == (encoding == "cp1252")


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_first_line_may_name_what_separates(tmp_path: Path, first: str) -> None:
    content = f"{first}\r\n{table(OWN, ';')}".encode()
    tickets, _ = taken_in(tmp_path, "t.csv", content)
    assert len(tickets) == 2


def test_breaks_within_cells_may_be_others_than_between_lines(tmp_path: Path) -> None:
    rows = [[*OWN[0], "body"], [*OWN[1], "a\nb"], [*OWN[2], "c"]]
    tickets, report = taken_in(tmp_path, "t.csv", table(rows, ",", "\r").encode())
    assert ([ticket.body for ticket in tickets], report.rejected) == (["a\nb", "c"], [])


def test_line_breaks_that_windows_wrote_twice_are_one(tmp_path: Path) -> None:
    tickets, report = taken_in(tmp_path, "t.csv", table(OWN, ",", "\r\r\n").encode())
    assert (len(tickets), report.rejected) == (2, [])


def test_separators_at_the_end_of_a_row_and_rows_of_nothing_else_are_no_fault(
    tmp_path: Path,
) -> None:
    rows = [OWN[0], [*OWN[1], "", ""], [""] * 8, OWN[2], ["", ""]]
    tickets, report = taken_in(tmp_path, "t.csv", table(rows).encode())
    assert (len(tickets), report.rejected) == (2, [])


def test_a_mapping_names_what_a_file_does_not_show(tmp_path: Path) -> None:
    toml = MAPPING + '[file]\nencoding = "cp1251"\nescape = "\\\\"\nquote = "\'"\nskip = 2\n'
    lines = ["Отчёт", "", "id,title,who,at", "1,'Сбой \\'сети\\', срочно',Acme,2026-03-02", ""]
    tickets, report = taken_in(tmp_path, "t.csv", "\n".join(lines).encode("cp1251"), toml)
    assert [ticket.subject for ticket in tickets] == ["Сбой 'сети', срочно"]
    assert report.notes == []


def test_single_quotes_around_all_headings_are_quotes(tmp_path: Path) -> None:
    content = b"'id','title','who','at'\n'1','a, b','Acme','2026-03-02'\n"
    tickets, _ = taken_in(tmp_path, "t.csv", content, MAPPING)
    assert [ticket.subject for ticket in tickets] == ["a, b"]


REPEATED = b"""id,title,who,at,Labels,Labels,Labels,Comment,Comment
1,Down,Acme,2026-03-02,a,,b c,first,second
2,Up,Acme,2026-03-02,,,,,only
"""


def test_a_repeated_heading_is_a_list_and_one_of_it_is_named_by_its_number(
    tmp_path: Path,
) -> None:
    columns = '[columns]\ntags = "Labels"\nrequester_name = "Comment[2]"\nbody = "Comment"\n'
    columns += 'assignee = "Labels[9]"\nlanguage = "Labels[-3]"'
    toml = MAPPING.replace("[columns]", columns)
    tickets, report = taken_in(tmp_path, "t.csv", REPEATED, toml)
    assert [each.tags for each in tickets] == [("a", "b c"), ()]
    assert [each.requester_name for each in tickets] == ["second", "only"]
    assert [each.body for each in tickets] == ["first\n\nsecond", "only"]
    assert [each.assignee for each in tickets] == [None, None]
    assert [each.sentence.split(":")[0] for each in report.warnings] == ["language left out"]


def test_a_repeated_heading_translates_by_the_first_known_value(tmp_path: Path) -> None:
    toml = MAPPING.replace("[columns]", '[columns]\nseverity = "Labels"')
    toml += '[values.severity]\n"b c" = 0\n'
    tickets, _ = taken_in(tmp_path, "t.csv", REPEATED, toml)
    assert [each.severity for each in tickets] == [0, 2]


OBJECTS = [
    {**TICKET, "labels": [{"id": 5, "name": "bug"}, {"id": 6, "name": "sev 1"}], "of": [7, 8]},
    {**TICKET, "id": 2, "labels": [], "assignees": [{"login": "mo"}, {"login": "kim"}]},
]


@pytest.mark.parametrize("path", ["labels[].name", "labels.name", "labels", "labels[]"])
def test_lists_of_objects_are_read_by_a_path(tmp_path: Path, path: str) -> None:
    columns = f'[columns]\ntags = "{path}"\nassignee = "assignees[].login"\n'
    columns += 'requester_name = "labels[2].name"\nlanguage = "labels[-2].id"'
    toml = MAPPING.replace("[columns]", columns)
    tickets, report = taken_in(tmp_path, "t.json", json.dumps(OBJECTS).encode(), toml)
    assert [each.tags for each in tickets] == [("bug", "sev 1"), ()]
    assert [each.assignee for each in tickets] == [None, "mo"]
    assert [each.requester_name for each in tickets] == ["sev 1", None]
    assert [each.sentence for each in report.warnings] == [
        'language left out: "5"; expected the tag of a language such as de or pt-BR'
    ]


def test_of_several_times_the_first_is_the_first_answer_and_the_last_the_newest(
    tmp_path: Path,
) -> None:
    replies = [{"at": f"2026-03-0{day}T09:00:00Z"} for day in (5, 3, 4)]
    columns = '[columns]\nfirst_response_at = "replies[].at"\nlast_response_at = "replies[].at"'
    toml = MAPPING.replace("[columns]", columns)
    (ticket,), _ = taken_in(
        tmp_path, "t.json", json.dumps([{**TICKET, "replies": replies}]).encode(), toml
    )
    assert ticket.first_response_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert ticket.last_response_at == datetime(2026, 3, 5, 9, tzinfo=UTC)


KINDS = b"""id,title,who,at,type,state
1,Down,Acme,2026-03-02,Incident,open
2,Buy,Acme,2026-03-02,Task,open
3,Win!!,Acme,2026-03-02,Spam (sure),open
4,Odd,Acme,2026-03-02,,deleted
"""


@pytest.mark.parametrize(
    ("rule", "ids"),
    [
        ('[leave_out]\ntype = ["Task", "Spam*"]\n', ["1", "4"]),
        ('[leave_out]\ntype = "Task"\nstate = "deleted"\n', ["1", "3"]),
        ('[leave_out]\ntype = ["", "Task"]\n', ["1", "3"]),
        ('[only]\ntype = ["Incident", "Task"]\n', ["1", "2"]),
        ('[only]\ntype = "*"\nstate = "open"\n', ["1", "2", "3"]),
        (
            '[only]\ntype = ["*", ""]\n[leave_out]\n"{type}/{state}" = "Task/open"\n',
            ["1", "3", "4"],
        ),
    ],
)
def test_lines_are_left_out_by_a_rule_and_counted(
    tmp_path: Path, rule: str, ids: list[str]
) -> None:
    tickets, report = taken_in(tmp_path, "t.csv", KINDS, MAPPING + rule)
    assert [ticket.external_id for ticket in tickets] == ids
    left = 4 - len(ids)
    places = "1 line is" if left == 1 else f"{left} lines are"
    assert report.notes == [f"{places} left out, as the mapping says"]
    assert (report.read, report.rejected) == (len(ids), [])


def test_pull_requests_are_left_out_of_issues_by_what_they_have(tmp_path: Path) -> None:
    items = [TICKET, {**TICKET, "id": 2, "pull_request": {"url": "https://a.example"}}]
    toml = MAPPING + '[leave_out]\n"pull_request.url" = "*"\n'
    tickets, _ = taken_in(tmp_path, "t.json", json.dumps(items).encode(), toml)
    assert [ticket.external_id for ticket in tickets] == ["1"]


def test_what_counts_as_missing_may_differ_by_column(tmp_path: Path) -> None:
    content = b"id,title,who,at,agent,mail\n1,?,Acme,2026-03-02,-,?\n2,-,Acme,2026-03-02,?,-\n"
    columns = '[columns]\nassignee = "agent"\nrequester_name = "mail"'
    toml = MAPPING.replace("[columns]", columns)
    toml += '[missing]\nvalues = ["?"]\nassignee = ["-"]\ntitle = []\n'
    tickets, _ = taken_in(tmp_path, "t.csv", content, toml)
    assert [each.subject for each in tickets] == ["?", "-"]
    assert [each.assignee for each in tickets] == [None, "?"]
    assert [each.requester_name for each in tickets] == [None, "-"]


def test_tags_may_be_apart_by_what_the_mapping_says(tmp_path: Path) -> None:
    content = b"id,title,who,at,tags\n1,Down,Acme,2026-03-02,vip eu\n"
    toml = MAPPING.replace("[columns]", '[columns]\ntags = "tags"')
    (ticket,), _ = taken_in(tmp_path, "t.csv", content, toml + '[tags]\nseparator = " "\n')
    assert ticket.tags == ("vip", "eu")
    (ticket,), _ = taken_in(tmp_path, "t.csv", content, toml)
    assert ticket.tags == ("vip eu",)


def test_tier_and_customer_are_looked_up_in_a_second_file(tmp_path: Path) -> None:
    accounts = "Konto;Name;Plan\n7;Acme GmbH;Gold\n8;Müller & Söhne;Basic\n"
    (tmp_path / "accounts.csv").write_bytes(accounts.encode("utf-16"))
    content = b"id,title,at,account\n1,Down,2026-03-02, 7 \n2,Up,2026-03-02,8\n3,?,2026-03-02,9\n"
    toml = """
[columns]
external_id = "id"
subject = "title"
received_at = "at"
customer = "account"
[lookup.customer]
file = "accounts.csv"
by = "account"
key = "Konto"
value = "Name"
[lookup.tier]
file = "accounts.csv"
by = "account"
key = "Konto"
value = "Plan"
[values.tier]
Gold = "enterprise"
Basic = "team"
[constants]
tier = "free"
severity = 2
"""
    tickets, _ = taken_in(tmp_path, "t.csv", content, toml)
    assert [(each.customer, each.tier) for each in tickets] == [
        ("Acme GmbH", "enterprise"),
        ("Müller & Söhne", "team"),
        ("9", "free"),
    ]
    with_none = toml.replace('tier = "free"\n', "")
    tickets, report = taken_in(tmp_path, "t.csv", content, with_none)
    assert len(tickets) == 2
    assert [each.error for each in report.rejected] == [
        "tier: missing; looked in account and accounts.csv"
    ]
    with pytest.raises(Refusal, match=r"my\.toml: lookup\.customer: .*gone\.csv cannot be read"):
        taken_in(tmp_path, "t.csv", content, toml.replace("accounts.csv", "gone.csv", 2))


def test_warnings_that_are_many_are_told_once(tmp_path: Path) -> None:
    lines = [fields(number, requester_email=f"nobody {number}") for number in range(1, 301)]
    content = "\n".join(map(json.dumps, lines)).encode()
    tickets, report = taken_in(tmp_path, "t.jsonl", content)
    assert (len(tickets), report.rejected_in_all) == (300, 0)
    warning = 'requester_email left out: "nobody 1"; expected an address such as ada@example.com'
    assert report.as_json()["warnings"] == [
        {"line": 1, "warning": f"{warning} (and others like it)", "count": 300}
    ]
