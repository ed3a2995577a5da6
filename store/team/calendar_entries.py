"""What the calendars that time off comes from know it by: kept in the history, beside the time off.

An id is needed only when a calendar program cancels an event, so it stands where it is looked for
then, and in no row that every reading of the roster goes through.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from policy.roster.calendar_change import CalendarEntry
from policy.roster.members import TimeOff
from store.history.events import events_matching
from store.read_models import EventFilter
from store.team.roster_rows import time_off_facts

IDS: Final = "ids"
"""Where an event of the history has them, in the order of the time off that came by it."""

_READ = EventFilter(kind="calendar_read")


def calendar_entries(
    connection: Connection, time_off: Sequence[TimeOff], *, with_ids: bool
) -> list[CalendarEntry]:
    """Return time off that came from calendars, with the ids it came with when these matter."""
    known = _ids(connection) if with_ids else {}
    return [_entry(off, known) for off in time_off]


def ids_of(entries: Iterable[CalendarEntry]) -> list[list[str | None]]:
    """Return the ids of time off as plain JSON values, for the history."""
    return [[entry.uid, entry.repetition] for entry in entries]


def _ids(connection: Connection) -> dict[tuple[Any, ...], list[Sequence[str]]]:
    """Return all ids that time off ever came with, the latest last, by what it says."""
    found: dict[tuple[Any, ...], list[Sequence[str]]] = {}
    for event in events_matching(connection, _READ, None):
        said = event.after or {}
        for facts, ids in zip(said.get("time_off", ()), said.get(IDS, ()), strict=False):
            found.setdefault(_key(facts), []).append(ids)
    return found


def _entry(off: TimeOff, known: Mapping[tuple[Any, ...], list[Sequence[str]]]) -> CalendarEntry:
    ids = known.get(_key(time_off_facts(off)))
    if not ids:
        return CalendarEntry(off=off, uid=None)
    uid, repetition = ids.pop() if len(ids) > 1 else ids[0]
    return CalendarEntry(off=off, uid=uid, repetition=repetition)


def _key(facts: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(facts[name] for name in ("login", "from", "until", "reason", "source"))
