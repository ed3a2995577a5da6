"""The desk's part for who may reach it on a server."""

from sqlalchemy import Connection, text

from policy.refusal import Refusal
from store.access.logins import ServerLogin
from store.access.roles import Step, steps_to_roles
from store.schema.desk_settings import put_in_force
from store.session import Session

_OWNER = (
    "(SELECT tableowner FROM pg_tables"
    " WHERE schemaname = current_schema() AND tablename = 'ticket')"
)
_MAY = text(
    f"SELECT rolcreaterole OR rolsuper, pg_has_role(session_user, {_OWNER}, 'USAGE')"  # noqa: S608 - our own names
    " FROM pg_roles WHERE rolname = session_user"
)
_IN_FORCE = text("SELECT to_regproc('numberone_check_event') IS NOT NULL")
_ON_FILE = (
    "roles are a server's: whoever may write a file may do everything;"
    " expected the address of a PostgreSQL database"
)
_ASK = "ask whoever looks after the server to run what numberone db roles --sql prints"


class AccessDesk:
    """The roles of a server, and the login that it knows this person by."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def login(self) -> ServerLogin | None:
        """The login that the server knows this person by, None where there is no server."""
        return self._session.database.login

    def are_made(self) -> bool:
        """Return whether the server holds everybody to their roles."""
        if self.login is None:
            return False
        with self._session.read() as reader:
            return bool(reader.connection.scalar(_IN_FORCE))

    def steps(self) -> tuple[Step, ...]:
        """Return what making the roles does, each step with its statements; nothing is done.

        Raises:
            Refusal: the database is a file.
        """
        self._on_a_server()
        with self._session.read() as reader:
            return steps_to_roles(reader.connection)

    def make(self) -> tuple[Step, ...]:
        """Make the roles, all or nothing, whatever of them is made already; return what was done.

        Raises:
            Refusal: the database is a file, or this login may not make roles, or does not own the
                tables.
        """
        login = self._on_a_server()
        with self._session.write() as (writer, _):
            steps = steps_to_roles(writer.connection)
            self._refuse_who_may_not(writer.connection, login, steps)
            for step in steps:
                for statement in step.statements:
                    writer.connection.exec_driver_sql(statement.replace("%", "%%"))
            put_in_force(writer.connection, {})
        with self._session.write():
            return steps  # what is in force is kept at the end of each change

    def _on_a_server(self) -> ServerLogin:
        if self.login is None:
            raise Refusal(f"{self._session.place}: {_ON_FILE}")
        return self.login

    def _refuse_who_may_not(
        self, connection: Connection, login: ServerLogin, steps: tuple[Step, ...]
    ) -> None:
        may_create, owns = connection.execute(_MAY).one()
        if not owns:
            raise Refusal(f"{self._session.place}: {login.name} does not own the tables; {_ASK}")
        if any(step.makes_role for step in steps) and not may_create:
            raise Refusal(f"{self._session.place}: {login.name} may not create roles; {_ASK}")
