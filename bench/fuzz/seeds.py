"""What the fuzzing begins with: what the program ships, exports of its own, and small examples."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.fuzz.targets import small_tickets
from connections.files.exporting import export_file
from connections.files.formats import Format
from connections.files.importing import import_file
from policy.rulebook.book import book
from store.desk import Desk
from tui.cli.text_files import text_in

_DOCS: Final = Path(__file__).parents[2] / "docs"

_CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
X-WR-TIMEZONE:Europe/Berlin
BEGIN:VEVENT
UID:1
SUMMARY:Away
DTSTART;TZID=Europe/Berlin:20260310T090000
DTEND;TZID=Europe/Berlin:20260310T170000
RRULE:FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20260501T000000Z;INTERVAL=2
EXDATE;TZID=Europe/Berlin:20260317T090000
END:VEVENT
BEGIN:VEVENT
UID:1
RECURRENCE-ID;TZID=Europe/Berlin:20260324T090000
DTSTART;VALUE=DATE:20260325
DURATION:P1D
STATUS:CANCELLED
END:VEVENT
BEGIN:VTIMEZONE
TZID:Home
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
END:VCALENDAR
"""
_TEAM = """[[member]]
login = "ana"
name = "Ana"
role = "support"
region = "Berlin"
timezone = "Europe/Berlin"
hours = [{ days = "Mon-Fri", from = "09:00", to = "17:00" }]
holidays = "DE-BY"
email = "ana@example.com"
backup = "ben"

[[member]]
login = "ben"
name = "Ben"
role = "lead"
region = "Cairo"
timezone = "Africa/Cairo"
"""
_MAPPING = """source = "old"
[columns]
external_id = "id"
subject = ["title", "{kind}: {name}"]
customer = "organization.name"
tier = "plan"
severity = "custom_field:12"
received_at = "labels[-1].at"
[values.tier]
"gold*" = "enterprise"
"*" = "free"
[values.severity]
"high" = 1
"*" = 2
[dates]
format = ["%d/%m/%Y %H:%M", "unix"]
timezone = "Europe/Berlin"
[missing]
values = ["?", ""]
[leave_out]
kind = ["Task", "*pam*"]
[file]
delimiter = ";"
"""
_RECORD = {
    "id": 4,
    "title": "?",
    "kind": "Bug",
    "name": "slow",
    "organization": {"name": "Acme"},
    "plan": "golden",
    "custom_fields": [{"id": 12, "value": "high"}],
    "labels": [{"at": "01/02/2026 10:00"}, {"at": 1767225600}],
}
_QUERIES = (
    'tier:enterprise,team p:p1 assignee:me -customer:"Acme Corp" "exact words" free -not',
    "status:pending is:late,owed severity:2 number:#12 tag:ci language:de source:test",
    "-tier:free https://example.com/a:b Re: order",
)
_TIMES = ("17:00", "Fri 17:00", "3h", "1h30m", "2d", "2026-03-06T17:00", "2026-03-06T17:00+02:00")
_SQL = (
    "UPDATE ticket SET severity = 'x'",
    "UPDATE ticket SET received_at = NULL",
    "UPDATE setting SET value = '[]'",
    "UPDATE event SET changes = '{'",
    "UPDATE alembic_version SET version_num = 'x'",
    "DELETE FROM customer",
    "UPDATE sqlite_master SET sql = ''",
)
_ZENDESK = {
    "tickets": [
        {
            "id": 1,
            "requester_id": 5,
            "organization_id": 6,
            "subject": "Slow",
            "created_at": "2026-03-01T09:00:00Z",
            "status": "open",
            "tags": ["a"],
        }
    ],
    "users": [{"id": 5, "name": "Ada", "role": "end-user", "email": "ada@example.com"}],
    "organizations": [{"id": 6, "name": "Acme"}],
    "comments": [{"ticket_id": 1, "author_id": 5, "public": True}],
    "metric_sets": [{"ticket_id": 1, "reply_time_in_minutes": {"calendar": 4}}],
}


def seeds() -> Mapping[str, list[bytes]]:
    """Return for each target what it begins with."""
    return {
        "importer": list(_imports()),
        "mapping": [_mapping(_MAPPING), *(_mapping(each) for each in _shipped_mappings())],
        "policy": [*(each.text.encode() for each in book()), *_blocks("write-your-own-policy.md")],
        "team": [_TEAM.encode(), *_blocks("team.md")],
        "calendar": [_CALENDAR.encode(), _CALENDAR.replace("\n", "\r\n").encode()],
        "query": [each.encode() for each in _QUERIES],
        "times": [b"%c%s" % (place % 3, each.encode()) for place, each in enumerate(_TIMES)],
        "archives": list(_archives()),
        "restore": [b"\0\x10\0\0\xff", *(each.encode() + b"\0" for each in _SQL)],
    }


def _imports() -> Iterator[bytes]:
    lines = [json.dumps(each) for each in small_tickets()]
    for first in (b"\0", b"\x01", b"\x40"):
        yield first + "\n".join(lines).encode()
    yield b"\0" + f"[{','.join(lines)}]".encode()
    yield b"\0" + json.dumps({"result": {"records": [json.loads(lines[0])]}}).encode()
    yield b"\x07" + json.dumps(_ZENDESK).encode()
    yield b"\x03" + json.dumps(_ZENDESK).encode()
    table = "external_id,subject,customer,tier,severity,received_at\n"
    yield b"\x02" + f'{table}1,"a ""b""\nc",Acme,team,2,2026-03-01\n'.encode()
    yield b"\x02" + table.replace(",", ";").encode("utf-16")


def _archives() -> Iterator[bytes]:
    """Yield the records of an export, all of them and each kind alone."""
    with TemporaryDirectory() as folder:
        tickets, out = Path(folder) / "t.jsonl", Path(folder) / "all.jsonl"
        tickets.write_text("".join(f"{json.dumps(each)}\n" for each in small_tickets()), "utf-8")
        with closing(Desk.open(str(Path(folder) / "a.db"), actor="ana")) as desk:
            import_file(desk.transfer, tickets)
            export_file(desk.transfer, str(out), Format.JSONL)
        records = [json.loads(line) for line in out.read_text("utf-8").splitlines()[1:-1]]
    for record in records:
        del record["check"]
    head = {"record": "head", "version": 1}
    yield "\n".join(json.dumps(each) for each in [head, *records]).encode()
    for record in {each["record"]: each for each in records}.values():
        yield json.dumps(record).encode()


def _mapping(text: str) -> bytes:
    return text.encode() + b"\0" + json.dumps(_RECORD).encode()


def _shipped_mappings() -> Iterator[str]:
    for entry in resources.files("connections.files").joinpath("mappings").iterdir():
        yield entry.read_text("utf-8")


def _blocks(page: str) -> Iterator[bytes]:
    """Yield the TOML that a page of the docs shows."""
    for block in text_in(str(_DOCS / page), 1_000_000, "a page").split("```toml\n")[1:]:
        yield block.split("```", 1)[0].encode()
