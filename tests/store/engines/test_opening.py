"""Opening whatever there may be: one clear line each, and nothing touched that is not ours."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import psycopg
import pytest
from sqlalchemy import Engine, event, text

from policy.refusal import Refusal
from store.database import SCHEMA, Database
from store.desk import Desk
from store.engines.addresses import kind_of
from store.queue.query import Query
from tests.examples import incoming
from tests.store.checking import EVERYTHING, check

ROOT = Path(__file__).parents[3]


def reason_of_opening(address: object) -> str:
    """Return the one line with which a desk is refused."""
    with pytest.raises(Refusal) as refusal:
        Desk.open(str(address), actor="mo")
    assert "\n" not in refusal.value.reason
    return refusal.value.reason


def attempt(address: object, *hardships: str) -> str:
    """Return what another process, under hardships, makes of a desk."""
    command = [sys.executable, "-m", "tests.store.attempt", str(address), *hardships]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert ended.stderr == ""
    return ended.stdout.strip()


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Return a database file with some tickets, closed."""
    path = tmp_path / "desk.db"
    with closing(Desk.open(str(path), actor="mo")) as desk:
        desk.transfer.take_in([incoming(number, body="words " * 50) for number in range(300)])
    return path


# Good places


def test_a_new_file_is_made_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a folder with 100 %" / "and another" / "desk.db"
    with closing(Desk.open(str(path), actor="mo")) as desk:
        desk.tickets.open_ticket(incoming())
        assert desk.place == str(path)
    assert path.is_file()


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.touch()
    assert not kind_of(str(path)).exists()
    Desk.open(str(path), actor="mo").close()
    assert kind_of(str(path)).exists()


def test_what_was_closed_opens_again_as_it_was(filled: Path) -> None:
    with closing(Desk.open(f"sqlite:///{filled}", actor="jo")) as desk:
        assert desk.queue.total(EVERYTHING) == 300
        check(desk, str(filled))


def test_a_relative_path_is_told_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(Desk.open("desk.db", actor="mo")) as desk:
        assert desk.place == str(tmp_path / "desk.db")


def test_several_processes_may_use_the_file(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_what_was_opened_and_closed_leaves_one_file(filled: Path) -> None:
    assert [each.name for each in filled.parent.iterdir()] == ["desk.db"]


# Places that are no database of ours


def test_a_text_file_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary,\n" * 500)
    assert reason_of_opening(path) == (
        f"{path}: is not a numberone database; nothing in it was touched"
    )
    assert path.read_text() == "Dear diary,\n" * 500


def test_another_programs_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
    before = path.read_bytes()
    assert reason_of_opening(path) == (
        f"{path}: holds the tables of another program; expected a new place or a numberone database"
    )
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["theirs.db"]


@pytest.mark.parametrize("version", [None, "ae1027a6acf", "", "one", 1.5])
def test_another_alembic_programs_database_stays_as_it_is(
    tmp_path: Path, version: str | float | None
) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE recipe (x); CREATE TABLE alembic_version (version_num)"
        )
        if version is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", [version])
        connection.commit()
    assert "holds the tables of another program" in reason_of_opening(path)


def test_a_newer_database_asks_for_a_newer_program(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.commit()
    assert reason_of_opening(filled) == (
        f"{filled}: made by a newer numberone (schema 0999; this one knows up to {SCHEMA});"
        " upgrade numberone"
    )


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert reason_of_opening(tmp_path) == f"{tmp_path}: is a folder; expected a database file"


def test_a_pipe_is_no_database(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert reason_of_opening(tmp_path / "pipe") == (
        f"{tmp_path / 'pipe'}: is no file; expected a database file"
    )


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "desk.db", tmp_path / "file" / "folder" / "desk.db"):
        reason = reason_of_opening(path)
        assert reason.startswith(f"{path}: ")
        assert reason.endswith((f"File exists: {path.parent}", f"Not a directory: {path.parent}"))


def test_a_home_that_nobody_has() -> None:
    assert reason_of_opening("~no-such-user/desk.db") == (
        "~no-such-user/desk.db: there is no such home folder"
    )


def test_a_journal_that_cannot_be_made(filled: Path) -> None:
    filled.with_name("desk.db-wal").mkdir()
    assert reason_of_opening(filled) == (
        f"{filled}: cannot be opened: check that the folder exists and may be written"
    )


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (":memory:", "--db: a database in memory is seen by one thread only; name a file"),
        ("sqlite://", "--db: a database in memory is seen by one thread only; name a file"),
        ("sqlite:///:memory:", "--db: a database in memory is seen by one thread only; name a"),
        ("sqlite://desk.db", "--db: 'sqlite://desk.db'; expected three slashes before the path"),
        ("mysql://me:secret@host/name", "--db: 'mysql'; expected an SQLite file or a postgresql"),
        ("oracle+x://h", "--db: 'oracle'; expected an SQLite file or a postgresql://host/name"),
        ("://", "--db: no such address; expected a path or a URL such as postgresql://host/name"),
        ("postgresql://me:secret@host:port/name", "--db: no such address; expected a path or a "),
    ],
)
def test_addresses_that_are_none(address: str, reason: str) -> None:
    said = reason_of_opening(address)
    assert said.startswith(reason)
    assert "secret" not in said


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    address = f"postgresql://me:secret@/desk?host={tmp_path}"
    said = reason_of_opening(address)
    assert said.startswith("postgresql://me:***@/desk")
    assert "No such file or directory" in said
    with pytest.raises(Refusal, match="No such file or directory"):
        kind_of(address).exists()


