"""The databases of a test, each named by a path: a file there, or a schema of a server instead.

Every test that asks for a folder or for the command line runs on each engine; one that is about
files, or that would show nothing else on a server, is marked ``on_files`` and says why.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text

from store.engines.addresses import kind_of
from tests.store.postgres_server import PostgresServer

ENGINES = ("sqlite", "postgresql")


class Databases(Protocol):
    """What a test's paths stand for."""

    def address_of(self, path: Path) -> str:
        """Return the address of the database that a path stands for, there or not."""
        ...

    def make(self, path: Path) -> None:
        """See to it that there is an empty one, if there is none."""
        ...


class Files:
    """A path is that of its file; an empty one is copied, which is quicker than made."""

    def __init__(self, empty: Callable[[], Path]) -> None:
        self._empty = empty

    def address_of(self, path: Path) -> str:
        """Return the path."""
        return str(path)

    def make(self, path: Path) -> None:
        """Copy the empty file, unless there is one."""
        if not path.exists():
            shutil.copy(self._empty(), path)


class Schemas:
    """A path stands for a schema: the first of a test for one that is lent, and empty.

    That is quicker than making its tables; the schemas of other paths have none.
    """

    def __init__(self, server: PostgresServer, lent: str) -> None:
        self._server = server
        self._lent = lent
        self._addresses: dict[Path, str] = {}

    def address_of(self, path: Path) -> str:
        """Return the address of a schema."""
        if path not in self._addresses:
            another = bool(self._addresses)
            self._addresses[path] = self._server.new_schema() if another else self._lent
        return self._addresses[path]

    def make(self, path: Path) -> None:
        """Do nothing: whoever opens a schema makes its tables."""


_used: list[Databases] = []
"""Those of the test that runs."""


@contextmanager
def used(databases: Databases) -> Iterator[None]:
    """Let paths stand for these databases."""
    _used.append(databases)
    try:
        yield
    finally:
        _used.remove(databases)


def address_of(path: Path) -> str:
    """Return the address of the database that a path stands for in this test, there or not."""
    return _used[-1].address_of(path) if _used else str(path)


def made(path: Path) -> str:
    """Return the address of the database that a path stands for, empty if there was none."""
    if _used:
        _used[-1].make(path)
    return address_of(path)


def place_of(path: Path) -> str:
    """Return what the program calls the database that a path stands for."""
    return kind_of(address_of(path)).place


def execute(path: Path, statement: str) -> None:
    """Change the database that a path stands for behind the program's back."""
    with _connected(path) as connection, connection.begin():
        connection.execute(text(statement))


def counted(path: Path, statement: str) -> int:
    """Return the one number that a statement reads behind the program's back."""
    with _connected(path) as connection:
        return int(connection.execute(text(statement)).scalar_one())


@contextmanager
def another_writes(path: Path) -> Iterator[None]:
    """Let another be the only writer of the database that a path stands for, and change nothing."""
    with _connected(path) as connection, connection.begin() as transaction:
        kind_of(address_of(path)).lock_for_writing(connection)
        yield
        transaction.rollback()


@contextmanager
def _connected(path: Path) -> Iterator[Connection]:
    engine = kind_of(address_of(path)).engine()
    try:
        with engine.connect() as connection:
            yield connection.execution_options(writes=True)
    finally:
        engine.dispose()
