"""The desk's time: what people work on now, what they recorded, and how it is split."""

from dataclasses import replace
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any

from sqlalchemy import Select, bindparam, select, text
from sqlmodel import col

from policy.capacity.levels import Capacity
from policy.names import same_name
from policy.refusal import Refusal
from policy.roster.members import FOREVER
from policy.roster.permissions import check
from policy.ticket import Ticket
from policy.time import entries
from policy.time.allocation import (
    Allocation,
    ProtectedTimeInputs,
    Recorded,
    allocation,
    suggestion,
    window_until,
)
from policy.time.entries import TimeEntry, left_running, work_on
from policy.words import Action, Mode, Work
from store.desk_reader import DeskReader
from store.queue import counters
from store.queue.query import ME
from store.schema.tables import KEYS, OrderRow
from store.session import ReadSession, Session
from store.tickets.ticket_writer import Writer
from store.time.busy_times import BusyTimes
from store.time.entry_rows import (
    drop,
    entries_beside,
    entries_between,
    entry_facts,
    numbered,
    priorities_of,
    put_changed,
    put_new,
    running_of,
)
from store.time.time_models import MyTime, TimerStarted


def _internal(mode: Mode) -> Select[Any]:
    """Return the query for the first internal ticket, worded as the condition of its index."""
    key = KEYS[mode]
    return select(key, col(OrderRow.ticket_id)).where(text("internal")).order_by(key).limit(1)


_NOBODYS_FIRST = {mode: _internal(mode).where(col(OrderRow.assignee).is_(None)) for mode in Mode}
_OWN_FIRST = {
    mode: _internal(mode).where(col(OrderRow.assignee).in_(bindparam("of_logins", expanding=True)))
    for mode in Mode
}
"""The first internal ticket that is nobody's, and the first that is somebody's: by their keys."""


class TimeReading:
    """The time that people spent, and how it is split."""

    def __init__(self, session: ReadSession) -> None:
        self._session = session

    def timer(self) -> TimeEntry | None:
        """Return what this person's timer runs on, None when it does not run."""
        with self._session.read() as reader:
            return running_of(reader.connection, reader.login)

    def left_running(self) -> datetime | None:
        """Return since when this person's timer looks forgotten (UTC), None while it does not."""
        with self._session.read() as reader:
            return _left_running(reader, running_of(reader.connection, reader.login))

    def entries(
        self, login: str | None = None, since: datetime | None = None
    ) -> tuple[TimeEntry, ...]:
        """Return the entries of this person or another, the latest first.

        Those that reach beyond ``since`` (UTC), by default the start of the policy's window.
        """
        with self._session.read() as reader:
            begin = since or window_until(reader.rulebook.allocation, reader.now).start
            who = reader.login if login is None else reader.roster.login_of(login)
            found = entries_between(reader.connection, begin, FOREVER, who)
            return tuple(sorted(found, key=_by_start, reverse=True))

    def allocation(self) -> Allocation:
        """Return how time is split over the policy's window, per person and for the team.

        By the teams and policies that were in force when. Reads all entries of the window, and the
        first time how many tickets stood in the queue throughout it: for a thread, and once a
        minute rather than with every change.
        """
        with self._session.read() as reader:
            section, now = reader.rulebook.allocation, reader.now
            window = window_until(section, now)
            past = self._busy_times.until_now(reader, window)
            found = list(entries_between(reader.connection, *window))
            return allocation(
                section,
                past.rosters,
                Recorded(entries=found, priorities=priorities_of(reader.connection, found)),
                now,
                words=reader.words,
                busy=past.spans,
                paused=_is_paused(reader, reader.capacity),
            )

    def mine(self, measured: Allocation, capacity: Capacity) -> MyTime:
        """Return this person's timer, and the protected time that they are offered.

        ``measured`` is the allocation as it was read in this minute, ``capacity`` the team's now.
        As cheap as a few rows by their keys, however long the queue is.
        """
        with self._session.read() as reader:
            running = running_of(reader.connection, reader.login)
            paused = _is_paused(reader, capacity)
            offer = ProtectedTimeInputs(
                words=reader.words,
                urgent=sum(
                    counters.queue_count_of(reader.connection, each) for each in reader.words.urgent
                ),
                first=_first_internal(reader),
                running=running,
            )
            return MyTime(
                running=running,
                on=_subject_of(reader, running),
                left_running=_left_running(reader, running),
                paused=paused,
                suggestion=suggestion(
                    reader.rulebook.allocation,
                    reader.roster,
                    replace(measured, paused=paused),
                    reader.login,
                    offer,
                ),
            )

    @cached_property
    def _busy_times(self) -> BusyTimes:
        return BusyTimes()


