"""Changes in a PostgreSQL database, as its server tells of them (LISTEN)."""

from time import monotonic
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL

if TYPE_CHECKING:
    from psycopg import Connection

CHANNEL: Final = "numberone_changed"
"""On which the server tells of each transaction that wrote an event; it says in which schema."""

_AGAIN_AFTER: Final = 2.0
_PATIENCE: Final = 3
"""Seconds until a server counts as one that does not answer."""


class ServerChanges:
    """Tells of changes in one schema, on a connection that is made anew when it breaks."""

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: Connection[tuple[object, ...]] | None = None
        self._schema: object = None
        self._told = 0
        self._asks_from = 0.0

    def fileno(self) -> int | None:
        """Return what can be read from when something is told, None while nobody answers."""
        return None if self._connection is None else self._connection.fileno()

    def take(self) -> None:
        """Take what was told; a connection that broke is left."""
        from psycopg import Error  # noqa: PLC0415 - only who has a server has the driver

        if self._connection is None:
            return
        try:
            for notice in self._connection.notifies(timeout=0):
                self._told += notice.payload == self._schema
        except Error:
            self._leave()

    def state(self) -> object:
        """Return how often something was told, and whether the server answers."""
        self.take()
        if self._connection is None and monotonic() >= self._asks_from:
            self._connect()
        return self._told, self._connection is None

    def close(self) -> None:
        """Let go of the server."""
        self._leave()

    def _connect(self) -> None:
        from psycopg import Error, connect  # noqa: PLC0415 - as above

        self._asks_from = monotonic() + _AGAIN_AFTER
        try:
            self._connection = connect(self._url, autocommit=True, connect_timeout=_PATIENCE)
            for (schema,) in self._connection.execute("SELECT current_schema()"):
                self._schema = schema
            self._connection.execute(f"LISTEN {CHANNEL}")
        except Error:
            self._leave()
        else:
            self._told += 1  # nobody told of what happened before

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
