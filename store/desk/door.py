"""What every part of the desk stands on: one database, one person, one clock."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from policy.permissions import Action, check
from policy.roster import Roster
from store.changes import Writer
from store.database import Database
from store.reading import Reader, RosterKey
from store.tables import EventRow


class Door:
    """Opens read and write transactions for one person."""

    def __init__(self, database: Database, *, actor: str, clock: Callable[[], datetime]) -> None:
        self.actor = actor
        self._database = database
        self._clock = clock
        self._rosters: dict[RosterKey, Roster] = {}

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
    def _reader(self) -> Iterator[Reader]:
        with self._database.read() as connection:
            yield Reader(connection, self._database.kind, self.actor, self._clock(), self._rosters)

    @contextmanager
    def _writer(self, *wanted: Action) -> Iterator[tuple[Writer, Reader]]:
        """Give the only transaction that writes, with a reader that sees what it writes.

        Raises:
            Refusal: this person may not do what is wanted.
        """
        with self._database.write() as connection:
            now = self._clock()
            # Its own rosters: what this transaction may write and take back, nobody else is to see.
            reader = Reader(connection, self._database.kind, self.actor, now, dict(self._rosters))
            for action in wanted:
                check(action, self.actor, reader.roster)
            yield (
                Writer(connection, self._database.kind, reader.rulebook, self.actor, now),
                reader,
            )

    def _note(
        self,
        writer: Writer,
        kind: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        note: str = "",
        ticket: int | None = None,
    ) -> None:
        """Append an event to the history; without a ticket it is about the whole desk."""
        writer.connection.execute(
            insert(EventRow).values(
                at=writer.now,
                actor=self.actor,
                kind=kind,
                ticket_id=ticket,
                before=before,
                after=after,
                note=note,
            )
        )
