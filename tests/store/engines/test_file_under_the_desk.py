"""The file under an open desk is moved, replaced, upgraded, made read-only: noticed, and told."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from policy.refusal import Refusal
from store.desk import Desk
from tests.examples import incoming
from tests.store.checking import EVERYTHING

ROOT = Path(__file__).parents[3]
READ_ONLY = "cannot be written: the file or its folder is read-only"


def made(path: Path, tickets: int) -> Path:
    with closing(Desk.open(str(path), actor="mo")) as desk:
        desk.transfer.take_in([incoming(number) for number in range(tickets)])
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return made(tmp_path / "desk.db", 2)


@pytest.fixture
def desk(path: Path) -> Iterator[Desk]:
    with closing(Desk.open(str(path), actor="mo")) as desk:
        assert desk.queue.total(EVERYTHING) == 2
        yield desk


def refused(path: Path, what: Callable[[], object]) -> str:
    """Return why something is refused, without the place before it."""
    with pytest.raises(Refusal) as refusal:
        what()
    assert "\n" not in refusal.value.reason
    assert refusal.value.reason.startswith(f"{path}: ")
    return refusal.value.reason.removeprefix(f"{path}: ")


def bytes_of(path: Path) -> list[bytes]:
    return [each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*"))]


def test_nothing_is_written_to_a_file_that_was_moved_away(path: Path, desk: Desk) -> None:
    moved = path.with_name("moved.db")
    path.rename(moved)
    before = bytes_of(moved)
    assert refused(path, lambda: desk.tickets.take(1)).startswith("is gone: it was moved")
    assert refused(path, lambda: desk.queue.total(EVERYTHING)).startswith("is gone: it was moved")
    assert not path.exists()
    assert bytes_of(moved) == before
    moved.rename(path)
    assert desk.tickets.take(1).assignee == "mo"


def test_another_file_in_its_place_is_told_once_and_opened_then(path: Path, desk: Desk) -> None:
    other = made(path.with_name("other.db"), 3)
    path.rename(path.with_name("moved.db"))
    other.rename(path)
    said = "another file has come into its place while it was open; nothing was changed"
    assert refused(path, lambda: desk.tickets.take(1)) == said
    assert refused(path, lambda: desk.queue.total(EVERYTHING)) == said
    assert desk.queue.total(EVERYTHING) == 3
    assert desk.tickets.take(3).assignee == "mo"
    assert desk.files == 1
    with closing(sqlite3.connect(path.with_name("moved.db"))) as moved:
        assert moved.execute("SELECT count(*) FROM ticket WHERE assignee = 'mo'").fetchone() == (0,)


def test_another_file_comes_while_something_is_changed(path: Path, desk: Desk) -> None:
    other = made(path.with_name("other.db"), 3)

    def exchange() -> None:
        with desk.transaction():
            desk.tickets.take(1)
            path.rename(path.with_name("moved.db"))
            other.rename(path)

    assert refused(path, exchange).startswith("another file has come into its place")
    with closing(Desk.open(str(path.with_name("moved.db")), actor="mo")) as moved:
        assert moved.tickets.get(1).assignee is None


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", "made by a newer numberone"),
        ("UPDATE alembic_version SET version_num = '0001'", "is of an older version (schema 0001)"),
        ("DROP TABLE alembic_version", "holds no numberone database any more"),
    ],
)
def test_what_another_version_made_of_it_is_let_be(
    path: Path, desk: Desk, statement: str, said: str
) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute(statement)
        other.commit()
    assert refused(path, lambda: desk.tickets.take(1)).startswith(said)
    assert refused(path, lambda: desk.queue.total(EVERYTHING)).startswith(said)


def test_what_is_no_database_in_its_place_is_let_be(path: Path, desk: Desk) -> None:
    path.unlink()
    path.write_text("notes\n" * 100)
    assert refused(path, lambda: desk.queue.total(EVERYTHING)).startswith("another file has come")
    assert "not a numberone database" in refused(path, lambda: desk.queue.total(EVERYTHING))
    assert path.read_text() == "notes\n" * 100


@pytest.mark.parametrize("folder_mode", [0o777, 0o555])
@pytest.mark.parametrize("with_journal", [False, True])
def test_what_is_read_only_can_be_looked_at(
    open_to_all: Path, folder_mode: int, *, with_journal: bool
) -> None:
    path = made(open_to_all / "desk.db", 2)
    with closing(Desk.open(str(path), actor="mo")) as writer:
        if with_journal:
            writer.transfer.take_in([incoming(7)])
        else:
            writer.close()
        for each in open_to_all.iterdir():
            each.chmod(0o444)
        open_to_all.chmod(folder_mode)
        there = sorted(each.name for each in open_to_all.iterdir())
        command = [sys.executable, "-m", "tests.store.attempt", str(path)]
        ended = subprocess.run(
            [*command, "--unprivileged", "--looking"],
            capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        assert ended.stderr == ""
        assert ended.stdout == f"{2 + with_journal}; {path}: {READ_ONLY}\n"
        assert sorted(each.name for each in open_to_all.iterdir()) == there
