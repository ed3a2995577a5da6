"""Changes in a PostgreSQL database, as its server tells of them (LISTEN).

A network can fall silent without a word. So the server is asked for nothing every two seconds, on
the same connection: that it answers shows that nothing was told meanwhile.
"""

from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from store.engines.pauses import growing_pauses
from store.presence import AtTicket, Company, at_ticket, read, written

if TYPE_CHECKING:
    from store.engines.server_connection import ServerConnection

CHANNEL: Final = "numberone_changed"
"""On which the server tells of each transaction that wrote an event; it says in which schema."""

PRESENCE: Final = "numberone_presence"
"""On which each board tells all others where it is; it is written down nowhere."""

_NOTIFY: Final = b"SELECT pg_notify($1, $2)"
_ASK_EVERY: Final = 2.0
_GONE_AFTER: Final = 10.0
"""After how many seconds of silence another connection is tried."""

_AGAIN_AFTER: Final = 0.5
_AGAIN_AT_LAST: Final = 8.0


class ServerChanges:
    """Tells of changes in one schema, on a connection that is made anew when it breaks."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._connection: ServerConnection | None = None
        self._schema = b""
        self._company: Company | None = None
        self._at: AtTicket | None = None
        self._is_asking = False
        self._told = 0
        self._heard = self._asked = monotonic()
        self._pauses: Iterator[float] = growing_pauses(_AGAIN_AFTER, _AGAIN_AT_LAST)
        self._asks_from = 0.0

    def fileno(self) -> int | None:
        """Return what can be read from when something is told, None while nobody answers."""
        return None if self._connection is None else self._connection.fileno()

    def take(self) -> bool:
        """Take what was told; a connection that broke, or says nothing any more, is left.

        Returns False: a server tells of what is committed.
        """
        from psycopg import Error  # noqa: PLC0415 - only who has a server has the driver

        if self._connection is not None:
            try:
                self._take_all(self._connection.pgconn)
            except Error:
                self._leave()
        return False

    def state(self) -> object:
        """Return how often something was told, and whether the server answers."""
        self.take()
        if self._connection is None and monotonic() >= self._asks_from:
            self._listen()
        return self._told, self._connection is None

    def heard_at(self) -> float | None:
        """Return when the server was heard last, by the clock that only goes on."""
        return self._heard

    def company(self, at: AtTicket | None, login: str) -> tuple[AtTicket, ...]:
        """Say where this board is, in place of asking for nothing, and return who else is where."""
        if self._company is None:
            self._company = Company()
            self._leave()  # from now on the other channel is listened to as well
        self._at = at
        self.take()
        return self._company.others(login, monotonic())

    def close(self) -> None:
        """Let go of the server, and be nowhere any more; that it hears it is not waited for."""
        if self._company is not None:
            self._at = None
            self.take()
        self._leave()

    def _take_all(self, server: Any) -> None:
        """Take notices and answers, and ask anew when nothing was heard for a while.

        Raises:
            Error: the connection is broken.
        """
        server.consume_input()
        while (notice := server.notifies()) is not None:
            self._heard = monotonic()
            if notice.relname == PRESENCE.encode():
                self._hear(notice.extra)
            else:
                self._told += notice.extra == self._schema
        while self._is_asking and not server.is_busy():
            if server.get_result() is None:
                self._is_asking = False
                self._heard = monotonic()
        now = monotonic()
        if now - self._heard > _GONE_AFTER:
            self._leave()
        elif not self._is_asking:
            self._ask(server, now)

    def _ask(self, server: Any, now: float) -> None:
        """Say where this board is, where that is due, or ask for nothing after a silence."""
        company = self._company
        if company is not None and company.is_due(self._at, now):
            said = written(company.board, self._at, self._schema.decode())
            server.send_query_params(_NOTIFY, [PRESENCE.encode(), said.encode()])
            company.said(self._at, now)
        elif now - max(self._heard, self._asked) > _ASK_EVERY:
            server.send_query(b"")
        else:
            return
        server.flush()
        self._is_asking, self._asked = True, now

    def _hear(self, told: bytes) -> None:
        """Take note of where another board says to be, of the same schema."""
        said = read(told)
        if self._company is not None and said.get("schema") == self._schema.decode():
            self._company.hear(said["board"], at_ticket(said), monotonic())

    def _listen(self) -> None:
        from psycopg import Error  # noqa: PLC0415 - as above

        try:
            self._connection = self._connect()
            self._connection.autocommit = True
            for (schema,) in self._connection.execute("SELECT current_schema()"):
                self._schema = schema.encode()
            self._connection.execute(f"LISTEN {CHANNEL}")
            if self._company is not None:
                self._connection.execute(f"LISTEN {PRESENCE}")
                self._connection.execute("SET synchronous_commit = off")  # no disk waits for it
        except Error:
            self._leave()
            self._asks_from = monotonic() + next(self._pauses)
        else:
            self._told += 1  # nobody told of what happened before
            self._heard = monotonic()
            self._pauses = growing_pauses(_AGAIN_AFTER, _AGAIN_AT_LAST)

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._is_asking = False
