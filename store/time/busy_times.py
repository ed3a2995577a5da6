"""When internal work was paused, and who was in the team, over some time that ends now.

Remembered from one asking to the next, as the past stays: "today's team is never used for
yesterday".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from policy.clocks.calendar import Interval
from policy.clocks.intervals import common, joined
from policy.report.levels_held import pauses
from policy.report.ticket_changes import Since, values_between
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from store.desk_reader import DeskReader
from store.history.as_of import rosters_of, rulebooks_of
from store.history.event_reading import latest_id
from store.history.events import events_of_the_desk
from store.queue.counted import counts_between
from store.read_models import Event

_LOOKED_AT_AGAIN = timedelta(minutes=5)
"""How far back others may still write, whose clocks are behind ours."""


class BusyPast(NamedTuple):
    """When internal work was paused, in order, and the teams of that time, the latest last."""

    spans: list[Interval]
    rosters: list[Roster]


@dataclass(frozen=True, slots=True)
class _Known:
    latest: int
    rosters: Sequence[Since[Roster]]
    rulebooks: Sequence[Since[Rulebook]]
    window: Interval
    spans: list[Interval]


class BusyTimes:
    """Reckons the spans in which a level held that pauses internal work.

    By team and policy as they were then, and only what is new since the last time: a week of a
    busy desk has many thousand moments at which its level could have changed.
    """

    def __init__(self) -> None:
        self._known: _Known | None = None

    def until_now(self, reader: DeskReader, window: Interval) -> BusyPast:
        """Return what was within a time that ends now (UTC)."""
        known = self._known if self._is_of_use(reader, window) else None
        begin, spans = window.start, list[Interval]()
        rosters, rulebooks = _in_force(reader, window.start, known)
        if known is not None:
            begin = max(begin, known.window.end - _LOOKED_AT_AGAIN)
            spans = list(common(known.spans, [Interval(window.start, begin)]))
        counts = counts_between(reader.connection, begin, window.end)
        since = pauses(rulebooks, rosters, counts, Interval(begin, window.end))
        latest, spans = latest_id(reader.connection), joined([*spans, *since])
        self._known = _Known(latest, rosters, rulebooks, window, spans)
        return BusyPast(spans, _teams(rosters, window))

    def _is_of_use(self, reader: DeskReader, window: Interval) -> bool:
        known = self._known
        return (
            known is not None
            and known.latest <= latest_id(reader.connection)
            and known.window.start <= window.start <= known.window.end <= window.end
        )


def _teams(rosters: Sequence[Since[Roster]], window: Interval) -> list[Roster]:
    """Return the teams of a time; where there was none yet, the one that came first."""
    held = values_between(rosters, *window)
    if any(roster.members for roster in held):
        return held
    return [each.value for each in rosters if each.value.members][:1]


def _in_force(
    reader: DeskReader, start: datetime, known: _Known | None
) -> tuple[Sequence[Since[Roster]], Sequence[Since[Rulebook]]]:
    """Return the teams and policies from ``start`` on; what is ``known`` of them goes on."""
    after = 0 if known is None else known.latest
    events = events_of_the_desk(reader.connection, start, after)
    rosters, rulebooks = [Since(start, reader.roster)], [Since(start, reader.rulebook)]
    if _says(events, "members", "time_off"):
        rosters = rosters_of(reader.connection, events, start)
    if _says(events, "calendar"):
        rulebooks = rulebooks_of(reader.connection, events, start)
    if known is None:
        return rosters, rulebooks
    return [*known.rosters, *rosters[1:]], [*known.rulebooks, *rulebooks[1:]]


def _says(events: Iterable[Event], *names: str) -> bool:
    told = ({**(each.before or {}), **(each.after or {})} for each in events)
    return any(name in said for said in told for name in names)
