"""SQLite: one file, set up so that several boards and command lines share it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import monotonic
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Integer,
    column,
    create_engine,
    event,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement

from policy.refusal import Refusal
from store.engines.changes import ChangeSource, looked_for
from store.engines.damage import RESTORE, read_json
from store.engines.file_changes import FileChanges, why_not_told
from store.engines.file_connection import BUSY_SECONDS, give_back, keep_more, set_up
from store.engines.file_place import LOOK_ONLY, Lies, how_it_lies, ways_to_open, why_look_only
from store.engines.file_search import TOKENS, is_sound
from store.engines.lock_holder import holder_of
from store.engines.written_json import written_json
from store.file_access import OWNERS_FOLDER, make_file
from store.quick.driver import SCHEMA_NOW
from store.stopping import TAKEN_BACK, UNCHANGED, is_given_up

_SEARCH = table("ticket_search", column("rowid", Integer))
_CONTENT = table("ticket_search_content", column("id", Integer), column("c0"))
"""Where FTS5 keeps the texts themselves: words apart by spaces."""

_SEARCH_ITSELF: ColumnElement[str] = literal_column("ticket_search")

_SPELL_MILLISECONDS = 100


class SQLite:
    """A database in a file."""

    search_key = "rowid"

    def __init__(self, path: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._busy_seconds = busy_seconds
        try:
            self.path = Path(path).expanduser().absolute()
        except RuntimeError:
            raise Refusal(f"{path}: there is no such home folder") from None
        self.place = str(self.path)
        self.file: Path | None = self.path

    @property
    def settings(self) -> str:
        """How long a writer waits for another."""
        return f"timeout {self._busy_seconds:g} s"

    @property
    def look_only(self) -> str | None:
        """Why the file can only be looked at, in one line; None where it can be changed."""
        return why_look_only(self.path)

    def lies_there(self) -> Lies:
        """Return which file the path names now, and how it can be opened.

        Raises:
            Refusal: it names none.
        """
        return how_it_lies(self.path)

    def schema_now(self, connection: Connection) -> str | None:
        """Return the schema that the file says it is at, None where it says none.

        It is asked for in every transaction: past SQLAlchemy, which takes ten times as long.
        """
        own = _own(connection)
        try:
            found = own.execute(SCHEMA_NOW).fetchone()
        except sqlite3.Error as error:
            if "no such table" in str(error):
                return None
            found = connection.exec_driver_sql(SCHEMA_NOW).first()  # fails as the others do
        return None if found is None else found[0]

    def identity(self, connection: Connection) -> object:  # noqa: ARG002 - the interface's
        """Return which file it is, whatever links lead there."""
        return self.lies_there().file

    def login(self, connection: Connection) -> None:  # noqa: ARG002 - the interface's
        """Return None: a file knows nobody."""
        return

    def exists(self) -> bool:
        """Return whether something is at the path; an empty file is not a database yet."""
        with self._reachable():
            return self.path.exists() and (not self.path.is_file() or self.path.stat().st_size > 0)

    def engine(self) -> Engine:
        """Return an engine on the file, whose folder is made when it is not there.

        Raises:
            Refusal: the path is no file, or its folder cannot be made.
        """
        with self._reachable():
            if self.path.is_dir():
                raise Refusal(f"{self.place}: is a folder; expected a database file")
            if self.path.exists() and not self.path.is_file():
                raise Refusal(f"{self.place}: is no file; expected a database file")
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=OWNERS_FOLDER)
        engine = create_engine(
            _address_of(self.path),
            connect_args={"isolation_level": None, "timeout": self._busy_seconds},
            json_deserializer=read_json,
            json_serializer=written_json,
            pool_size=4,
            max_overflow=-1,
            pool_use_lifo=True,  # so that one or two keep pages, as one or two read at a time
        )
        if not ways_to_open(self.path):
            event.listen(engine, "do_connect", self._make_private)
        event.listen(engine, "connect", set_up)
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "checkin", give_back)
        return engine

    def _make_private(self, *_: object) -> None:
        """Make a new file before SQLite does, which would let everybody read it.

        Where that cannot be, SQLite says why.
        """
        with suppress(OSError):
            make_file(self.path)

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Refusal(f"{self.place}: {error.strerror}: {error.filename}") from None

    def lock_for_upgrading(self, connection: Connection) -> None:
        """Do nothing: a transaction that writes began with BEGIN IMMEDIATE, which is the lock."""

    def lock_for_writing(self, connection: Connection) -> None:
        """Do nothing: a transaction that writes began with BEGIN IMMEDIATE, which is the lock."""

    def is_committed(self, change: object) -> bool | None:
        """Return None: no answer of a file is lost, so nobody has to ask."""
        raise AssertionError(change)

    def take_long(self, connection: Connection) -> None:
        """Do nothing: no statement is ended for taking long."""

    def _begin(self, connection: Connection) -> None:
        """Begin as the transaction's kind asks for: a writer takes the lock at once, and has room.

        Raises:
            Refusal: nobody waits for it any more; nothing was changed.
        """
        if not connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql("BEGIN")
            return
        self._take_lock(connection)
        keep_more(connection)

    def _take_lock(self, connection: Connection) -> None:
        """Begin as the only writer, after a while of waiting for another one.

        It waits in short spells, so that whoever gives it up does not wait for the lock either.
        """
        own, until = _own(connection), monotonic() + self._busy_seconds
        own.execute(f"PRAGMA busy_timeout = {_SPELL_MILLISECONDS}").close()
        try:
            while True:
                try:
                    own.execute("BEGIN IMMEDIATE").close()
                except sqlite3.DatabaseError as error:
                    busy = getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")
                    if is_given_up():
                        raise Refusal(f"{self.place}: {TAKEN_BACK}; {UNCHANGED}") from None
                    if not busy or monotonic() >= until:
                        connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails as the others do
                        return
                else:
                    return
        finally:
            own.execute(f"PRAGMA busy_timeout = {round(self._busy_seconds * 1000)}").close()

    def make_room(self, connection: Connection) -> None:
        """Let the connection keep the whole order of a large desk, to be written all over."""
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_ROOM}")
        connection.rollback()

    def interrupting(self, connection: Connection) -> Callable[[], None]:
        """Return what ends the statement that runs on a connection, from another thread."""
        return _own(connection).interrupt

    def changes(self) -> ChangeSource:
        """Return what tells of changes to the file."""
        return FileChanges(self.path)

    @property
    def told_of_changes(self) -> str:
        """How changes by others become known."""
        why = why_not_told(self.path)
        return "told by the file" if why is None else looked_for(why)

    def create_search(self, connection: Connection) -> None:
        """Create the full-text table."""
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE ticket_search USING fts5(document, {TOKENS})"
        )

    def put_search(self, connection: Connection, documents: Sequence[tuple[int, str]]) -> None:
        """Store the folded text of tickets by id."""
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO ticket_search (rowid, document) VALUES (?, ?)", list(documents)
        )

    def remove_search(self, connection: Connection, ids: Sequence[int]) -> None:
        """Forget the text of tickets by id."""
        rows = [{"ticket_id": ticket_id} for ticket_id in ids]
        connection.execute(text("DELETE FROM ticket_search WHERE rowid = :ticket_id"), rows)

    def matching(
        self, sought: Sequence[Sequence[str]], ticket_id: ColumnElement[int]
    ) -> ColumnElement[bool]:
        """Return the condition that of each some phrase, quoted, begins something there."""
        either = (" OR ".join(f'"{phrase}"*' for phrase in phrases) for phrases in sought)
        query = " AND ".join(f"({phrases})" for phrases in either)
        matches: ColumnElement[bool] = _SEARCH_ITSELF.op("MATCH", is_comparison=True)(query)
        return ticket_id.in_(select(_SEARCH.c.rowid).where(matches))

    def matching_one(
        self, sought: Sequence[Sequence[str]], ticket_id: ColumnElement[int]
    ) -> ColumnElement[bool]:
        """Return the condition that of each some phrase begins at a word of the ticket's text."""
        found = select(_CONTENT.c.id).where(_CONTENT.c.id == ticket_id)
        return found.where(*(or_(*map(_begins, phrases)) for phrases in sought)).exists()

    def copy_to_file(
        self, connection: Connection, path: Path, progress: Callable[[int, int], None] | None
    ) -> bool:
        """Copy the file page by page, as this connection's transaction sees it.

        Raises:
            Refusal: the copy cannot be written.
        """
        own = _own(connection)
        # Only what has been read from fixes the instant that a transaction sees.
        connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()

        def copied(_: int, left: int, total: int) -> None:
            if progress is not None:
                progress(total - left, total)

        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as copy:
                own.backup(copy, pages=_PAGES_AT_ONCE, progress=copied)
        except sqlite3.Error as error:
            raise Refusal(f"{path}: the copy cannot be written: {error}") from None
        return True

    def mend_numbering(self, connection: Connection, tables: Sequence[str]) -> None:
        """Do nothing: SQLite itself looks for the largest number."""

    def check_engine(self, connection: Connection) -> Sequence[str]:
        """Return what SQLite's own look at every page of the file finds, a line each."""
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        lines = [line.strip() for each in found for line in each.splitlines() if each != "ok"]
        return [line for line in lines if "FTS5" not in line]  # what newer ones say of the search

    def is_search_sound(self, connection: Connection) -> bool:
        """Return whether the index of the full-text search is that of its texts."""
        return is_sound(connection)

    def is_damage(self, error: DBAPIError) -> bool:
        """Return whether SQLite found its file damaged."""
        name: str = getattr(error.orig, "sqlite_errorname", _UNREADABLE)
        return name.startswith("SQLITE_CORRUPT")

    def trouble(self, error: DBAPIError) -> str:
        """Return what SQLite's error means, by its own name for it."""
        name = getattr(error.orig, "sqlite_errorname", _UNREADABLE)
        if name.startswith("SQLITE_BUSY"):
            holder = holder_of(self.path) or "another program"
            waited = f"{self._busy_seconds:g} seconds"
            return f"{self.place}: {holder} has been writing for {waited}; try again"
        for prefix, meaning in _MEANINGS.items():
            if name.startswith(prefix):
                return f"{self.place}: {meaning}"
        return f"{self.place}: {error.orig}"


