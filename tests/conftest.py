"""What all tests share: databases of both engines, and servers from Debian for some of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.desk import Desk
from tests.databases import Files, Schemas, used
from tests.store.postgres_server import PostgresServer


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know ``--real`` and ``--postgresql``."""
    parser.addoption(
        "--real",
        action="store_true",
        help="run the tests marked real, against servers installed from Debian, and no others",
    )
    parser.addoption(
        "--postgresql",
        action="store_true",
        help="run not the commands and the journeys alone on PostgreSQL as well as on files, but"
        " all of tests/tui that has a database",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Know the mark, and have each real server in one process only."""
    config.addinivalue_line("markers", "real: asks for a server that is installed from Debian")
    config.addinivalue_line("markers", "on_files(why): has a database that is a file, and why")
    if config.getoption("--real"):
        config.option.loadgroup = True  # what xdist's processes go by, which are told no --dist
        if getattr(config.option, "dist", "no") != "no":
            config.option.dist = "loadgroup"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the real ones with ``--real``, and the others without."""
    wanted = bool(config.getoption("--real"))
    kept = [item for item in items if (item.get_closest_marker("real") is not None) is wanted]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Give a PostgreSQL server for all tests of this process."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database file with nothing in it, to be copied: quicker than making one."""
    path = tmp_path_factory.mktemp("empty") / "desk.db"
    Desk.open(str(path), actor="maker").close()
    return path


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Let the test's databases be of one engine: files, where it asks for no other."""
    name = getattr(request, "param", "sqlite")
    if name == "sqlite":
        with used(Files(lambda: request.getfixturevalue("empty_file"))):
            yield name
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.lent_schema() as lent, used(Schemas(server, lent)):
        yield name
