"""The whole database from the command line: backed up, restored, checked, exported, imported."""

import csv
import json
import os
import signal
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from store.database import SCHEMA
from store.desk import Desk
from store.stopping import ReadingStop
from tests.databases import address_of, execute, place_of
from tests.tui.command_runs import CommandLine
from tui.cli.stopping import done_beside

TEAM = """
[[member]]
login = "lee"
name = "Lee"
role = "lead"
region = "EMEA"
timezone = "UTC"
hours = ["Mon-Fri 08:00-16:00"]
"""


@pytest.fixture
def desk(numberone: CommandLine) -> CommandLine:
    """Return the command line on a desk with three tickets, one of them declined."""
    numberone.take_in({"subject": "=cmd|' /C calc'!A0"}, {"severity": 0}, {"tier": "presales"})
    return numberone


def test_a_backup_and_the_way_back(desk: CommandLine) -> None:
    assert desk("db backup monday.db").out == "monday.db: 3 tickets with 3 events.\n"
    assert desk.refused("db backup monday.db") == (
        "monday.db: exists already; name a new file, or say --force"
    )
    copied = desk.json("db backup monday.db --force")
    assert (copied["schema"], copied["tickets"], copied["events"]) == (SCHEMA, 3, 3)
    assert copied["bytes"] == Path("monday.db").stat().st_size
    desk("take 1")
    back, kept = desk("db restore monday.db").out.splitlines()
    assert back == "monday.db: 3 tickets with 3 events are back."
    said, _, before = kept.partition(": ")
    assert said == "What was there before is kept"
    assert before.endswith(".db.before-restore")
    assert desk.json("show 1")["ticket"]["assignee"] is None
    there = desk.plain(["--db", before, "--as", "mo", "show", "1", "--json"]).json
    assert there["ticket"]["assignee"] == "mo"


def test_into_a_new_place(desk: CommandLine) -> None:
    desk("db backup monday.db")
    before = desk.json("list --all")
    desk.db = desk.folder / "new.db"
    assert desk.json("db restore monday.db")["kept"] is None
    assert desk.json("list --all") == before


@pytest.mark.on_files("only a file can be named in the place of its backup")
def test_a_database_is_no_backup_of_itself(desk: CommandLine) -> None:
    assert "is the database itself" in desk.refused(f"db backup {desk.db} --force")
    assert "is the database itself" in desk.refused(f"db restore {desk.db}")


def test_what_cannot_be_backed_up_or_restored(desk: CommandLine) -> None:
    assert desk.refused("db restore none.db") == (
        "none.db: cannot be read: No such file or directory"
    )
    Path("team.toml").write_text(TEAM)
    desk("team import team.toml")
    desk("db backup monday.db")
    assert "not in the team and may only look, not restore a backup" in desk.refused(
        "db restore monday.db"
    )
    desk.db = desk.folder / "nothing.db"
    assert desk.refused("db backup a.db") == f"{place_of(desk.db)}: there is no database yet"
    assert desk.refused("db check") == f"{place_of(desk.db)}: there is no database yet"
    assert not desk.db.exists()


@pytest.mark.on_files("a server looks after its own files")
def test_a_damaged_database_gets_its_backup(desk: CommandLine) -> None:
    desk("db backup monday.db")
    content = desk.db.read_bytes()
    desk.db.write_bytes(content[:4096] + bytes(len(content) - 4096))
    assert "is damaged; restore it from a backup" in desk.refused("list")
    assert "are back" in desk("db restore monday.db").out
    assert desk.json("list --all")["total"] == 3
    assert desk("db check").out == f"{desk.db}: nothing is wrong with it.\n"


def test_the_check_says_what_is_wrong(desk: CommandLine) -> None:
    document = desk.json("db check")
    assert len(document.pop("hash")) == len(sha256().hexdigest())
    assert document == {"schema": SCHEMA, "events": 3, "problems": []}
    execute(desk.db, "UPDATE tally SET tickets = 7 WHERE name = 'all'")
    assert desk.refused("db check") == "the count all is 7; expected 3"
    assert desk("db check --json", code=1).json["problems"] == ["the count all is 7; expected 3"]


def test_ctrl_c_ends_a_check(desk: CommandLine) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell does

    def checked(stop: ReadingStop) -> list[str]:
        def told(_done: int, _all: int) -> None:
            if not stop.given_up.is_set():
                os.kill(os.getpid(), signal.SIGINT)
                stop.given_up.wait()

        return opened.transfer.problems(told, stop)

    with closing(Desk.open(address_of(desk.db), actor="mo")) as opened:
        with pytest.raises(KeyboardInterrupt):
            done_beside(checked)
        assert opened.transfer.problems() == []
    signal.signal(signal.SIGINT, before)


def test_an_upgrade_says_from_where_to_where(desk: CommandLine) -> None:
    assert desk("db upgrade").out == f"{place_of(desk.db)}: is at schema {SCHEMA}, the newest.\n"
    assert desk.json("db upgrade") == {
        "schema": SCHEMA,
        "from": SCHEMA,
        "brought_back": [],
        "backup": None,
    }
    desk.db = desk.folder / "new.db"
    assert desk("db upgrade").out == f"{place_of(desk.db)}: made new, at schema {SCHEMA}.\n"