class TimeDesk(TimeReading):
    """The time that people spend, for who records it."""

    _session: Session

    def __init__(self, session: Session) -> None:
        super().__init__(session)

    def start_timer(
        self, ticket: int | None = None, work: Work | None = None, *, note: str = ""
    ) -> TimerStarted:
        """Start this person's timer on a ticket, or on other ``work``; one that runs is stopped.

        "A ticket of tier internal" is internal work, any other a customer's. What runs already
        goes on, and nothing is written.

        Raises:
            Refusal: this person may not, there is no such ticket, neither or both are given, or
                the one that runs cannot end now.
        """
        with self._session.write(Action.RECORD_TIME) as (writer, reader):
            work, ticket = _spent_on(reader, ticket, work)
            running = running_of(writer.connection, writer.actor)
            if running is not None and (running.work, running.ticket) == (work, ticket):
                return TimerStarted(entry=running, stopped=None)
            zone = reader.zone
            stopped = None if running is None else self._stop(writer, running, writer.now, zone)
            wanted = TimeEntry(
                login=writer.actor,
                work=work,
                ticket=ticket,
                started_at=writer.now,
                note=note,
            )
            others = entries_beside(writer.connection, wanted)
            entry = put_new(writer.connection, entries.started(wanted, others, writer.now, zone))
            writer.journal.append("timer_started", after=entry_facts(entry))
            return TimerStarted(entry=entry, stopped=stopped)

    def stop_timer(self, at: datetime | None = None) -> TimeEntry:
        """Stop this person's timer, now or at a time (UTC) that is past, and return the entry.

        Raises:
            Refusal: this person may not, no timer runs, or it cannot have ended then.
        """
        with self._session.write(Action.RECORD_TIME) as (writer, reader):
            running = running_of(writer.connection, writer.actor)
            if running is None:
                raise Refusal(f"no timer runs for {writer.actor}")
            return self._stop(writer, running, writer.now if at is None else at, reader.zone)

    def edit_entry(
        self,
        number: int,
        *,
        started_at: datetime | None = None,
        stopped_at: datetime | None = None,
        ticket: int | None = None,
        work: Work | None = None,
        note: str | None = None,
    ) -> TimeEntry:
        """Change an entry, what is None staying as it is; return it as it is now.

        ``ticket`` puts it on a ticket, ``work`` on none. Times are UTC.

        Raises:
            Refusal: it is somebody else's and this person no lead, there is none, or it could not
                have been so; see ``policy.time.entries.edited``.
        """
        with self._session.write(Action.RECORD_TIME) as (writer, reader):
            before = self._own(writer, reader, number)
            after = replace(
                before,
                started_at=started_at or before.started_at,
                stopped_at=stopped_at or before.stopped_at,
                note=before.note if note is None else note,
            )
            if ticket is not None or work is not None:
                spent, on = _spent_on(reader, ticket, work)
                after = replace(after, work=spent, ticket=on)
            others = entries_beside(writer.connection, after)
            checked = entries.edited(after, others, writer.now, reader.zone)
            if checked != before:
                put_changed(writer.connection, checked)
                writer.journal.append(
                    "entry_edited", before=entry_facts(before), after=entry_facts(checked)
                )
            return checked

    def remove_entry(self, number: int) -> TimeEntry:
        """Take an entry out, and return what it was.

        Raises:
            Refusal: it is somebody else's and this person no lead, or there is none.
        """
        with self._session.write(Action.RECORD_TIME) as (writer, reader):
            entry = self._own(writer, reader, number)
            drop(writer.connection, entry.id)
            writer.journal.append("entry_removed", before=entry_facts(entry))
            return entry

    def _stop(self, writer: Writer, running: TimeEntry, at: datetime, zone: tzinfo) -> TimeEntry:
        entry = entries.stopped(running, at, writer.now, zone)
        put_changed(writer.connection, entry)
        writer.journal.append(
            "timer_stopped", before=entry_facts(running), after=entry_facts(entry)
        )
        return entry

    def _own(self, writer: Writer, reader: DeskReader, number: int) -> TimeEntry:
        """Return an entry that this person may change: "own entries only, a lead others' too"."""
        entry = numbered(writer.connection, number)
        if not same_name(entry.login, reader.login):
            check(Action.CORRECT_TIME, reader.login, reader.roster)
        return entry


def _spent_on(reader: DeskReader, ticket: int | None, work: Work | None) -> tuple[Work, int | None]:
    """Return what time goes to: the work and the ticket that was named, or the work alone."""
    if ticket is not None:
        if work is not None:
            raise Refusal(f"expected a ticket or {work} work without one, not both")
        return work_on(reader.ticket(ticket)), ticket
    if work is None:
        raise Refusal("expected a ticket, or whether it is customer or internal work")
    return work, None


def _left_running(reader: DeskReader, running: TimeEntry | None) -> datetime | None:
    if running is None:
        return None
    return left_running(running, reader.roster.by_login.get(running.login), reader.now)


def _subject_of(reader: DeskReader, entry: TimeEntry | None) -> str:
    """Return the subject of an entry's ticket, nothing without one or for one that is no more."""
    if entry is None or entry.ticket is None:
        return ""
    try:
        return reader.ticket(entry.ticket).subject
    except Refusal:
        return ""


def _is_paused(reader: DeskReader, capacity: Capacity) -> bool:
    """Return whether internal work pauses: "at level 3 and above internal work pauses"."""
    return capacity.level >= reader.rulebook.capacity.hard_choices_from


def _by_start(entry: TimeEntry) -> tuple[datetime, int]:
    return entry.started_at, entry.id


def _first_internal(reader: DeskReader) -> Ticket | None:
    """Return the first internal ticket of the order that is nobody's or this person's own.

    What somebody has who is away counts as nobody's.
    """
    mode, logins = reader.mode.mode, reader.assignees(ME)
    asked = [_NOBODYS_FIRST[mode]]
    if logins:
        asked.append(_OWN_FIRST[mode])
    if reader.roster.members:
        asked.append(_internal(mode).where(reader.away_holders.in_order))
    values = {"of_logins": logins}
    found = [row for each in asked if (row := reader.connection.execute(each, values).first())]
    first = min(found, key=lambda row: bytes(row[0]), default=None)
    return None if first is None else reader.ticket(first.ticket_id)
