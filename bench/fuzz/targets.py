"""The readers of what others wrote: each takes bytes, and may only refuse them in one line.

What comes out of a target is a fault: a traceback where a sentence belongs, a reason of several
lines or without end, text that is read back as another, or a reading that takes too long.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from time import process_time
from typing import Any, Final
from zoneinfo import ZoneInfo

from connections.calendars.time_off_calendar import calendar_reading
from connections.files.archive_file import as_json_lines, sealed
from connections.files.csv_lines import harmless, original
from connections.files.formats import Format
from connections.files.importing import import_file
from connections.files.mapping_files import mapping_from
from policy.clocks.calendar import Interval
from policy.clocks.typed_time import typed_past, typed_time
from policy.refusal import Refusal
from policy.roster.team_file import load_team, team_toml
from policy.rulebook.rulebook import (
    fingerprint,
    handbook,
    load_rulebook,
    rulebook_from_json,
    rulebook_json,
)
from policy.rulebook.working_days import times_in_working_days
from store.database import SCHEMA
from store.desk import Desk
from store.queue.query import parse_query
from store.transfer.archive import RECORD

Target = Callable[[bytes], None]

LONGEST_SECONDS: Final = 10.0
"""CPU time that anything may take that is read."""

_LONGEST_REASON: Final = 8_000
_NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_WINDOW: Final = Interval(_NOW - timedelta(days=30), _NOW + timedelta(days=400))
_ZONES: Final = (ZoneInfo("Europe/Berlin"), ZoneInfo("America/St_Johns"), UTC)
_WORDS: Final = handbook().vocabulary
_FORMATS: Final = (None, Format.JSONL, Format.CSV, Format.ZENDESK)
_MAPPINGS: Final = (None, "zendesk", "incident_event_log", "incident_event_log_first_and_last")


class NotAsItShouldError(Exception):
    """A reader did what none may do."""


@contextmanager
def refusing() -> Iterator[None]:
    """Let refusals pass, as long as each is one line that can be read, and came in time."""
    begun = process_time()
    try:
        yield
    except Refusal as refusal:
        reason = refusal.reason
        if not reason.strip() or len(reason) > _LONGEST_REASON or "\n" in reason:
            raise NotAsItShouldError(f"a reason that is no line: {reason[:200]!r}") from None
    taken = process_time() - begun
    if taken > LONGEST_SECONDS:
        raise NotAsItShouldError(f"it took {taken:.1f} s")


def importer(given: bytes) -> None:
    """Import a file of any format; its first byte says of which, and by which mapping."""
    choice = given[0] if given else 0
    file = _folder() / "tickets"
    file.write_bytes(given[1:])
    with refusing():
        import_file(
            _desk().transfer,
            file,
            format=_FORMATS[choice % len(_FORMATS)],
            mapping=_MAPPINGS[choice // len(_FORMATS) % len(_MAPPINGS)],
            strict=bool(choice & 0x40),
            dry_run=True,
        )


def mapping(given: bytes) -> None:
    """Read a mapping, and by it one record, which stands behind the first NUL as JSON."""
    text, _, record = given.partition(b"\0")
    with refusing():
        read = mapping_from(text.decode("utf-8", "replace"), "fuzz.toml", _WORDS)
        told = _json_of(record)
        if isinstance(told, dict):
            read.passes_over(told)
            read.told(told)


def policy(given: bytes) -> None:
    """Read a policy, work out what it leaves, and read it back as it is kept."""
    with refusing():
        rulebook = load_rulebook(given.decode("utf-8", "replace"), "fuzz.toml")
        rulebook.without_a_ticket()
        rulebook.without_first_response()
        tuple(times_in_working_days(rulebook))
        kept = rulebook_json(rulebook)
        if fingerprint(rulebook_from_json(kept)) != fingerprint(rulebook):
            raise NotAsItShouldError("a policy comes back as another")


def team(given: bytes) -> None:
    """Read a team, and read it back as it is written."""
    with refusing():
        entries = load_team(given.decode("utf-8", "replace"), "fuzz.toml")
        json.dumps(team_toml(entries))


def calendar(given: bytes) -> None:
    """Read somebody's time off."""
    with refusing():
        calendar_reading(given, "fuzz.ics", "Europe/Berlin", _WINDOW, timedelta(seconds=5))


