"""What the history says of a span of time: its events, and what was in force for the whole desk.

What was in force before an event is what the event says it was before; before the first of them,
and where there is none, it is what is in force now.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from policy.mode import ModeSetting
from policy.report.in_force import Since
from policy.roster import Roster, TimeOff
from policy.rulebook import Rulebook, rulebook_from_json
from policy.team_file import MemberEntry
from store.events import events_matching
from store.settings import mode_of, settings_of
from store.team import all_time_off, entries_of, roster_with, time_off_of
from store.views import Event, EventFilter

Facts = Mapping[str, Any] | None


def events_since(connection: Connection, start: datetime) -> list[Event]:
    """Return all events from ``start`` (UTC) on, in the order in which they were written."""
    return list(events_matching(connection, EventFilter(start=start), None))


def taken_back(events: Sequence[Event]) -> frozenset[int]:
    """Return the ids of the events that count for nothing: undone, or undoing.

    What was done again after it was undone counts.
    """
    undone: set[int] = set()
    counts_not: set[int] = set()
    for event in reversed(events):
        if event.action is not None and event.action in undone:
            counts_not.add(event.id)
        elif event.undoes is not None:
            undone.add(event.undoes)
            counts_not.add(event.id)
    return frozenset(counts_not)


def rulebooks_of(
    connection: Connection, events: Iterable[Event], start: datetime
) -> list[Since[Rulebook]]:
    """Return the policies in force from ``start`` on."""
    adopted = [event for event in events if _says(event, "calendar", "intake")]
    first = adopted[0].before if adopted else None
    oldest = settings_of(connection).rulebook if first is None else _rulebook(first)
    later = [Since(each.at, _rulebook(each.after)) for each in adopted if each.after is not None]
    return [Since(start, oldest), *later]


def settings_since(
    connection: Connection, events: Iterable[Event], start: datetime
) -> list[Since[ModeSetting | None]]:
    """Return the modes set by hand from ``start`` on, None while it was automatic."""
    chosen = [event for event in events if _says(event, "mode", "by")]
    oldest = _setting(chosen[0].before, start) if chosen else settings_of(connection).mode
    return [
        Since(start, oldest),
        *(Since(each.at, _setting(each.after, each.at)) for each in chosen),
    ]


def rosters_of(
    connection: Connection, events: Sequence[Event], start: datetime
) -> list[Since[Roster]]:
    """Return the teams from ``start`` on, each with the time off that was written down then."""
    entries, time_off = entries_of(connection), list(all_time_off(connection))
    found: list[Since[Roster]] = []
    for event in reversed(events):
        if _says(event, "members") or _says(event, "time_off"):
            found.append(Since(event.at, roster_with(entries, time_off, start)))
            entries = _entries_before(event, entries)
            time_off = _time_off_before(event, time_off)
    return [Since(start, roster_with(entries, time_off, start)), *found[::-1]]


def _says(event: Event, *names: str) -> bool:
    """Return whether an event about the whole desk is about what has these names."""
    told = event.after or event.before or {}
    return event.ticket is None and all(name in told for name in names)


def _rulebook(facts: Facts) -> Rulebook:
    return rulebook_from_json(json.dumps(facts))


def _setting(facts: Facts, since: datetime) -> ModeSetting | None:
    """Return a mode set by hand; what an older program wrote does not say since when."""
    return None if facts is None else mode_of({"since": since.isoformat(), **facts})


def _entries_before(event: Event, after: tuple[MemberEntry, ...]) -> tuple[MemberEntry, ...]:
    facts: Facts = event.before
    if facts is None or "members" not in facts:
        return after
    return tuple(MemberEntry.model_validate(entry) for entry in facts["members"])


def _time_off_before(event: Event, after: list[TimeOff]) -> list[TimeOff]:
    """Return the time off that was written down before an event; an id says nothing here."""
    came, went = _time_off(event.after), _time_off(event.before)
    kept = [off for off in after if replace(off, id=0) not in came]
    return [*kept, *went]


def _time_off(facts: Facts) -> list[TimeOff]:
    return [time_off_of(each) for each in (facts or {}).get("time_off", ())]
