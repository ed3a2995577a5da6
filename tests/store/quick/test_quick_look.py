"""A quick look reads what is as it is expected, and leaves all else to the whole desk."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg as psycopg_errors
import pytest
from sqlalchemy import make_url
from sqlalchemy.dialects.postgresql import psycopg

from store.desk import Desk
from store.migrations import upgrade
from store.quick.driver import DriverConnection
from store.quick.look import quick_look
from store.quick.opening import NotQuickly, options_of
from tests.examples import incoming
from tests.store.conftest import OpenDesk

STEPS = sorted((Path(upgrade.__file__).parent / "versions").glob("step_*.py"))


def looked_at(address: object) -> int:
    """Return how many tickets a quick look finds in the queue."""
    with quick_look(str(address), actor="mo", clock=lambda: datetime.now(UTC), zone=UTC) as look:
        return look.in_queue


@pytest.fixture
def filled(tmp_path: Path, empty_file: Path) -> Path:
    path = tmp_path / "desk.db"
    path.write_bytes(empty_file.read_bytes())
    with closing(Desk.open(str(path), actor="mo")) as desk:
        desk.transfer.take_in([incoming(1), incoming(2)])
    return path


def test_it_sees_what_others_committed_and_can_write_nothing(open_desk: OpenDesk) -> None:
    desk = open_desk("mo")
    address = str(desk._session.database.kind.engine().url.render_as_string(hide_password=False))
    address = address.removeprefix("sqlite:///")
    desk.tickets.open_ticket(incoming(1))
    with quick_look(address, actor="mo", clock=lambda: datetime.now(UTC), zone=UTC) as look:
        assert look.in_queue == 1
        desk.tickets.open_ticket(incoming(2))
        assert [each.id for each in look.first(5)] == [1]
        reads = look._reader.reads
        assert isinstance(reads, DriverConnection)
        with pytest.raises((sqlite3.Error, psycopg_errors.Error)):
            reads._driver.execute("DELETE FROM setting")
    assert looked_at(address) == 2


@pytest.mark.parametrize("step", [step.stem.removeprefix("step_") for step in STEPS[:-1]])
def test_an_older_schema_is_left_to_the_whole_desk(filled: Path, step: str) -> None:
    with closing(sqlite3.connect(filled)) as database:
        database.execute("UPDATE alembic_version SET version_num = ?", [step])
        database.commit()
    with pytest.raises(NotQuickly):
        looked_at(filled)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _gone(path: Path) -> None:
    path.unlink()


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _no_database(path: Path) -> None:
    path.write_text("no database" * 1000)


def _another_programs(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE theirs (id)")


def _damaged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE ticket_order SET respond_by = 'never', deviation_until = 'never'")
        database.execute("UPDATE setting SET value = '{' WHERE name = 'roster'")
        database.execute("UPDATE ticket SET status = 'no such'")
        database.commit()


@pytest.mark.parametrize(
    "what", [_empty, _gone, _a_folder, _no_database, _another_programs, _damaged]
)
def test_what_is_not_as_it_should_be_is_left_to_the_whole_desk(
    filled: Path, what: Callable[[Path], None]
) -> None:
    what(filled)
    with (
        pytest.raises(NotQuickly),
        quick_look(str(filled), actor="mo", clock=lambda: datetime.now(UTC), zone=UTC) as look,
    ):
        look.first(5)
    assert filled.exists() is (what is not _gone)


ADDRESSES = [
    "postgresql://host/name",
    "postgresql+psycopg://mo@host:5433/name",
    "postgresql://mo:a%40b%2Fc@host/some%20name?sslmode=require&application_name=a+b",
    "postgresql://numberone@/name?host=/tmp/a/folder",
    "postgresql://mo:@host/name?options=-csearch_path%3Dours",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_server_is_told_what_sqlalchemy_tells_it(address: str) -> None:
    dialect = psycopg.dialect()  # type: ignore[no-untyped-call] # as SQLAlchemy has it
    _, told = dialect.create_connect_args(make_url(address))  # type: ignore[no-untyped-call] # the same
    known = {name: value for name, value in told.items() if name in (options_of(address) or {})}
    assert options_of(address) == known
    assert told.keys() - known.keys() <= {"context", "client_encoding"}


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://a:1,b:2/name",
        "postgresql:///name?host=a,b",
        "postgresql:///name?host=a&host=b",
        "postgresql+asyncpg://host/name",
        "mysql://host/name",
        "sqlite:///desk.db",
    ],
)
def test_what_an_address_says_otherwise_is_left_to_the_whole_desk(address: str) -> None:
    assert options_of(address) is None
    with pytest.raises(NotQuickly):
        looked_at(address)
