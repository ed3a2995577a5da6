"""One database: opened, brought up to date, and read and written in whole transactions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic

from sqlalchemy import Connection, RootTransaction, func, inspect, select, table
from sqlalchemy.exc import DBAPIError, IntegrityError

from policy.refusal import Refusal
from store.access.logins import ServerLogin
from store.engines.addresses import kind_of
from store.engines.damage import RESTORE, Damaged
from store.engines.file_place import Lies
from store.engines.pauses import growing_pauses
from store.progress import counted
from store.stopping import UNCHANGED, NotKnownYet, ReadingStop, is_given_up, pause, waited_for

_STEPS = Path(__file__).parent / "migrations" / "versions"
SCHEMA = max(step.stem.removeprefix("step_") for step in _STEPS.glob("step_*.py"))
"""The newest migration, by the names of the steps, so that opening need not load Alembic."""

_CHAINED = "0017"
"""From which schema on each event carries a hash."""

_GONE_THROUGH = {"event": 1, "ticket": 3}
"""How often an upgrade goes through tables: tickets are ranked, compared and made searchable."""

VERSION_TABLE = "alembic_version"

MOVING, MOVED = "moving", "moved"
"""How a version begins that says that a desk is being moved there, or was moved away."""

_MARKS = {
    MOVING: "a desk is being moved here; numberone db move from the old place goes on with it",
    MOVED: "its desk was moved to another place; open that one, or move it back with db move",
}

_ASKS_FOR = 20.0
"""For how many seconds is asked whether a change was done whose answer was lost."""

_ASKS_AGAIN = (0.2, 4.0)
"""The first pause between two such questions, and the longest."""

_ANOTHER_FILE = "another file has come into its place while it was open; nothing was changed"


class Database:
    """An open database at the newest schema; safe to use from several threads.

    A server's is kept in a file in the folder ``backups`` before it is brought up to date.

    Raises:
        Refusal: it cannot be opened, is no numberone database, or a newer version made it.
    """

    def __init__(
        self,
        address: str,
        *,
        backups: Path | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.kind = kind_of(address)
        self._backups = backups
        self._progress = progress
        self.found_schema: str | None = None
        """The schema that it had when it was opened, None where there was nothing yet."""
        self.brought_back: tuple[int, ...] = ()
        """The tickets of customers who waited in no list before it was brought up to date."""
        self.backup: Path | None = None
        """Where it lies as it was before it was brought up to date, None where it was not."""
        self.login: ServerLogin | None = None
        """The login that the server knows us by, None where there is no server."""
        self.files = 0
        """How often another file than before lay there, and was opened in its place."""
        self._engine = self.kind.engine()
        self._lies: Lies | None = None
        self._noticed: Lies | None = None
        self._reopening = Lock()
        self._is_closed = False
        try:
            self._bring_up_to_date()
            self._lies = self.kind.lies_there()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection; one that a thread still reads with, once that has ended."""
        self._is_closed = True
        self._engine.dispose()

    @contextmanager
    def one_connection(self) -> Iterator[Connection]:
        """Give a connection for several transactions, one after the other.

        It has temporary tables of its own, which go with it.
        """
        with self._in_words(), self._engine.connect() as connection:
            try:
                self.kind.make_room(connection)
                yield connection
            finally:
                connection.invalidate()

    @contextmanager
    def read(
        self, on: Connection | None = None, *, stop: ReadingStop | None = None
    ) -> Iterator[Connection]:
        """Give a connection on which everything is read at one instant, until a ``stop``.

        It is a new one, or that which is given.

        Raises:
            Refusal: the database answers with an error; the line says where and what. So it does
                when another file has come into its place: then the next reading is of that one.
        """
        self._open_what_lies_there()
        with self._in_words(), self._connected(on) as connection, connection.begin():
            if self._lies is not None:  # a server is asked before a change, not at every look
                self._refuse_another_schema(connection)
            if stop is None:
                yield connection
                return
            try:
                with stop.over(self.kind.interrupting(connection)):
                    yield connection
            finally:
                if stop.is_wanted:  # a server may interrupt whatever comes next, too
                    connection.invalidate()

    @contextmanager
    def write(self, on: Connection | None = None) -> Iterator[Connection]:
        """Give a connection, a new or this one, as the only writer; all is committed, or none.

        Raises:
            Refusal: the database answers with an error, can only be looked at, or is no longer what
                the path names; nothing was changed.
            NotKnownYet: the answer to the commit was lost, and nobody answers who knows more.
        """
        self._refuse_another_file()
        with self._in_words(changes=True), self._connected(on) as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin() as transaction:
                change = self.kind.lock_for_writing(connection)
                self._refuse_another_schema(connection)
                yield connection
                self._refuse_another_file()
                self._commit(transaction, change)

    def _commit(self, transaction: RootTransaction, change: object) -> None:
        """Commit, and when the answer is lost, find out whether it was done.

        Raises:
            Refusal: it was not done, and never will be.
            NotKnownYet: nobody answers who knows.
        """
        try:
            transaction.commit()
        except DBAPIError as error:
            if change is None or not error.connection_invalidated:
                raise
            committed = self._is_committed(change)
            if committed:
                return
            why = self.kind.trouble(error)
            if committed is None:
                raise NotKnownYet(
                    f"{why}; whether the change was done is not known yet",
                    lambda: self.kind.is_committed(change),
                ) from error
            raise Refusal(f"{why}; {UNCHANGED}") from error

    def _is_committed(self, change: object) -> bool | None:
        """Return whether a change was committed, None when nobody has answered for a while."""
        until = monotonic() + _ASKS_FOR
        for seconds in growing_pauses(*_ASKS_AGAIN):
            with waited_for(None):  # it is to be known also where the change was given up
                committed = self.kind.is_committed(change)
            if committed is not None or monotonic() >= until or is_given_up():
                return committed
            pause(seconds)
        raise AssertionError

    @contextmanager
    def _connected(self, on: Connection | None) -> Iterator[Connection]:
        """Give a new connection, or the one that is there already, as one that only reads.

        Raises:
            Refusal: that one is to another file than the path names now; nothing was changed.
        """
        if on is None:
            engine, pool = self._engine, self._engine.pool
            try:
                with engine.connect() as connection:
                    yield connection
            finally:
                if self._is_closed or engine is not self._engine:
                    pool.dispose()  # it came back after all the others had been closed
        elif on.engine is not self._engine:
            raise Refusal(f"{self.kind.place}: {_ANOTHER_FILE}")
        else:
            yield on.execution_options(writes=False)

    def _open_what_lies_there(self) -> None:
        """See to it that what is read next is what the path names.

        Raises:
            Refusal: nothing lies there, or another file since the last look, or no database.
        """
        with self._reopening:
            before = self._lies
            if before is None or (now := self.kind.lies_there()) is None or now == before:
                return
            another = now.file != before.file
            if another and now != self._noticed:
                self._noticed = now
                raise Refusal(f"{self.kind.place}: {_ANOTHER_FILE}")
            opened = self.kind.engine()
            try:
                with self._in_words(), opened.connect() as connection, connection.begin():
                    self._refuse_another_schema(connection)
            except BaseException:
                opened.dispose()
                raise
            self._engine, left = opened, self._engine
            self._lies, self._noticed = now, None
            self.files += another
            left.dispose()

    def _refuse_another_file(self) -> None:
        """Refuse to change what the path does not name, or what can only be looked at.

        Raises:
            Refusal: that is so; nothing was changed.
        """
        if self._lies is None:
            return
        now = self.kind.lies_there()
        if now is not None and now.file != self._lies.file:
            raise Refusal(f"{self.kind.place}: {_ANOTHER_FILE}")
        if (why := self.kind.look_only) is not None:
            raise Refusal(why)

    def _refuse_another_schema(self, connection: Connection) -> None:
        """Refuse a database that is no longer at our schema: a newer version upgraded it.

        Raises:
            Refusal: it is at another one, or is none of ours any more.
        """
        found = self.kind.schema_now(connection)
        if found is None:
            raise Refusal(f"{self.kind.place}: holds no numberone database any more")
        if found != SCHEMA:
            self._refuse_moved(found)
            self._refuse_newer(found)
            raise Refusal(
                f"{self.kind.place}: is of an older version (schema {found}); end this one and"
                " begin it again, which brings it up to date"
            )

    @contextmanager
    def _in_words(self, *, changes: bool = False) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            problem = str(error.orig).splitlines()[0]
            raise Refusal(
                f"{self.kind.place}: contradicts itself ({problem}), so nothing was changed;"
                f" {RESTORE}"
            ) from error
        except DBAPIError as error:
            why, damaged = self.kind.trouble(error), self.kind.is_damage(error)
            if changes and not damaged and UNCHANGED not in why:
                why = f"{why}; {UNCHANGED}"
            raise (Damaged if damaged else Refusal)(why) from error
        except UnicodeDecodeError as error:  # what says that a file is damaged may be so itself
            raise Damaged(f"{self.kind.place}: is damaged; {RESTORE}") from error
        except UnicodeEncodeError as error:
            broken = error.object[error.start : error.end]
            raise Refusal(f"{broken!r}: expected text in Unicode") from None
        except OverflowError:
            raise Refusal("a number is too large for the database") from None

    def _bring_up_to_date(self) -> None:
        with self.read() as connection:
            self.found_schema = self._schema_of(connection)
            if self.found_schema == SCHEMA:
                self.login = self.kind.login(connection)
                return
        if (why := self.kind.look_only) is not None:
            why = why.removeprefix(f"{self.kind.place}: ")
            of_what = "is empty" if self.found_schema is None else "is of an older version"
            raise Refusal(f"{self.kind.place}: {of_what}, and {why}")
        from store.migrations.before_upgrading import back_up  # noqa: PLC0415 - as the next
        from store.migrations.carry_over import carry_over  # noqa: PLC0415 - heavy, and seldom needed
        from store.migrations.upgrade import upgrade  # noqa: PLC0415 - the same

        with self._in_words(), self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                self.kind.lock_for_upgrading(connection)
                if self._schema_of(connection) != SCHEMA:
                    if self.found_schema is not None:
                        self.backup = back_up(
                            connection, self.kind, self.found_schema, self._backups
                        )
                    told = counted(self._rows_to_upgrade(connection), self._progress)
                    upgrade(connection, self.kind, told=told)
                    if self.found_schema is not None:
                        is_unchained = self.found_schema < _CHAINED
                        done = carry_over(
                            connection, self.kind, is_unchained=is_unchained, told=told
                        )
                        self.brought_back = done.brought_back
                self.login = self.kind.login(connection)

    def _rows_to_upgrade(self, connection: Connection) -> int:
        """Return how many rows an upgrade goes through, each as often as it does."""
        if self.found_schema is None:
            return 0
        return sum(
            times * (connection.scalar(select(func.count()).select_from(table(name))) or 0)
            for name, times in _GONE_THROUGH.items()
        )

    def _schema_of(self, connection: Connection) -> str | None:
        """Return the schema the database is at, None when it is empty."""
        tables = set(inspect(connection).get_table_names())
        if not tables:
            return None
        found = None
        if VERSION_TABLE in tables:
            version = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            found = version.scalar()
        if found is None and tables == {VERSION_TABLE}:
            return None
        self._refuse_moved(str(found))
        if found is None or not str(found).isdecimal():
            raise Refusal(
                f"{self.kind.place}: holds the tables of another program;"
                " expected a new place or a numberone database"
            )
        self._refuse_newer(str(found))
        return str(found)

    def _refuse_moved(self, found: str) -> None:
        mark = found.partition("-")[0]
        if mark in _MARKS:
            raise Refusal(f"{self.kind.place}: {_MARKS[mark]}")

    def _refuse_newer(self, found: str) -> None:
        if int(found) > int(SCHEMA):
            raise Refusal(
                f"{self.kind.place}: made by a newer numberone (schema {found}; this one knows"
                f" up to {SCHEMA}); upgrade numberone"
            )