_ROOM = 300_000
"""Kibibytes: what the order of 1,000,000 tickets takes; no more than is read is taken."""


def _address_of(path: Path) -> URL:
    """Return the address at which SQLite opens a file as it can be opened; a new one to write."""
    ways = ways_to_open(path)
    if not ways:
        return URL.create("sqlite", database=str(path))
    query = {**ways, "uri": "true"}
    return URL.create("sqlite", database=f"file:{quote(str(path))}", query=query)


def _begins(phrase: str) -> ColumnElement[bool]:
    """Return the condition that a phrase begins at a word of a text, inside or at its start."""
    inside = func.instr(_CONTENT.c.c0, f" {phrase}") > 0
    return or_(inside, func.substr(_CONTENT.c.c0, 1, len(phrase)) == phrase)


_PAGES_AT_ONCE = 4096
"""How much is copied before progress is told: 16 MB."""

_UNREADABLE = "SQLITE_CORRUPT"
"""Where Python itself cannot read what SQLite found, it gives no name: text that is no text."""

_MEANINGS = {
    "SQLITE_NOTADB": "is not a numberone database; nothing in it was touched",
    "SQLITE_CORRUPT": f"is damaged; {RESTORE}",
    "SQLITE_READONLY": LOOK_ONLY,
    "SQLITE_FULL": "the disk is full; nothing was changed",
    "SQLITE_CANTOPEN": "cannot be opened: check that the folder exists and may be written",
    "SQLITE_IOERR": "the disk reports an error; nothing was changed",
}
"""SQLite's error names, by their beginnings, in words that say what to do."""


def _own(connection: Connection) -> sqlite3.Connection:
    """Return the driver's connection behind SQLAlchemy's."""
    own = connection.connection.driver_connection
    if not isinstance(own, sqlite3.Connection):
        raise AssertionError(own)
    return own