def query(given: bytes) -> None:
    """Ask a small desk for what a query finds."""
    with refusing():
        asked = parse_query(given.decode("utf-8", "replace"), _WORDS)
        _desk().queue.page(asked, 0, 3)


def times(given: bytes) -> None:
    """Read a time as a person types it, in a zone that the first byte chooses."""
    text = given[1:].decode("utf-8", "replace")
    zone = _ZONES[(given[0] if given else 0) % len(_ZONES)]
    for read in (typed_time, typed_past):
        for end in (False, True):
            with refusing():
                read(text, _NOW, zone, end=end)
    if original(harmless(text)) != text:
        raise NotAsItShouldError("a cell comes back as another text")


def archives(given: bytes) -> None:
    """Take an export back whose records are any JSON, each with the check that belongs to it."""
    records = [each for line in given.split(b"\n") if isinstance(each := _json_of(line), dict)]
    told: list[dict[str, Any]] = [each for each in records if isinstance(each.get(RECORD), str)]
    head = told.pop(0) if told and told[0][RECORD] == "head" else {}
    head = {"schema": SCHEMA, "at": "2026-03-02T09:00:00Z", **head, RECORD: "numberone export"}
    file = _folder() / "export.jsonl"
    try:
        file.write_text("".join(as_json_lines(sealed(head, told))), encoding="utf-8")
    except UnicodeEncodeError:
        return  # an unpaired surrogate, which no file in UTF-8 can have
    database = _copy_of(_empty_database())
    with refusing(), closing(Desk.open(str(database), actor="ana")) as desk:
        import_file(desk.transfer, file)


def restore(given: bytes) -> None:
    """Restore a backup that is damaged: pairs of a place and bytes, or a statement of SQL."""
    damaged = _copy_of(_small_backup(), "damaged.db")
    kept = bytearray(damaged.read_bytes())
    statement, _, edits = given.rpartition(b"\0")
    for start in range(0, len(edits) - 3, 4):
        kept[int.from_bytes(edits[start : start + 3]) % len(kept)] = edits[start + 3]
    damaged.write_bytes(kept)
    if statement:
        _run_sql(damaged, statement.decode("utf-8", "replace"))
    database = _copy_of(_empty_database())
    with refusing(), closing(Desk.open(str(database), actor="ana")) as desk:
        desk.transfer.restore(damaged)
        desk.transfer.problems()


TARGETS: Final[Mapping[str, Target]] = {
    each.__name__: each
    for each in (importer, mapping, policy, team, calendar, query, times, archives, restore)
}


def _run_sql(database: Path, statement: str) -> None:
    """Let what a backup holds be anything that SQLite takes."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            for each in statement.split(";"):
                connection.execute(each)
            connection.commit()
    except (sqlite3.Error, sqlite3.Warning, UnicodeEncodeError, ValueError):
        return


def _json_of(text: bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@cache
def _folder() -> Path:
    """Return a folder of this process's own."""
    return Path(mkdtemp(prefix="numberone-fuzz-"))


@cache
def _desk() -> Desk:
    """Return a desk with a ticket."""
    return Desk.open(str(_copy_of(_small_backup(), "desk.db")), actor="ana")


@cache
def _empty_database() -> Path:
    path = _folder() / "empty.db"
    Desk.open(str(path), actor="ana").close()
    return path


@cache
def _small_backup() -> Path:
    """Return a backup of a desk with some tickets."""
    path, tickets = _folder() / "small.db", _folder() / "small.jsonl"
    tickets.write_text("".join(f"{json.dumps(each)}\n" for each in small_tickets()), "utf-8")
    backup = _folder() / "backup.db"
    with closing(Desk.open(str(path), actor="ana")) as desk:
        import_file(desk.transfer, tickets)
        desk.transfer.back_up(backup)
    return backup


def small_tickets() -> Iterator[dict[str, object]]:
    """Yield a few tickets as the import reads them."""
    for number in range(1, 4):
        yield {
            "external_id": f"{number}",
            "subject": "The build is slow",
            "body": "Since this morning.",
            "customer": "Halcyon Ferry Lines",
            "tier": "enterprise",
            "severity": number,
            "received_at": "2026-03-01T09:00:00Z",
            "tags": ["ci", "build"],
        }


def _copy_of(path: Path, name: str = "copy.db") -> Path:
    copy = _folder() / name
    for left in _folder().glob(f"{name}*"):
        left.unlink()
    shutil.copyfile(path, copy)
    return copy
