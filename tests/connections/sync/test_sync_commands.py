"""The commands about connections: their file, logging in, one round, the loop; and no secret."""

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from store.desk import Desk
from tests.connections.sync.conftest import InStep
from tests.connections.sync.small_help_desk import MAPPING, SmallHelpDesk
from tests.tui.command_runs import CommandLine
from tests.tui.conftest import numberone
from tests.tui.conversations import attach

__all__ = ["numberone"]

SECRET = "s3cr3t-planted-token"  # noqa: S105 - planted, to be looked for
KEYS = ["name", "kind", "address", "state", "read_until", "last_ok", "waiting_out", "error"]
DONE = ["read", "admitted", "updated", "unchanged", "messages", "sent", "failed"]
COLUMNS = "\n".join(f'{name} = "{column}"' for name, column in MAPPING["columns"].items())
FILE = f"""[[connection]]
name = "desk"
kind = "small"
address = "https://desk.example"
queues = ["Support"]

[connection.tickets.columns]
{COLUMNS}
"""


class Kept(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # the library does not say
        self.passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.passwords[service, username]


@pytest.fixture
def kept() -> Iterator[Kept]:
    before = keyring.get_keyring()
    backend = Kept()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def connected(numberone: CommandLine, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Give the command line on a desk that is connected, with a login of mo's."""
    (numberone.folder / "connections.toml").write_text(FILE, encoding="utf-8")
    numberone("connections import connections.toml")
    monkeypatch.delenv("NUMBERONE_DESK_TOKEN", raising=False)
    kept.passwords["numberone", "connection desk as mo"] = SECRET
    return numberone


def test_the_file_is_written_as_it_is_read(connected: CommandLine) -> None:
    document = connected.json("connections")
    assert [list(each) for each in document["connections"]] == [KEYS]
    assert [document["connections"][0][key] for key in KEYS] == [
        "desk", "small", "https://desk.example", "new", None, None, 0, None,
    ]  # fmt: skip
    exported = connected("connections --export").out
    (connected.folder / "again.toml").write_text(exported, encoding="utf-8")
    before = connected.json("history")
    connected("connections import again.toml")
    assert connected.json("history") == before
    assert 'queues = [\n    "Support",\n]' in exported


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "small"', 'kind = "zendsk"',
         'c.toml: connection desk, kind: expected request_tracker, zendesk, mailbox or small, not'
         ' "zendsk"; did you mean zendesk?'),
        ('kind = "small"\n', "",
         "c.toml: connection desk, kind: expected this key, and it is missing"),
        ('name = "desk"', 'name = "a desk"',
         "c.toml: connection 1, name: expected a word without colon and white space, such as desk,"
         ' not "a desk"'),
        ("queues", "token",
         "c.toml: connection desk, token: a secret does not belong in this file; leave it out, and"
         " log in with numberone login"),
        ("https://desk", "https://mo:pw@desk",
         "c.toml: connection desk, address: expected an address without a password in it"),
        ('kind = "small"', 'kind = "small"\nreference = "[desk #12]"',
         "c.toml: connection desk, reference: expected how a ticket stands in subjects there, such"
         ' as [desk.example.com #$id], not "[desk #12]"'),
        ('tier = "tier"\n', "",
         "c.toml: connection desk, tickets: columns: tier is missing; expected a column or a"
         " constant for it"),
        ("[[connection]]", "[[connections]]",
         "c.toml: connections: expected connection, not this key"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_one_line(
    numberone: CommandLine, old: str, new: str, said: str
) -> None:
    (numberone.folder / "c.toml").write_text(FILE.replace(old, new), encoding="utf-8")
    assert numberone.refused("connections import c.toml") == said
    assert numberone.json("connections") == {"connections": []}


def test_one_round_says_what_it_did(connected: CommandLine, small: SmallHelpDesk) -> None:
    small.asked()
    small.asked(tier=None)
    ran = connected("sync --once --json")
    (done,) = ran.json["connections"]
    assert list(done) == KEYS + DONE
    assert {name: done[name] for name in DONE} == {
        "read": 2, "admitted": 1, "updated": 0, "unchanged": 0, "messages": 1, "sent": 0,
        "failed": 0,
    }  # fmt: skip
    assert done["state"] == "ok"
    assert "desk, ticket 2: tier: missing" in ran.err
    (connected.folder / "answer.txt").write_text("Please restart.", encoding="utf-8")
    sending = connected.json("reply desk:1 --text answer.txt --status pending")["messages"][-1]
    assert sending["state"] == "sending"
    assert connected.json("connections")["connections"][0]["waiting_out"] == 1
    assert connected("sync --once --json").json["connections"][0]["sent"] == 1
    assert connected.json("messages desk:1")["messages"][-1]["state"] == "sent"
    assert (small.texts("1"), small.tickets["1"].status) == (["Please restart."], "pending")


def test_a_dry_run_says_what_would_come_in_and_what_is_undecided(
    connected: CommandLine, small: SmallHelpDesk
) -> None:
    for _ in range(12):
        small.asked()
    small.asked(tier="gold")
    before = connected.json("history")
    (found,) = connected.json("sync --once --dry-run")["connections"]
    assert (found["read"], found["admitted"], len(found["tickets"])) == (13, 12, 10)
    assert [each["tickets"] for each in found["undecided"]] == [1]
    assert found["undecided"][0]["why"].startswith('tier: "gold"; expected')
    assert connected.json("history") == before
    assert connected.json("connections")["connections"][0]["state"] == "new"
    assert "Nothing was changed" in connected("sync --once --dry-run").out


def test_a_help_desk_that_gives_no_answer_is_said_since_when(
    connected: CommandLine, small: SmallHelpDesk
) -> None:
    small.bad_days = ["lost read"]
    ran = connected("sync --once", code=1)
    assert ran.err == "numberone: desk: it does not answer\n"
    (status,) = connected.json("connections")["connections"]
    assert (status["state"], status["error"]) == (
        "failing", "since 2026-03-06T22:00:00Z: it does not answer",
    )  # fmt: skip


def test_without_a_login_it_says_how_to_get_one(connected: CommandLine, kept: Kept) -> None:
    kept.passwords.clear()
    assert "run numberone login desk" in connected("sync --once", code=1).err
    assert "run numberone login desk" in connected.refused("sync --dry-run --once")
    (status,) = connected.json("connections")["connections"]
    assert (status["state"], status["error"]) == ("new", None), "it is nothing of the connection"
    assert connected.refused("login dsk") == '"dsk": no such connection; did you mean desk?'


def test_logging_in_keeps_the_secret_and_says_what_is_missing(
    connected: CommandLine, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.passwords.clear()
    typed = connected.folder / "typed"
    typed.write_text(f"{SECRET}\n", encoding="utf-8")
    with typed.open(encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        ran = connected("login desk")
    assert kept.passwords == {("numberone", "connection desk as mo"): SECRET}
    assert ran.out == "Logged in to desk as The loop (loop); one thing is missing there.\n"
    assert ran.err == "numberone: desk: it may not see comments\n"


def test_without_a_keyring_the_environment_gives_the_secret(
    connected: CommandLine, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.passwords.clear()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call] # as above
    assert (
        "the system's keyring cannot be used: there is none" in connected("sync --once", code=1).err
    )
    monkeypatch.setenv("NUMBERONE_DESK_TOKEN", SECRET)
    connected("login desk")
    connected("sync --once")


def test_no_secret_is_anywhere(connected: CommandLine, small: SmallHelpDesk, kept: Kept) -> None:
    small.asked()
    ran = [connected("sync --once"), connected("connections"), connected("history --json")]
    small.bad_days = ["lost read"]
    ran.append(connected("sync --once", code=1))
    connected("export all.jsonl")
    connected("db backup backup.db")
    assert kept.passwords
    printed = "".join(each.out + each.err for each in ran)
    assert SECRET not in printed
    files = [each for each in connected.folder.rglob("*") if each.is_file()]
    assert {"desk.db", "all.jsonl", "backup.db", "connections.toml"} <= {f.name for f in files}
    assert [each.name for each in files if SECRET.encode() in each.read_bytes()] == []
    processes = b"".join(
        (each / "cmdline").read_bytes()
        for each in Path("/proc").iterdir()
        if each.name == str(os.getpid())
    )
    assert SECRET.encode() not in processes


def test_the_loop_runs_until_it_is_told_to_stop(
    connected: CommandLine, small: SmallHelpDesk
) -> None:
    small.asked()
    db = str(connected.db)

    def wait_for_the_ticket() -> None:
        with closing(Desk.open(db, actor="mo")) as desk:
            for _ in range(600):
                if desk.queue.overview().total:
                    break
                threading.Event().wait(0.05)
        os.kill(os.getpid(), signal.SIGTERM)

    watch = threading.Thread(target=wait_for_the_ticket)
    watch.start()
    ran = connected.plain(["--db", db, "--as", "mo", "sync"])
    watch.join()
    assert ran.out.startswith("desk: 1 read: 1 admitted, 1 messages.")
    assert ran.err == "numberone: told to stop; everything that had begun is through\n"
    with closing(Desk.open(db, actor="mo")) as desk:
        assert desk.connections.lease("desk", "another"), "it let go of it"


def test_connections_survive_an_export_and_a_backup(both: InStep, tmp_path: Path) -> None:
    both.there.asked()
    both.round()
    both.later(minutes=1)
    both.desk.conversation.answer(1, "Please restart.")
    with both.desk.transfer.archive() as archive:
        records = json.loads(json.dumps(list(archive.records)))
    with closing(Desk.open(str(tmp_path / "other.db"), actor="mo", clock=both.clock)) as other:
        assert other.transfer.take_back(lambda: records)
        assert other.conversation.of(1) == both.desk.conversation.of(1)
        assert other.connections.statuses() == both.desk.connections.statuses()
    both.desk.transfer.back_up(tmp_path / "backup.db")
    both.round()
    assert both.there.texts("1") == ["Please restart."]
    both.desk.transfer.restore(tmp_path / "backup.db")
    both.quiet()
    assert both.there.texts("1") == ["Please restart."], "a restored outbox sends nothing twice"
    assert both.desk.connections.status("desk").waiting_out == 0
    assert both.desk.transfer.problems() == []


def test_an_attachment_is_fetched_and_saved_under_a_harmless_name(
    connected: CommandLine, small: SmallHelpDesk
) -> None:
    attach(small, small.asked(), "../../.profile\x1b[2J.txt", b"echo planted")
    connected("sync --once")
    (listed,) = connected.json("attachments desk:1")["attachments"]
    assert (listed["number"], listed["size"], listed["file"]) == (1, 12, None)
    to = connected.folder / "files"
    for name in ("profile[2J.txt", "profile[2J (2).txt"):
        (saved,) = connected.json(f"attachments desk:1 --save 1 --to {to}")["attachments"]
        assert saved["file"] == str(to / name)
        assert (to / name).read_bytes() == b"echo planted"
        assert (to / name).stat().st_mode & 0o777 == 0o600
    assert "expected 1 to 1" in connected.refused("attachments desk:1 --save 2")
