"""Long results read piece by piece, so that memory stays flat on either engine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Row, Select

AT_ONCE: Final = 500
"""How many rows a piece has."""


@contextmanager
def streamed(connection: Connection, query: Select[Any]) -> Iterator[Iterator[Sequence[Row[Any]]]]:
    """Give the rows of a query in pieces, to be read inside the ``with``, at whose end it stops."""
    with connection.execute(query, execution_options={"yield_per": AT_ONCE}) as rows:
        yield rows.partitions()
