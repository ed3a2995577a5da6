"""PostgreSQL: one server for a team."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Integer,
    column,
    create_engine,
    event,
    func,
    inspect,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.sql.elements import ColumnElement

from policy.refusal import Refusal
from store.access.logins import WHO_IS_IT, ServerLogin, server_login
from store.engines import server_settings
from store.engines.change_ids import WRITERS, ChangeId, ChangeIds
from store.engines.changes import ChangeSource
from store.engines.damage import read_json
from store.engines.file_place import Lies
from store.engines.server_changes import ServerChanges
from store.engines.written_json import written_json
from store.quick.driver import SCHEMA_NOW

_SEARCH = table("ticket_search", column("ticket_id", Integer), column("document"))
_SIMPLE: ColumnElement[str] = literal_column("'simple'")
"""The dictionary that takes words as they are; they come folded."""

_IDENTITY = (
    "SELECT pg_postmaster_start_time(), oid, current_schema()"
    " FROM pg_database WHERE datname = current_database()"
)
_UPGRADERS = int.from_bytes(b"one")
"""The key of the lock that whoever makes or changes the tables holds."""


class PostgreSQL:
    """A database on a PostgreSQL server."""

    search_key = "ticket_id"

    def __init__(self, url: URL) -> None:
        self.url = url.set(drivername="postgresql+psycopg")
        self.place = url.render_as_string(hide_password=True)
        self.file: Path | None = None
        self._changes = ChangeIds(self._connect)

    @property
    def settings(self) -> str | None:
        """How long is waited for what, in words."""
        return server_settings.in_words(self.url.query)

    @property
    def look_only(self) -> str | None:
        """Return None: what may be changed is the server's to say."""
        return None

    def lies_there(self) -> Lies | None:
        """Return None: a server keeps its files itself."""
        return None

    def schema_now(self, connection: Connection) -> str | None:
        """Return the schema that the database says it is at."""
        found: str | None = connection.exec_driver_sql(SCHEMA_NOW).scalar()
        return found

    def identity(self, connection: Connection) -> object:
        """Return which server it is, by when it began, which database there, and which schema."""
        return tuple(connection.exec_driver_sql(_IDENTITY).one())

    def login(self, connection: Connection) -> ServerLogin:
        """Return the login that the server knows this connection by."""
        if connection.exec_driver_sql("SELECT to_regclass('member') IS NULL").scalar():
            nobody = connection.exec_driver_sql("SELECT session_user::text").scalar_one()
            return server_login((nobody, [], False))  # an older schema has no team
        name, groups, in_team = connection.exec_driver_sql(WHO_IS_IT).one()
        return server_login((name, groups, in_team))

    def exists(self) -> bool:
        """Return whether the server has our tables.

        Raises:
            Refusal: the server does not answer, or the driver is not installed.
        """
        engine = self.engine()
        try:
            return inspect(engine).has_table("alembic_version")
        except DBAPIError as error:
            raise Refusal(self.trouble(error)) from error
        finally:
            engine.dispose()

    def engine(self) -> Engine:
        """Return an engine on the server, reading from one snapshot a transaction.

        Raises:
            Refusal: the driver is not installed.
        """
        try:
            engine = create_engine(
                self.url,
                creator=self._connect,
                isolation_level="REPEATABLE READ",
                max_overflow=-1,
            )
        except ModuleNotFoundError:
            raise Refusal(
                f"{self.place}: needs the PostgreSQL driver;"
                " install it with pip install 'numberone[postgresql]'"
            ) from None
        event.listen(engine, "checkout", _leave_what_is_gone)
        event.listen(engine, "checkin", self._as_at_first)
        return engine

    def _connect(self) -> Any:
        """Return a connection of the driver's, as every one of ours is set up."""
        from psycopg.types.json import set_json_dumps, set_json_loads  # noqa: PLC0415 - if installed

        from store.engines.server_connection import ServerConnection  # noqa: PLC0415 - the same

        said = self.url.translate_connect_args(username="user", database="dbname")
        told = server_settings.with_settings(self.url.query)
        connection = ServerConnection.connect(**said, **told)
        set_json_dumps(written_json, connection)
        set_json_loads(read_json, connection)
        self._as_at_first(connection)
        return connection

    def _as_at_first(self, connection: Any, _record: Any = None) -> None:
        """Wait no longer for answers than usual, whatever a long work asked for."""
        if connection is not None:
            connection.answer_within = server_settings.answer_within(self.url.query)

    def lock_for_writing(self, connection: Connection) -> ChangeId:
        """Take the writers' lock before the transaction's snapshot is taken."""
        return self._changes.begin(connection)

    def lock_for_upgrading(self, connection: Connection) -> None:
        """Take the upgraders' lock; what is read afterwards is what the one before left.

        And the writers' lock: one of an older version that is at work would wait for tables that
        are changed, and the change for its own.
        """
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"))
        self.take_long(connection)
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # no step is left out for haste
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADERS})
        if connection.exec_driver_sql("SELECT to_regclass('setting') IS NOT NULL").scalar():
            connection.exec_driver_sql(WRITERS)

    def take_long(self, connection: Connection) -> None:
        """Let this transaction's statements take as long as they need."""
        own: Any = connection.connection.driver_connection
        own.answer_within = float("inf")
        for name, value in _LONG.items():
            connection.execute(text(f"SET LOCAL {name} = '{value}'"))

    def make_room(self, connection: Connection) -> None:
        """Let the statements take as long as they need; what there is room for, a server keeps."""
        own: Any = connection.connection.driver_connection
        own.answer_within = float("inf")
        for name, value in _LONG.items():
            connection.execute(text(f"SET {name} = '{value}'"))
        connection.commit()

    def is_committed(self, change: object) -> bool | None:
        """Return whether a change was committed, or never will be; None while that is not known."""
        if not isinstance(change, ChangeId):
            raise AssertionError(change)
        return self._changes.is_committed(change)

    def interrupting(self, connection: Connection) -> Callable[[], None]:
        """Return what asks the server to end the statement that runs on a connection."""
        own: Any = connection.connection.driver_connection
        cancel: Callable[[], None] = own.cancel
        return cancel

    def changes(self) -> ChangeSource:
        """Return what the server tells of changes on a connection of its own."""
        return ServerChanges(self._connect)

    @property
    def told_of_changes(self) -> str:
        """How changes by others become known."""
        return "told by the server"

    def create_search(self, connection: Connection) -> None:
        """Create the full-text table and its index."""
        connection.execute(
            text("CREATE TABLE ticket_search"
                 " (ticket_id BIGINT PRIMARY KEY, document TSVECTOR NOT NULL)")
        )  # fmt: skip
        connection.execute(
            text("CREATE INDEX ticket_search_document ON ticket_search USING gin (document)")
        )

    def put_search(self, connection: Connection, documents: Sequence[tuple[int, str]]) -> None:
        """Store the folded text of tickets by id."""
        rows = [{"ticket_id": ticket_id, "document": folded} for ticket_id, folded in documents]
        connection.execute(
            text("INSERT INTO ticket_search (ticket_id, document)"
                 " VALUES (:ticket_id, to_tsvector('simple', :document))"
                 " ON CONFLICT (ticket_id) DO UPDATE SET document = excluded.document"),
            rows,
        )  # fmt: skip

    def remove_search(self, connection: Connection, ids: Sequence[int]) -> None:
        """Forget the text of tickets by id."""
        rows = [{"ticket_id": ticket_id} for ticket_id in ids]
        connection.execute(text("DELETE FROM ticket_search WHERE ticket_id = :ticket_id"), rows)

    def matching(
        self, sought: Sequence[Sequence[str]], ticket_id: ColumnElement[int]
    ) -> ColumnElement[bool]:
        """Return the condition that of each some phrase, its tokens in a row, is there."""
        return ticket_id.in_(select(_SEARCH.c.ticket_id).where(_matches(sought)))

    def matching_one(
        self, sought: Sequence[Sequence[str]], ticket_id: ColumnElement[int]
    ) -> ColumnElement[bool]:
        """Return the same condition of one ticket's row."""
        return (
            select(_SEARCH.c.ticket_id)
            .where(_SEARCH.c.ticket_id == ticket_id, _matches(sought))
            .exists()
        )

    def copy_to_file(
        self,
        connection: Connection,  # noqa: ARG002 - the interface's
        path: Path,  # noqa: ARG002 - the interface's
        progress: Callable[[int, int], None] | None,  # noqa: ARG002 - the interface's
    ) -> bool:
        """Return False: only rows can be copied into another engine's file."""
        return False

    def mend_numbering(self, connection: Connection, tables: Sequence[str]) -> None:
        """Let each sequence go on behind the largest number."""
        for name in tables:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"  # noqa: S608 - our own names
                     f" coalesce(max(id), 0) + 1, false) FROM {name}")
            )  # fmt: skip

    def check_engine(self, connection: Connection) -> Sequence[str]:  # noqa: ARG002 - the interface's
        """Return nothing: a server looks after its own files."""
        return ()

    def is_search_sound(self, connection: Connection) -> bool:  # noqa: ARG002 - the interface's
        """Return True: a server looks after its own indexes."""
        return True

    def is_damage(self, error: DBAPIError) -> bool:  # noqa: ARG002 - the interface's
        """Return False: a server looks after its own files."""
        return False

    def trouble(self, error: DBAPIError) -> str:
        """Return what the server's error means, else its own first line."""
        state = getattr(error.orig, "sqlstate", None)
        if state == _LOCKED:
            holder = self._changes.holder() or "another program"
            return f"{self.place}: {holder} has been changing it for too long; try again"
        if state in _MEANINGS:
            return f"{self.place}: {_MEANINGS[state]}"
        first = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        return f"{self.place}: {first[0]}"


