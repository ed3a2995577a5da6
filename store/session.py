"""What every part of the desk stands on: one database, one person, one clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import local

from policy.roster.members import Roster
from policy.roster.permissions import check
from policy.words import Action
from store.database import Database
from store.history.journal import Journal
from store.queries import DeskReader, RosterKey
from store.tickets.ticket_writer import Writer


class Door:
    """Opens read and write transactions for one person."""

    def __init__(self, database: Database, *, actor: str, clock: Callable[[], datetime]) -> None:
        self.actor = actor
        self._database = database
        self._clock = clock
        self._rosters: dict[RosterKey, Roster] = {}
        self._together = _Together()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @property
    def place(self) -> str:
        """Where the database is, in words."""
        return self._database.kind.place

    def now(self) -> datetime:
        """Return the time it is for this desk, in UTC."""
        return self._clock()

    @contextmanager
    def one_action(self) -> Iterator[None]:
        """Make all that this thread changes inside the ``with`` one action, to be undone whole."""
        self._together.begun, self._together.action = True, None
        try:
            yield
        finally:
            self._together.begun, self._together.action = False, None

    @contextmanager
    def _reader(self) -> Iterator[DeskReader]:
        with self._database.read() as connection:
            yield DeskReader(
                connection, self._database.kind, self.actor, self._clock(), self._rosters
            )

    @contextmanager
    def _writer(
        self, *wanted: Action, undoable: bool = True
    ) -> Iterator[tuple[Writer, DeskReader]]:
        """Give the only transaction that writes, with a reader that sees what it writes.

        ``undoable`` says whether what is written can be taken back by ``undo``.

        Raises:
            Refusal: this person may not do what is wanted.
        """
        with self._database.write() as connection:
            now = self._clock()
            # Its own rosters: what this transaction may write and take back, nobody else is to see.
            reader = DeskReader(
                connection, self._database.kind, self.actor, now, dict(self._rosters)
            )
            for action in wanted:
                check(action, self.actor, reader.roster)
            journal = Journal(
                connection=connection,
                actor=self.actor,
                now=now,
                wanted=wanted[0] if wanted else Action.LOOK,
                undoable=undoable,
                action=self._together.action,
            )
            yield Writer(connection, self._database.kind, reader.rulebook, journal), reader
            if self._together.begun:
                self._together.action = journal.action


class _Together(local):
    """Whether this thread's changes are one action, and its number once it has one."""

    begun = False
    action: int | None = None
