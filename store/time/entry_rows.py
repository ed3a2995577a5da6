"""The time that people recorded: how entries are read from their table, and written to it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update
from sqlmodel import col

from policy.names import same_name
from policy.refusal import Refusal
from policy.roster.members import FOREVER
from policy.time.entries import LONGEST_ENTRY, TimeEntry
from policy.words import Priority, Work
from store.engines.damage import RESTORE
from store.engines.statements import spellings
from store.schema.desk_settings import next_time_entry
from store.schema.tables import TicketRow, TimeEntryRow
from store.tickets.people import free_id
from store.tickets.ticket_json import Facts, instant, moment

_ID, _LOGIN = col(TimeEntryRow.id), col(TimeEntryRow.login)
_STARTED, _STOPPED = col(TimeEntryRow.started_at), col(TimeEntryRow.stopped_at)
_THOSE_LOGINS: Any = bindparam("of_logins", expanding=True)
_ALL: Select[Any] = select(*TimeEntryRow.__table__.c)  # type: ignore[attr-defined] # SQLModel's table
_NUMBERED = _ALL.where(bindparam("number") == _ID)
_RUNNING = _ALL.where(_STOPPED.is_(None)).order_by(_ID)
_RUNNING_OF = _RUNNING.where(_LOGIN.in_(_THOSE_LOGINS))
_ENDED = _ALL.where(
    _STARTED > bindparam("earliest"),  # what began before that has ended, as no entry is longer
    _STARTED < bindparam("end"),
    _STOPPED > bindparam("start"),
).order_by(_STARTED, _ID)
_ENDED_OF = _ENDED.where(_LOGIN.in_(_THOSE_LOGINS))
_TICKET, _PRIORITY = col(TicketRow.id), col(TicketRow.priority)
_THOSE_TICKETS: Any = bindparam("numbers", expanding=True)
_PRIORITIES = select(_TICKET, _PRIORITY).where(_TICKET.in_(_THOSE_TICKETS), _PRIORITY.is_not(None))
_AT_ONCE = 500
"""How many tickets are asked about at a time."""

_LARGEST_NUMBER = 2**31 - 1


def running_of(connection: Connection, login: str) -> TimeEntry | None:
    """Return the timer that runs for somebody, None when none does."""
    row = connection.execute(_RUNNING_OF, _of(connection, login)).first()
    return None if row is None else _entry(row)


def known(connection: Connection, number: int) -> TimeEntry | None:
    """Return the entry with this id, None when there is none."""
    row = connection.execute(_NUMBERED, {"number": min(max(number, 0), _LARGEST_NUMBER)}).first()
    return None if row is None else _entry(row)


def numbered(connection: Connection, number: int) -> TimeEntry:
    """Return the entry with this id.

    Raises:
        Refusal: there is none.
    """
    entry = known(connection, number)
    if entry is None:
        raise Refusal(f"entry {number}: no such entry; timer list shows yours")
    return entry


def entries_beside(connection: Connection, entry: TimeEntry) -> list[TimeEntry]:
    """Return the same person's entries that an entry could overlap."""
    end = FOREVER if entry.stopped_at is None else entry.stopped_at
    return list(entries_between(connection, entry.started_at, end, entry.login))


def entries_between(
    connection: Connection, start: datetime, end: datetime, login: str | None = None
) -> Iterator[TimeEntry]:
    """Yield the entries that have some time from ``start`` to before ``end`` (UTC), oldest first.

    Of one person, or with ``login`` None of everybody; one that still runs goes on.
    """
    values: dict[str, object] = {"earliest": start - LONGEST_ENTRY, "start": start, "end": end}
    ended, running = (_ENDED, _RUNNING) if login is None else (_ENDED_OF, _RUNNING_OF)
    who = {} if login is None else _of(connection, login)
    for row in connection.execute(ended, values | who):
        yield _entry(row)
    for row in connection.execute(running, who):
        if row.started_at < end:
            yield _entry(row)


def priorities_of(connection: Connection, entries: Iterable[TimeEntry]) -> dict[int, Priority]:
    """Return the priorities of the tickets that time went to, by number; the declined have none."""
    numbers = sorted({entry.ticket for entry in entries if entry.ticket is not None})
    found: dict[int, Priority] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        values = {"numbers": numbers[start : start + _AT_ONCE]}
        found.update((row.id, row.priority) for row in connection.execute(_PRIORITIES, values))
    return found


def _of(connection: Connection, login: str) -> dict[str, object]:
    """Return the logins that entries have and that are this one: "they compare without case"."""
    return {"of_logins": spellings(connection, _LOGIN, lambda other: same_name(other, login))}


def put_new(connection: Connection, entry: TimeEntry) -> TimeEntry:
    """Write a new entry down, under its own id or else one that none ever had, and return it."""
    number = entry.id or next_time_entry(connection, free_id(connection, TimeEntryRow))
    connection.execute(insert(TimeEntryRow).values(id=number, **_columns(entry)))
    return numbered(connection, number)


def put_changed(connection: Connection, entry: TimeEntry) -> None:
    """Write down what became of an entry."""
    connection.execute(update(TimeEntryRow).where(_ID == entry.id).values(_columns(entry)))


def drop(connection: Connection, number: int) -> None:
    """Take an entry out."""
    connection.execute(delete(TimeEntryRow).where(_ID == number))


def entry_facts(entry: TimeEntry | None) -> Facts | None:
    """Return an entry whole as an event keeps it, ``{"entry": …}``; None for no entry."""
    if entry is None:
        return None
    return {
        "entry": {
            "id": entry.id,
            "login": entry.login,
            "work": entry.work,
            "ticket": entry.ticket,
            "started_at": instant(entry.started_at),
            "stopped_at": instant(entry.stopped_at),
            "note": entry.note,
        }
    }


def entry_of(facts: Mapping[str, Any]) -> TimeEntry:
    """Return the entry that an event keeps; the inverse of ``entry_facts``.

    Raises:
        KeyError, TypeError, ValueError: it keeps none.
    """
    kept = facts["entry"]
    return TimeEntry(
        id=kept["id"],
        login=kept["login"],
        work=Work(kept["work"]),
        ticket=kept["ticket"],
        started_at=datetime.fromisoformat(kept["started_at"]),
        stopped_at=moment(kept["stopped_at"]),
        note=kept["note"],
    )


def _entry(row: Any) -> TimeEntry:
    try:
        work = Work(row.work)
    except ValueError as error:
        raise Refusal(f"entry {row.id} is damaged in the database: {error}; {RESTORE}") from error
    return TimeEntry(
        id=row.id,
        login=row.login,
        work=work,
        ticket=row.ticket_id,
        started_at=row.started_at,
        stopped_at=row.stopped_at,
        note=row.note,
    )


def _columns(entry: TimeEntry) -> dict[str, Any]:
    return {
        "login": entry.login,
        "work": entry.work,
        "ticket_id": entry.ticket,
        "started_at": entry.started_at,
        "stopped_at": entry.stopped_at,
        "note": entry.note,
    }