@pytest.mark.parametrize("login", ["", "a b", "x" * 65, "a\nb"])
def test_a_login_that_is_none_opens_nothing(tmp_path: Path, login: str) -> None:
    with pytest.raises(Refusal, match=r"^login: "):
        Desk.open(str(tmp_path / "desk.db"), actor=login)
    assert list(tmp_path.iterdir()) == []


# Hardships


def test_a_read_only_file(filled: Path, open_to_all: Path) -> None:
    path = Path(shutil.copy(filled, open_to_all))
    path.chmod(0o444)
    open_to_all.chmod(0o555)
    assert attempt(path, "--unprivileged") == (
        f"{path}: cannot be written: the file or its folder is read-only"
    )


def test_a_read_only_folder(open_to_all: Path) -> None:
    open_to_all.chmod(0o555)
    path = open_to_all / "desk.db"
    assert attempt(path, "--unprivileged") == (
        f"{path}: cannot be opened: check that the folder exists and may be written"
    )
    path = open_to_all / "folder" / "desk.db"
    assert attempt(path, "--unprivileged") == f"{path}: Permission denied: {path.parent}"


def test_a_folder_that_may_not_be_entered(open_to_all: Path) -> None:
    path = open_to_all / "closed" / "desk.db"
    path.parent.mkdir(mode=0o700)
    path.touch(mode=0o600)
    path.parent.chmod(0o000)
    said = attempt(path, "--unprivileged")
    path.parent.chmod(0o700)
    assert said == f"{path}: Permission denied: {path}"


def test_a_disk_that_writes_no_more(filled: Path) -> None:
    said = attempt(filled, f"--largest-file={filled.stat().st_size + 100_000}")
    assert said == f"{filled}: the disk reports an error; nothing was changed"
    with closing(Desk.open(str(filled), actor="mo")) as desk:
        assert desk.queue.total(EVERYTHING) == 300
        check(desk, str(filled))


def test_a_full_disk(filled: Path) -> None:
    pages = filled.stat().st_size // 4096 + 5

    def leave_no_room(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}").close()

    event.listen(Engine, "connect", leave_no_room)
    try:
        desk = Desk.open(str(filled), actor="mo")
        batch = [incoming(number, body="x" * 10_000) for number in range(1_000, 1_100)]
        with pytest.raises(Refusal) as refusal:
            desk.transfer.take_in(batch)
        assert refusal.value.reason == f"{filled}: the disk is full; nothing was changed"
    finally:
        event.remove(Engine, "connect", leave_no_room)
    assert desk.queue.total(EVERYTHING) == 300
    desk.tickets.take(1)
    desk.close()


def test_damaged_pages_are_told_in_one_line(filled: Path) -> None:
    whole = filled.read_bytes()
    chance = Random(7)  # noqa: S311 - nothing secret
    reasons = set()
    for _ in range(15):
        start = chance.randrange(100, len(whole) - 5_000)
        length = chance.choice([20, 300, 4_500])
        filled.write_bytes(whole[:start] + chance.randbytes(length) + whole[start + length :])
        reasons.add(outcome_of_using(filled))
    reasons.discard("done")
    assert f"{filled}: is damaged; restore it from a backup" in reasons
    assert [each for each in reasons if not each.endswith("restore it from a backup")] == []


@pytest.mark.parametrize("kept", [0.0001, 0.3, 0.9])
def test_a_file_that_was_cut_off(filled: Path, kept: float) -> None:
    whole = filled.read_bytes()
    filled.write_bytes(whole[: int(len(whole) * kept)])
    assert outcome_of_using(filled) in {
        f"{filled}: is damaged; restore it from a backup",
        f"{filled}: is not a numberone database; nothing in it was touched",
    }


def outcome_of_using(path: Path) -> str:
    """Return "done" when all can be read and changed, else the one line that says why not."""
    try:
        with closing(Desk.open(str(path), actor="mo")) as desk:
            for each in desk.queue.page(EVERYTHING, 0, None)[:40]:
                desk.tickets.card(each.id)
            desk.queue.overview()
            desk.queue.loads()
            desk.queue.page(Query(words=("words",)), 0, 50)
            desk.transfer.take_in([incoming(number, severity=1) for number in range(50)])
    except Refusal as refusal:
        assert "\n" not in refusal.reason  # noqa: PT017 - any of the steps may refuse
        return refusal.reason
    return "done"


def test_a_connection_that_comes_back_after_all_were_closed_is_closed_too(address: str) -> None:
    database = Database(address)
    with database.read() as connection:
        database.close()
        driver = connection.connection.driver_connection
        assert connection.scalar(text("SELECT 1")) == 1
    assert driver is not None
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError)):
        driver.execute("SELECT 1")
