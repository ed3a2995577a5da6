"""By what it is known afterwards whether a change on a server was committed.

Each change writes an id of its own, in the same message with which it takes the writers' lock, so
that it costs no time on the wire. When the answer to its COMMIT is lost, a new connection ends the
old one, takes the same lock, and looks for the id: whoever has the lock knows that the change is
either committed or never will be, also when the server was killed and began again meanwhile. The
numbers that the server itself gives to transactions are no such proof: after a crash it may give
one of them to another transaction.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection

WRITERS: Final = "LOCK TABLE setting IN EXCLUSIVE MODE"
"""The lock that a writer takes before all else."""

_NOTE: Final = "INSERT INTO change_id (id) VALUES ('{id}')"
_FORGET: Final = "DELETE FROM change_id WHERE at < now() - interval '1 day'"
_FORGET_EVERY: Final = 3600.0
_END_THE_OLD_ONE: Final = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid = %s AND application_name = current_setting('application_name')"
)
_IS_COMMITTED: Final = "SELECT EXISTS (SELECT FROM change_id WHERE id = %s)"
_HOLDER: Final = (
    "SELECT pid, application_name, usename,"
    " extract(epoch FROM clock_timestamp() - xact_start)::integer"
    " FROM pg_stat_activity JOIN pg_locks USING (pid)"
    " WHERE granted AND mode = 'ExclusiveLock' AND relation = to_regclass('setting')"
)


class ChangeId(NamedTuple):
    """The id of a change, and the number of the server's process that carries it out."""

    id: UUID
    process: int


class ChangeIds:
    """Notes the ids of changes on one server, and looks for them."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._forgets_from = 0.0

    def begin(self, connection: Connection) -> ChangeId:
        """Take the writers' lock, before the snapshot is taken, and note the id of the change."""
        own: Any = connection.connection.driver_connection
        change = ChangeId(uuid4(), own.info.backend_pid)
        statements = [WRITERS, _NOTE.format(id=change.id)]
        if monotonic() >= self._forgets_from:
            self._forgets_from = monotonic() + _FORGET_EVERY
            statements.append(_FORGET)
        connection.exec_driver_sql("; ".join(statements), execution_options={"no_parameters": True})
        return change

    def is_committed(self, change: ChangeId) -> bool | None:
        """Return whether a change was committed, or never will be; None while that is not known."""
        from psycopg import Error  # noqa: PLC0415 - only who has a server has the driver

        try:
            with self._connect() as connection:
                connection.execute(_END_THE_OLD_ONE, [change.process])
                connection.commit()
                connection.execute(WRITERS)
                return bool(connection.execute(_IS_COMMITTED, [change.id]).fetchone()[0])
        except Error:
            return None

    def holder(self) -> str:
        """Return who has the writers' lock, in words; empty when that is not known."""
        from psycopg import Error  # noqa: PLC0415 - as above

        try:
            with self._connect() as connection:
                found = connection.execute(_HOLDER).fetchone()
        except Error:
            return ""
        if found is None:
            return ""
        process, name, login, seconds = found
        since = "" if seconds is None else f", for {seconds} s already"
        who = name or "another program"
        return f"{who} (login {login}, process {process} of the server{since})"
