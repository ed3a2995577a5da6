"""First mappings from headings and values: they read what they were made of, and say doubts."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from connections.files.drafting.mapping_draft import draft_mapping, undecided_in
from connections.files.importing import import_file
from connections.files.mapping_files import mapping_from
from connections.files.ticket_file import TicketFile
from policy.refusal import Refusal
from tests.connections.recording_desk import RecordingDesk
from tests.examples import WORDS

JIRA = """Summary,Issue key,Status,Priority,Assignee,Reporter,Created,Resolved,Labels,Labels,\
Description
Down,SUP-1,Waiting for support,Highest,Dana Ortiz,Sam Lee,12/Mar/24 9:41 AM,,web,,Help
Up,SUP-2,Waiting for customer,Low,,Sam Lee,13/Mar/24 8:00 AM,,web,eu,Fine
Odd,SUP-3,Frozen,Medium,Dana Ortiz,Kim,14/Mar/24 1:15 PM,15/Mar/24 4:00 PM,,,Hm
"""
GERMAN = """Nr;Betreff;Kunde;Priorität;Status;Eingang;Bearbeiter
1;Drucker;Müller GmbH;hoch;Offen;28.11.2026 09:15;mo
2;Netz;Söhne AG;niedrig;Gelöst;29.11.2026 10:15;kim
"""
GITHUB = [
    {
        "number": number,
        "title": "Crash",
        "state": state,
        "user": {"login": "octocat"},
        "labels": [{"name": "bug"}],
        "assignee": {"login": "hubot"} if number == 2 else None,
        "created_at": f"2026-11-0{number}T10:00:00Z",
        "html_url": f"https://github.example/{number}",
    }
    for number, state in ((1, "open"), (2, "closed"))
]
LOG = """number,incident_state,sys_mod_count,caller,opened_at,priority
INC1,New,0,Caller 5,29/2/2016 01:16,1 - Critical
INC1,Resolved,1,Caller 5,29/2/2016 01:16,1 - Critical
INC2,New,0,?,1/3/2016 10:00,4 - Low
"""


def drafted(tmp_path: Path, name: str, content: str | bytes) -> tuple[str, dict[str, Any]]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with TicketFile.open(str(path)) as file:
        text = draft_mapping(file, None, WORDS)
    return text, tomllib.loads(text)


def taken_in(tmp_path: Path, name: str, text: str) -> RecordingDesk:
    (tmp_path / "draft.toml").write_text(text, encoding="utf-8")
    desk = RecordingDesk()
    report = import_file(desk, tmp_path / name, mapping=str(tmp_path / "draft.toml"))
    assert report.rejected == []
    return desk


def test_a_table_of_jira(tmp_path: Path) -> None:
    text, told = drafted(tmp_path, "jira.csv", JIRA)
    assert told["columns"] == {
        "external_id": "Issue key",
        "subject": "Summary",
        "customer": "Reporter",
        "severity": "Priority",
        "received_at": "Created",
        "body": "Description",
        "status": "Status",
        "assignee": "Assignee",
        "solved_at": "Resolved",
        "requester_name": "Reporter",
        "tags": "Labels",
    }
    assert told["values"]["severity"] == {"Highest": 0, "Low": 3, "Medium": 2}
    assert '# undecided: "Frozen" = "…"' in text
    assert told["dates"] == {"format": "%d/%b/%y %I:%M %p", "timezone": "UTC"}
    desk = taken_in(tmp_path, "jira.csv", text)
    assert [each.assignee for each in desk.tickets.values()] == ["Dana.Ortiz", None, "Dana.Ortiz"]
    assert desk.tickets["import:SUP-2"].tags == ("web", "eu")


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_german_table_with_semicolons(tmp_path: Path, encoding: str) -> None:
    text, told = drafted(tmp_path, "t.csv", GERMAN.encode(encoding))
    assert told["columns"]["received_at"] == "Eingang"
    assert told["values"]["severity"] == {"hoch": 1, "niedrig": 3}
    assert told["values"]["status"] == {"Gelöst": "solved", "Offen": "open"}
    assert told.get("file", {}).get("encoding") == (
        "windows-1252" if encoding == "cp1252" else None
    )
    desk = taken_in(tmp_path, "t.csv", text)
    assert [each.customer for each in desk.tickets.values()] == ["Müller GmbH", "Söhne AG"]


@pytest.mark.parametrize("under", ["", "issues", "data.nodes"])
def test_a_document_and_a_list_in_one(tmp_path: Path, under: str) -> None:
    content: object = GITHUB
    for name in reversed(under.split(".") if under else []):
        content = {name: content}
    text, told = drafted(tmp_path, "issues.json", json.dumps(content, indent=1))
    assert told.get("file", {}).get("list", "") == under
    assert (told["columns"]["external_id"], told["columns"]["customer"]) == ("number", "user.login")
    desk = taken_in(tmp_path, "issues.json", text)
    assert [each.assignee for each in desk.tickets.values()] == [None, "hubot"]
    assert desk.tickets["import:1"].tags == ("bug",)


def test_an_event_log_is_taken_for_one(tmp_path: Path) -> None:
    text, told = drafted(tmp_path, "log.csv", LOG)
    assert told["lines"] == {"ticket": "number", "keep": "both", "order_by": "sys_mod_count"}
    assert told["missing"]["values"] == ["", "?"]
    assert told["values"]["severity"] == {"1 - Critical": 0, "4 - Low": 3}
    desk = taken_in(tmp_path, "log.csv", text)
    assert [each.status for each in desk.tickets.values()] == ["solved", "new"]
    assert desk.tickets["import:INC2"].customer == "Unknown customer"


def test_what_nothing_tells_is_marked_and_taken_for_something(tmp_path: Path) -> None:
    text, told = drafted(tmp_path, "t.csv", "alpha,beta\nx1,2026-03-02\nx2,2026-03-03\n")
    assert told["columns"] == {"external_id": "alpha", "received_at": "beta", "subject": "alpha"}
    assert set(told["constants"]) == {"customer", "severity", "tier"}
    assert undecided_in(text) == 7
    taken_in(tmp_path, "t.csv", text)


def test_day_or_month_first_is_a_question_where_both_fit(tmp_path: Path) -> None:
    head = "id,created,severity,subject,customer\n"
    text, told = drafted(tmp_path, "t.csv", head + "1,03/04/2026 10:00,low,a,b\n")
    assert "day or month first? %m/%d/%Y %H:%M would fit" in text
    text, told = drafted(tmp_path, "t.csv", head + "1,03/25/2026 10:00,low,a,b\n")
    assert "month first" not in text
    assert told["dates"]["format"] == "%m/%d/%Y %H:%M"


def test_severities_nobody_knows_are_marked(tmp_path: Path) -> None:
    rows = "id,created,severity,subject,customer\n1,2026-03-02,Purple,a,b\n2,2026-03-02,high,a,b\n"
    text, told = drafted(tmp_path, "t.csv", rows)
    assert '# undecided: "Purple" = "…"' in text
    assert told["values"]["severity"] == {"high": 1, "*": 3}
    rows = rows.replace("Purple", "P1").replace("high", "P3")
    assert drafted(tmp_path, "t.csv", rows)[1]["values"]["severity"] == {"P1": 0, "P3": 1}


def test_odd_names_and_values_are_written_as_toml(tmp_path: Path) -> None:
    odd = 'a "b"\\\x7f'
    records = [
        {"id": n, "created": "2026-03-02", "title": "x", odd: "q", "priority": odd} for n in (1, 2)
    ]
    text, _ = drafted(tmp_path, "t.json", json.dumps(records))
    assert mapping_from(text, "draft", WORDS).source == "import"


def test_a_file_without_a_record_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="nothing to make a mapping of: no records"):
        drafted(tmp_path, "t.csv", "a,b\n")
    with pytest.raises(Refusal, match="nothing to make a mapping of: not JSON"):
        drafted(tmp_path, "t.jsonl", "oops\n")
