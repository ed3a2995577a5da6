"""The desk's part for: what happened, and how it is taken back."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime

from policy.refusal import Refusal
from policy.roster.permissions import check, refusal_for
from policy.rulebook.rulebook import Rulebook
from store.conversations.drafts import forget_words, keep_words
from store.desk_reader import DeskReader
from store.history.event_reading import latest_id
from store.history.events import events_matching, first_time, latest_id_at
from store.history.time_machine import TimeMachine
from store.history.undo import Done, last_done, last_taken_back, reverse
from store.policies.lost_words import lost_words
from store.read_models import Event, EventFilter
from store.schema.settings_in_force import settings_of
from store.session import ReadSession, Session
from store.team.roster_reading import roster_of
from store.tickets.ticket_writer import Writer
from store.transfer.copying import Progress


class HistoryReading:
    """What happened."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def revision(self) -> int:
        """Return a number that grows with every change by anyone; cheap enough to poll."""
        with self._session.read() as reader:
            return reader.revision()

    @contextmanager
    def events(self, wanted: EventFilter, limit: int | None = None) -> Iterator[Iterator[Event]]:
        """Give what happened, earliest first, the latest ``limit`` or all; only in the ``with``."""
        with self._session.read() as reader:
            if wanted.actor is not None:
                wanted = replace(wanted, actor=reader.roster.login_of(wanted.actor))
            with closing(events_matching(reader.connection, wanted, limit)) as events:
                yield events

    def is_past(self, time: datetime) -> bool:
        """Return whether anything has happened since ``time`` (UTC), and something before it.

        Before the history begins there is nothing to rebuild: what is known now is looked at.
        """
        with self._session.read() as reader:
            return 0 < latest_id_at(reader.connection, time) < latest_id(reader.connection)

    def begins_at(self) -> datetime | None:
        """Return when the first thing of the history happened (UTC), None before anything did."""
        with self._session.read() as reader:
            return first_time(reader.connection)


class HistoryDesk(HistoryReading):
    """What happened, and how it is taken back."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def as_of(self, time: datetime, progress: Progress | None = None) -> TimeMachine:
        """Return the database as it was at ``time`` (UTC), a copy to be closed."""
        return TimeMachine(self._session.database, time, progress)

    def undo(self) -> tuple[Event, ...]:
        """Take back this person's last action, whole; return the events of what was taken back.

        What was written in an answer or a note is not lost: it is the ticket's draft again.

        "Takes back one's own last action (bulk ones whole), says what it takes back, refuses
        where someone has changed the ticket since, and is itself in the history."

        Raises:
            Refusal: there is nothing to take back, it was changed since, or they may not any more.
        """
        with self._session.write() as (writer, reader):
            events = self._reverse(writer, reader, last_done(writer.connection, writer.actor))
            keep_words(writer, events)
            return events

    def redo(self) -> tuple[Event, ...]:
        """Do again what this person took back last; return the events of what is done again.

        Raises:
            Refusal: there is nothing, something was done since, or they may not any more.
        """
        with self._session.write() as (writer, reader):
            done = last_taken_back(writer.connection, writer.actor)
            events = self._reverse(writer, reader, done)
            forget_words(writer, events)
            return events

    def _reverse(self, writer: Writer, reader: DeskReader, done: Done) -> tuple[Event, ...]:
        """Reverse what this person may do now, or may once it is reversed.

        So whoever has changed the team can take that back, whatever it made of themselves.
        """
        refusal = refusal_for(done.wanted, writer.actor, reader.roster)
        writer.journal.wanted = done.wanted
        before = writer.rulebook
        reverse(writer, done)
        _refuse_lost_words(writer, before)
        if refusal is not None:
            check(done.wanted, self._session.actor, roster_of(writer.connection, writer.now))
        return done.events


def _refuse_lost_words(writer: Writer, before: Rulebook) -> None:
    """Refuse to take back, or do again, a change of words that tickets carry meanwhile."""
    now = settings_of(writer.connection).rulebook
    lost = lost_words(writer.connection, before, now, writer.now)
    if lost.words:
        raise Refusal(str(lost))