def _leave_what_is_gone(connection: Any, record: Any, _proxy: Any) -> None:
    """Have the pool take another connection where this one does not answer any more.

    Raises:
        DisconnectionError: that is so.
    """
    if record.info.pop(_IS_USED, False) and not connection.is_there():
        raise DisconnectionError
    record.info[_IS_USED] = True


_IS_USED = "used"
"""Whether a connection has lain in the pool; one that is new has just answered."""

_LONG = {
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": server_settings.LONG_IDLE,
}

_LOCKED = "55P03"
_MEANINGS = {
    "57014": "a statement took longer than the server allows it",
    "25P03": "the server ended the work, as this program stood still in it for too long",
}
"""The server's own codes for what it did, in words."""


def _matches(sought: Sequence[Sequence[str]]) -> ColumnElement[bool]:
    either = (" | ".join(map(_phrase, phrases)) for phrases in sought)
    query = func.to_tsquery(_SIMPLE, " & ".join(f"({phrases})" for phrases in either))
    matches: ColumnElement[bool] = _SEARCH.c.document.op("@@", is_comparison=True)(query)
    return matches


def _phrase(tokens: str) -> str:
    """Return the query for tokens in a row, the last by how it begins."""
    return "(" + " <-> ".join(f"'{token}'" for token in tokens.split()) + ":*)"
