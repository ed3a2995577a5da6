"""The one small interface behind which the engines differ."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement

from store.access.logins import ServerLogin
from store.engines.changes import ChangeSource
from store.engines.file_place import Lies


class DatabaseKind(Protocol):
    """How one engine is opened, locked for writing and searched."""

    place: str
    """Where the database is, in words fit for a person: never with a password in it."""

    search_key: str
    """The column of the search's table that is the ticket's number."""

    file: Path | None
    """The database's own file, None where a server keeps it."""

    @property
    def settings(self) -> str | None:
        """How long is waited for what, in words; None where that is not set for each connection."""
        ...

    @property
    def look_only(self) -> str | None:
        """Why the database can only be looked at, in one line; None where it can be changed."""
        ...

    def lies_there(self) -> Lies | None:
        """Return what lies where the database is, None where a server keeps it.

        Raises:
            Refusal: nothing does any more.
        """
        ...

    def schema_now(self, connection: Connection) -> str | None:
        """Return the schema that the database says it is at, None where it says none."""
        ...

    def identity(self, connection: Connection) -> object:
        """Return what no other database has, however this one is addressed."""
        ...

    def login(self, connection: Connection) -> ServerLogin | None:
        """Return the login that a server knows this connection by, None where there is none."""
        ...

    def exists(self) -> bool:
        """Return whether there is a database already; asking never makes one.

        Raises:
            Refusal: nobody answers there.
        """
        ...

    def engine(self) -> Engine:
        """Return an engine whose connections are set up for several processes at once."""
        ...

    def lock_for_writing(self, connection: Connection) -> object:
        """Wait until this transaction is the only one that writes, until it ends.

        Return the id by which it is known afterwards, None where no answer can be lost.
        """
        ...

    def is_committed(self, change: object) -> bool | None:
        """Return whether the change of an id was committed, or never will be.

        None while that is not known, as nobody answers.
        """
        ...

    def take_long(self, connection: Connection) -> None:
        """Let the statements of this transaction take as long as they need."""
        ...

    def lock_for_upgrading(self, connection: Connection) -> None:
        """Wait, at its start, until no other transaction makes or changes tables."""
        ...

    def make_room(self, connection: Connection) -> None:
        """Let a connection of its own work all over a large database, with more in memory."""
        ...

    def interrupting(self, connection: Connection) -> Callable[[], None]:
        """Return what ends the statement that runs on a connection, from another thread."""
        ...

    def changes(self) -> ChangeSource:
        """Return what tells of changes by anyone, for the thread that asks."""
        ...

    @property
    def told_of_changes(self) -> str:
        """How changes by others become known, in words: pushed, or looked for, and why."""
        ...

    def create_search(self, connection: Connection) -> None:
        """Create what full-text search needs."""
        ...

    def put_search(self, connection: Connection, documents: Sequence[tuple[int, str]]) -> None:
        """Store the folded text of tickets by id, in place of what was there."""
        ...

    def remove_search(self, connection: Connection, ids: Sequence[int]) -> None:
        """Forget the text of tickets by id."""
        ...

    def matching(
        self, sought: Sequence[Sequence[str]], ticket_id: ColumnElement[int]
    ) -> ColumnElement[bool]:
        """Return the condition that the ticket's text has, of each of these, any of its phrases.

        A phrase is tokens apart by spaces, found side by side, the last by how it begins.
        """
        ...

    def matching_one(
        self, sought: Sequence[Sequence[str]], ticket_id: ColumnElement[int]
    ) -> ColumnElement[bool]:
        """Return the same condition, for when few tickets are to be looked at, one by one."""
        ...

    def copy_to_file(
        self, connection: Connection, path: Path, progress: Callable[[int, int], None] | None
    ) -> bool:
        """Write all that the connection sees into a new SQLite file; False where only rows can.

        Raises:
            Refusal: the file cannot be written.
        """
        ...

    def mend_numbering(self, connection: Connection, tables: Sequence[str]) -> None:
        """See to it that the next row of each table gets a number beyond those that are there."""
        ...

    def check_engine(self, connection: Connection) -> Sequence[str]:
        """Return what the engine itself finds wrong with its files, a line each."""
        ...

    def is_search_sound(self, connection: Connection) -> bool:
        """Return whether the index of the full-text search is that of the texts it is made from."""
        ...

    def is_damage(self, error: DBAPIError) -> bool:
        """Return whether an error says that the database's own file is damaged."""
        ...

    def trouble(self, error: DBAPIError) -> str:
        """Return the one line that says what the database's error means for a person."""
        ...
