"""One database: opened, brought up to date, and read and written in whole transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError, IntegrityError

from policy.refusal import Refusal
from store.engines import kind_of
from store.engines.kind import RESTORE, Damaged

_STEPS = Path(__file__).parent / "migrations" / "versions"
SCHEMA = max(step.stem.removeprefix("step_") for step in _STEPS.glob("step_*.py"))
"""The newest migration, by the names of the steps, so that opening need not load Alembic."""

_VERSION_TABLE = "alembic_version"


class Database:
    """An open database at the newest schema; safe to use from several threads.

    Raises:
        Refusal: it cannot be opened, is no numberone database, or a newer version made it.
    """

    def __init__(self, address: str) -> None:
        self.kind = kind_of(address)
        self.found_schema: str | None = None
        """The schema that it had when it was opened, None where there was nothing yet."""
        self.brought_back: tuple[int, ...] = ()
        """The tickets of customers who waited in no list before it was brought up to date."""
        self._engine = self.kind.engine()
        try:
            self._bring_up_to_date()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection on which everything is read at one instant.

        Raises:
            Refusal: the database answers with an error; the line says where and what.
        """
        with self._in_words(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection as the only writer; all of it is committed, or none.

        Raises:
            Refusal: the database answers with an error; nothing was changed.
        """
        with self._in_words(), self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                self.kind.lock_for_writing(connection)
                yield connection

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError as error:
            problem = str(error.orig).splitlines()[0]
            raise Refusal(
                f"{self.kind.place}: contradicts itself ({problem}), so nothing was changed;"
                f" {RESTORE}"
            ) from error
        except DBAPIError as error:
            damaged = self.kind.is_damage(error)
            raise (Damaged if damaged else Refusal)(self.kind.trouble(error)) from error
        except UnicodeEncodeError as error:
            broken = error.object[error.start : error.end]
            raise Refusal(f"{broken!r}: expected text in Unicode") from None
        except OverflowError:
            raise Refusal("a number is too large for the database") from None

    def _bring_up_to_date(self) -> None:
        with self.read() as connection:
            self.found_schema = self._schema_of(connection)
        if self.found_schema == SCHEMA:
            return
        from store.migrations.carry_over import carry_over  # noqa: PLC0415 - heavy, and seldom needed
        from store.migrations.upgrade import upgrade  # noqa: PLC0415 - the same

        with self._in_words(), self._engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                self.kind.lock_for_upgrading(connection)
                if self._schema_of(connection) != SCHEMA:
                    upgrade(connection, self.kind)
                    if self.found_schema is not None:
                        self.brought_back = carry_over(connection, self.kind).brought_back

    def _schema_of(self, connection: Connection) -> str | None:
        """Return the schema the database is at, None when it is empty."""
        tables = set(inspect(connection).get_table_names())
        if not tables:
            return None
        found = None
        if _VERSION_TABLE in tables:
            version = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
            found = version.scalar()
        if found is None and tables == {_VERSION_TABLE}:
            return None
        if found is None or not str(found).isdecimal():
            raise Refusal(
                f"{self.kind.place}: holds the tables of another program;"
                " expected a new place or a numberone database"
            )
        if int(found) > int(SCHEMA):
            raise Refusal(
                f"{self.kind.place}: made by a newer numberone (schema {found}; this one knows"
                f" up to {SCHEMA}); upgrade numberone"
            )
        return str(found)
