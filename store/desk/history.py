"""The desk's part for: what happened, and how it is taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from policy.permissions import check
from store.copying import Progress
from store.desk.changing import ChangingDoor
from store.events import events_matching, latest_id, latest_id_at
from store.past import Past
from store.undoing import last_done, last_taken_back, reverse
from store.views import Event, EventFilter


class HistoryDesk(ChangingDoor):
    """What happened, and how it is taken back."""

    @contextmanager
    def events(self, wanted: EventFilter, limit: int | None = None) -> Iterator[Iterator[Event]]:
        """Give what happened, earliest first, the latest ``limit`` or all; only in the ``with``."""
        with self._reader() as reader:
            yield events_matching(reader.connection, wanted, limit)

    def is_past(self, time: datetime) -> bool:
        """Return whether anything has happened since ``time`` (UTC), and something before it.

        Before the history begins there is nothing to rebuild: what is known now is looked at.
        """
        with self._reader() as reader:
            return 0 < latest_id_at(reader.connection, time) < latest_id(reader.connection)

    def past(self, time: datetime, progress: Progress | None = None) -> Past:
        """Return the database as it was at ``time`` (UTC), a copy to be closed."""
        return Past(self._database, time, progress)

    def undo(self) -> tuple[Event, ...]:
        """Take back this person's last action, whole; return the events of what was taken back.

        "Takes back one's own last action (bulk ones whole), says what it takes back, refuses
        where someone has changed the ticket since, and is itself in the history."

        Raises:
            Refusal: there is nothing to take back, it was changed since, or they may not any more.
        """
        with self._writer() as (writer, reader):
            done = last_done(writer.connection, self.actor)
            check(done.wanted, self.actor, reader.roster)
            writer.journal.wanted = done.wanted
            reverse(writer, done)
            return done.events

    def redo(self) -> tuple[Event, ...]:
        """Do again what this person took back last; return the events of what is done again.

        Raises:
            Refusal: there is nothing, something was done since, or they may not any more.
        """
        with self._writer() as (writer, reader):
            taken_back = last_taken_back(writer.connection, self.actor)
            check(taken_back.wanted, self.actor, reader.roster)
            writer.journal.wanted = taken_back.wanted
            reverse(writer, taken_back)
            return taken_back.events
