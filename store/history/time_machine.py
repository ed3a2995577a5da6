"""The database as it was: a throwaway copy, carried back over what has happened since."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from store.database import Database
from store.history.event_reading import latest_id
from store.history.events import (
    event_numbered,
    events_between,
    forget_after,
    latest_id_at,
    put_events,
    run_after,
    run_before,
)
from store.history.replay import carry_back, carry_forward
from store.read_models import Event
from store.transfer.copying import Progress, copy_database


class TimeMachine:
    """A copy of a database as it was at some time; the present one goes on meanwhile.

    ``time`` is the time looked at (UTC), ``position`` the id of the last event that had happened.
    """

    def __init__(self, present: Database, time: datetime, progress: Progress | None = None) -> None:
        self._present = present
        self._folder = TemporaryDirectory(prefix="numberone-past-", ignore_cleanup_errors=True)
        self.time = time
        try:
            file = Path(self._folder.name) / "past.db"
            copy_database(present, file, progress)
            self.database = Database(str(file))
        except BaseException:
            self._folder.cleanup()
            raise
        with self.database.read() as connection:
            self.position = latest_id(connection)
        self.move_to(time)

    def close(self) -> None:
        """Throw the copy away."""
        with suppress(OSError):
            self.database.close()
        self._folder.cleanup()

    def move_to(self, time: datetime) -> None:
        """Look at another time (UTC): later ones too, as far as the present."""
        with self._present.read() as connection:
            self._carry_to(latest_id_at(connection, time))
        self.time = time

    def step(self, *, forward: bool) -> bool:
        """Look at the time right after the next thing that was done, or the one before.

        Returns whether there was one.
        """
        with self._present.read() as connection:
            find = run_after if forward else run_before
            position = find(connection, self.position)
            if position is None:
                return False
            self._carry_to(position)
            last = event_numbered(connection, position)
        if last is not None:
            self.time = last.at
        return True

    def stand_at(self, position: int, time: datetime) -> None:
        """Look at the time (UTC) right after the event with this id, of where one stood before."""
        self._carry_to(position)
        self.time = time

    @property
    def last(self) -> Event | None:
        """The last thing that had happened, None where the history begins."""
        with self.database.read() as connection:
            return event_numbered(connection, self.position)

    @property
    def next(self) -> Event | None:
        """The next thing that was to happen, None where the history ends."""
        with self._present.read() as connection:
            position = run_after(connection, self.position)
            return None if position is None else event_numbered(connection, position)

    def _carry_to(self, position: int) -> None:
        kind = self.database.kind
        with self._present.read() as present, self.database.write() as connection:
            if position < self.position:
                back = events_between(present, position, self.position, newest_first=True)
                carry_back(connection, kind, back)
                forget_after(connection, position)
            elif position > self.position:
                come = list(events_between(present, self.position, position))
                put_events(connection, come)
                carry_forward(connection, kind, come)
        self.position = position
