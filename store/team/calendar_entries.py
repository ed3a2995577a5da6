"""What the calendars that time off comes from know it by: kept in the history, beside the time off.

An id is needed only when a calendar program cancels an event, so it stands where it is looked for
then, and in no row that every reading of the roster goes through.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection

from policy.roster.calendar_change import CalendarEntry
from policy.roster.members import TimeOff
from store.history.events import events_matching
from store.read_models import EventFilter
from store.team.roster_rows import time_off_facts

IDS: Final = "ids"
"""Where an event of the history has them, in the order of the time off that came by it."""

_KINDS: Final = ("calendar_read", "team_imported", "marked_out", "marked_back")
"""What time off of calendars comes by, or becomes something else by."""


def calendar_entries(
    connection: Connection, time_off: Sequence[TimeOff], *, with_ids: bool
) -> list[CalendarEntry]:
    """Return time off that came from calendars, with the ids it came with when these matter."""
    known = _ids(connection) if with_ids else {}
    return [_entry(off, known) for off in time_off]


def ids_of(entries: Iterable[CalendarEntry]) -> list[list[str | None]]:
    """Return the ids of time off as plain JSON values, for the history."""
    return [[entry.uid, entry.repetition] for entry in entries]


def ids_kept(
    connection: Connection, removed: Iterable[TimeOff], added: Sequence[TimeOff]
) -> dict[str, Any]:
    """Return what the history says of the ids of time off that changes under the number it has.

    A calendar knows its time off by the same id, whatever becomes of it here. Nothing is said where
    none is a calendar's.
    """
    from_calendars = [off for off in removed if off.source is not None]
    if not from_calendars or not added:
        return {}
    known = calendar_entries(connection, from_calendars, with_ids=True)
    by_number = {entry.off.id: entry for entry in known}
    kept = [by_number.get(off.id, CalendarEntry(off=off, uid=None)) for off in added]
    return {IDS: ids_of(kept)}


def _ids(connection: Connection) -> dict[tuple[Any, ...], list[Sequence[str]]]:
    """Return all ids that time off ever came with, the latest last, by what it says."""
    found: dict[tuple[Any, ...], list[Sequence[str]]] = {}
    told = (events_matching(connection, EventFilter(kind=kind), None) for kind in _KINDS)
    for event in sorted(chain.from_iterable(told), key=lambda each: each.id):
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
