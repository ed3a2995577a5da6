"""A desk moved between a file and a server and back: every row, however often it is interrupted."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from policy.refusal import Refusal
from store.database import Database
from store.desk import Desk
from tests.examples import incoming
from tests.store.checking import check
from tests.store.postgres_server import PostgresServer
from tests.store.teams import team
from tests.store.transfer.test_copying import rows_of


class EndedError(Exception):
    """Stands for whatever ends a move in its midst."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "desk.db"


@pytest.fixture
def lee(file: Path) -> Iterator[Desk]:
    """Give the desk of a lead on a file, with a team and tickets of all kinds."""
    with closing(Desk.open(str(file), actor="lee")) as desk:
        desk.team.import_members(team())
        desk.team.mark_out("early1", reason="the flu")
        desk.transfer.take_in([incoming(number, body=f"Body {number}") for number in range(1, 41)])
        desk.tickets.take(1)
        desk.tickets.reply(2)
        yield desk


def moved(source: str, address: str, after: int | None) -> bool:
    """Move, interrupted after so many steps or not at all; return whether it was done."""

    def progress(done: int, _: int) -> None:
        if after is not None and done > after:
            raise EndedError

    with closing(Desk.open(source, actor="lee")) as desk:
        try:
            desk.transfer.move(address, progress)
        except EndedError:
            return False
    return True


def test_there_and_back_interrupted_at_random_points_it_is_equal(
    lee: Desk, file: Path, postgres: PostgresServer
) -> None:
    server, random = postgres.new_schema(), Random(4)  # noqa: S311 - no secret
    before = rows_of(lee._session.database)
    for source, target in ((str(file), server), (server, str(file))):
        for _ in range(2):
            assert not moved(source, target, after=random.randrange(250))
            with pytest.raises(Refusal, match="a desk is being moved here"):
                Database(target)
        assert moved(source, target, after=None)
        with pytest.raises(Refusal, match="its desk was moved to another place"):
            Database(source)
        with closing(Desk.open(target, actor="lee")) as desk:
            assert rows_of(desk._session.database) == before
            check(desk, target)


def test_what_changed_between_two_tries_arrives_as_well(
    lee: Desk, file: Path, postgres: PostgresServer
) -> None:
    server = postgres.new_schema()
    assert not moved(str(file), server, after=250)
    lee.tickets.take(3)
    lee.team.mark_back("early1")
    lee.transfer.take_in([incoming(900)])
    expected = rows_of(lee._session.database)
    assert moved(str(file), server, after=None)
    with closing(Desk.open(server, actor="lee")) as desk:
        assert rows_of(desk._session.database) == expected
        desk.tickets.take(4)
        check(desk, server)


def test_a_desk_that_is_there_is_left_alone(lee: Desk, tmp_path: Path) -> None:
    other = str(tmp_path / "other.db")
    with closing(Desk.open(other, actor="lee")) as desk:
        desk.transfer.take_in([incoming(1)])
    with pytest.raises(Refusal, match="holds a desk of its own"):
        lee.transfer.move(other)
    assert lee.tickets.take(4).assignee == "lee"


def test_a_desk_is_not_moved_to_itself_however_that_is_called(
    lee: Desk, file: Path, tmp_path: Path, postgres: PostgresServer
) -> None:
    server = postgres.new_schema()
    (tmp_path / "link.db").symlink_to(file)
    with closing(Desk.open(server, actor="lee")) as desk:
        for moving, itself in (
            (lee, str(file)),
            (lee, str(tmp_path / "link.db")),
            (desk, f"{server}&connect_timeout=9"),
        ):
            with pytest.raises(Refusal, match="is the database itself"):
                moving.transfer.move(itself)
            assert moving.transfer.problems() == []


def test_a_board_that_has_the_old_one_open_is_told(lee: Desk, tmp_path: Path) -> None:
    lee.transfer.move(str(tmp_path / "new.db"))
    with pytest.raises(Refusal, match="its desk was moved to another place"):
        lee.tickets.take(4)
