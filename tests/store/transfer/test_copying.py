"""Copies of a database: all of it, as of one instant, while others write; or nothing."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from policy.refusal import Refusal
from store.database import Database
from store.desk import Desk
from store.transfer.copying import copy_database, tables
from tests.examples import incoming
from tests.store.checking import EVERYTHING, check
from tests.store.conftest import OpenDesk
from tests.store.teams import team


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """Give the test's database, beside the desks on it."""
    with closing(Database(address)) as opened:
        yield opened


@pytest.fixture
def lee(open_desk: OpenDesk) -> Desk:
    """Return the desk of a lead, with a team and some tickets of all kinds."""
    desk = open_desk("lee")
    desk.team.import_members(team())
    desk.team.mark_out("early1", reason="the flu")
    desk.transfer.take_in([incoming(number, body=f"Body {number}") for number in range(1, 601)])
    desk.transfer.take_in([incoming(900, tier="presales"), incoming(901, requester_name="Ada Ö.")])
    desk.tickets.take(1)
    desk.tickets.reply(2)
    return desk


def rows_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a database has, table by table."""
    with database.read() as connection:
        return {
            each.name: [tuple(row) for row in connection.execute(
                select(each).order_by(*each.primary_key))]
            for each in tables()
        }  # fmt: skip


def test_a_copy_has_everything_and_is_one_file(
    lee: Desk, database: Database, tmp_path: Path
) -> None:
    copy = tmp_path / "copies" / "copy.db"
    copy.parent.mkdir()
    copy_database(database, copy)
    assert [each.name for each in copy.parent.iterdir()] == ["copy.db"]
    with closing(Database(str(copy))) as copied:
        assert rows_of(copied) == rows_of(database)
    with closing(Desk.open(str(copy), actor="lee", clock=lee.now)) as other:
        assert other.queue.page(EVERYTHING, 0, None) == lee.queue.page(EVERYTHING, 0, None)
        check(other, str(copy))
        assert other.tickets.take(3).assignee == "lee"
    assert lee.tickets.get(3).assignee is None


def test_a_copy_is_of_the_instant_at_which_it_began(
    lee: Desk, database: Database, tmp_path: Path
) -> None:
    before = rows_of(database)
    lee_is_quick: list[int] = []

    def meanwhile(done: int, total: int) -> None:
        assert 0 <= done <= total
        if not lee_is_quick:
            lee_is_quick.append(lee.tickets.take(5).id)

    copy_database(database, tmp_path / "copy.db", meanwhile)
    assert lee_is_quick
    with closing(Database(str(tmp_path / "copy.db"))) as copied:
        assert rows_of(copied) == before
    assert rows_of(database) != before


def test_a_copy_that_fails_leaves_what_was_there(
    lee: Desk, database: Database, tmp_path: Path
) -> None:
    place = tmp_path / "copy.db"
    place.write_text("an older copy")

    def interrupted(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_database(database, place, interrupted)
    assert place.read_text() == "an older copy"
    assert not list(tmp_path.glob("*unfinished*"))
    assert lee.queue.total(EVERYTHING) == 602


def test_a_copy_to_where_nothing_can_be_written_is_refused(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match=r"no_such_folder.*copy\.db"):
        copy_database(database, tmp_path / "no_such_folder" / "copy.db")