@pytest.mark.parametrize("name", ["all.jsonl", "all.csv"])
def test_an_export_comes_back(desk: CommandLine, name: str) -> None:
    desk("take 1")
    desk(f"export {name}")
    before = [desk.json("list --all"), *(desk.json(f"show {number}") for number in (1, 2, 3))]
    desk.db = desk.folder / "new.db"
    counts = {"read": 3, "updated": 0, "rejected": []}
    taken = {"admitted": 2, "declined": 1, "unchanged": 0}
    assert desk.json(f"import {name} --dry-run") == {**counts, **taken}
    assert desk.json("list --all")["total"] == 0
    assert desk.json(f"import {name}") == {**counts, **taken}
    after = [desk.json("list --all"), *(desk.json(f"show {number}") for number in (1, 2, 3))]
    assert after == before
    unchanged = {"admitted": 0, "declined": 0, "unchanged": 3}
    assert desk.json(f"import {name}") == {**counts, **unchanged}
    desk(f"export again-{name}")
    first, again = (Path(each).read_text().splitlines() for each in (name, f"again-{name}"))
    heads = 1 if name.endswith("jsonl") else 2
    assert first[heads:] == again[heads:]
    desk("take 2")
    assert "into an empty database only; name a new file with --db" in desk.refused(
        f"import {name}"
    )


def test_an_export_that_was_changed_is_refused(desk: CommandLine) -> None:
    desk("export all.jsonl")
    lines = Path("all.jsonl").read_text().splitlines()
    Path("half.jsonl").write_text("\n".join(lines[:4]))
    desk.db = desk.folder / "new.db"
    assert desk.refused("import half.jsonl") == (
        "half.jsonl, line 4: the export breaks off behind it; its end is missing"
    )
    assert desk.json("list --all")["total"] == 0


def test_a_terminal_is_shown_what_it_would_obey(
    desk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take_in({"external_id": "9", "subject": "a\x1b[2Jb\u202e\x9b"})
    exact = desk("export --tickets-only --format csv").out
    ours, its = os.openpty()
    os.set_blocking(ours, False)
    with open(its, "w", encoding="utf-8") as terminal:  # noqa: PTH123 - a descriptor
        monkeypatch.setattr(sys, "stdout", terminal)
        desk.ended(["--db", address_of(desk.db), "export", "--tickets-only", "--format", "csv"])
        shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "a\x1b[2Jb\u202e\x9b" in exact
    assert "a␛[2Jb⟨U+202E⟩⟨U+009B⟩" in shown
    assert "\x1b" not in shown


def test_tickets_alone_are_the_imports_own_format(desk: CommandLine) -> None:
    desk("reply 2 --status pending")
    desk("export tickets.csv --tickets-only")
    assert desk("export --tickets-only").out.count("\n") == 3
    first = json.loads(desk("export --tickets-only").out.splitlines()[0])
    assert {name: value for name, value in first.items() if value not in (None, "", [])} == {
        "source": "import",
        "external_id": "1",
        "subject": "=cmd|' /C calc'!A0",
        "customer": "Acme",
        "tier": "enterprise",
        "severity": 2,
        "received_at": "2026-03-06T20:00:00Z",
        "opened_by": "customer",
        "status": "new",
    }
    with Path("tickets.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["subject"] == "'=cmd|' /C calc'!A0"
    tickets = desk.json("list --all")["tickets"]
    desk.db = desk.folder / "new.db"
    assert "2 admitted, 1 declined" in desk("import tickets.csv").out
    assert desk.json("list --all")["tickets"] == tickets


def test_tags_come_back_from_a_csv(numberone: CommandLine) -> None:
    tags = [["one"], ["two words"], ["a,b", "c"], []]
    numberone.take_in(*({"tags": each} for each in tags))
    numberone("export tickets.csv --tickets-only")
    numberone.db = numberone.folder / "new.db"
    numberone("import tickets.csv")
    told = numberone("export --tickets-only").out.splitlines()
    assert [json.loads(line).get("tags", []) for line in told] == tags


def test_where_an_export_cannot_go(desk: CommandLine) -> None:
    assert desk.refused("export all.txt") == (
        "all.txt: its ending says no format; say --format jsonl or csv"
    )
    desk("export all.txt --format csv")
    assert desk.refused("export all.txt --format csv").startswith("all.txt: exists already")
    desk("export all.txt --format csv --force")
    assert "No such file or directory" in desk.refused("export no/all.csv")
    assert not list(Path().glob("**/*.unfinished"))


def test_an_export_of_everything_goes_through_a_pipe(desk: CommandLine) -> None:
    out = desk("export --format csv").out
    assert "'=cmd" in out
    piped = desk.folder / "piped.csv"
    piped.write_text(out, newline="")
    there = desk.json("list --all")
    desk.db = desk.folder / "new.db"
    desk(f"import {piped}")
    assert desk.json("list --all") == there
