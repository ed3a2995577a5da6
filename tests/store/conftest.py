"""What the tests of the store share: real databases of both engines, and a clock to move."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from store.desk import Desk
from tests.databases import ENGINES
from tests.store.clock import Clock
from tests.store.postgres_server import PostgresServer

OpenDesk = Callable[[str], Desk]
"""Opens a desk on the test's database, as the person with the login given."""


@pytest.fixture(params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give an empty database of each engine."""
    if request.param == "sqlite":
        yield str(shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "desk.db"))
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.lent_schema() as lent:
        yield lent


def unmade_address(request: pytest.FixtureRequest, folder: Path, engine: str = "") -> str:
    """Return where a database of an engine, or of that which ``request`` names, can be made."""
    if (engine or request.param) == "sqlite":
        return str(folder / "desk.db")
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_schema()


@pytest.fixture(params=ENGINES)
def unmade(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a database of each engine can be, but is not yet."""
    return unmade_address(request, tmp_path)


@pytest.fixture
def clock() -> Clock:
    """Return a clock that stands at Monday until it is moved."""
    return Clock()


@pytest.fixture
def open_desk(address: str, clock: Clock) -> Iterator[OpenDesk]:
    """Give what opens desks on one database, which are closed at the end."""
    with ExitStack() as desks:

        def open_as(login: str) -> Desk:
            desk = Desk.open(address, actor=login, clock=clock)
            return desks.enter_context(closing(desk))

        yield open_as


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    """Return a desk on a new database, as mo."""
    return open_desk("mo")
