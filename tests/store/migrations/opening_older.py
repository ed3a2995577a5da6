"""Writes to a database at whatever schema, as no program of now does."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from store.database import Database
from store.engines.addresses import kind_of


@contextmanager
def opened(address: str) -> Iterator[Connection]:
    """Give a connection that writes to a database, as it is at its schema, an old one, too."""
    Database(address).close()
    engine = kind_of(address).engine()
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            yield connection
    engine.dispose()
