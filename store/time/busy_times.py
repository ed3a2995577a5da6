"""When internal work was paused, remembered from one asking to the next, as the past stays."""

from dataclasses import dataclass
from datetime import timedelta

from policy.capacity.level_history import busy_spans
from policy.clocks.calendar import Interval
from policy.clocks.intervals import common, joined
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from store.desk_reader import DeskReader
from store.queue.counters import counts_between

_LOOKED_AT_AGAIN = timedelta(minutes=5)
"""How far back others may still write, whose clocks are behind ours."""


@dataclass(frozen=True, slots=True)
class _Known:
    roster: Roster
    rulebook: Rulebook
    window: Interval
    spans: list[Interval]


class BusyTimes:
    """Reckons the spans in which a level held that pauses internal work.

    Only what is new since the last time, unless the team or the policy is another one: a week of a
    busy desk has many thousand moments at which its level could have changed.
    """

    def __init__(self) -> None:
        self._known: _Known | None = None

    def spans(self, reader: DeskReader, window: Interval) -> list[Interval]:
        """Return the spans within a time that ends now (UTC), in order."""
        known = self._known if self._is_of_use(reader, window) else None
        begin, before = window.start, list[Interval]()
        if known is not None:
            begin = max(begin, known.window.end - _LOOKED_AT_AGAIN)
            before = list(common(known.spans, [Interval(window.start, begin)]))
        counts = counts_between(reader.connection, begin, window.end)
        since = busy_spans(reader.rulebook, reader.roster, counts, begin, window.end)
        spans = joined([*before, *since])
        self._known = _Known(reader.roster, reader.rulebook, window, spans)
        return spans

    def _is_of_use(self, reader: DeskReader, window: Interval) -> bool:
        known = self._known
        return (
            known is not None
            and known.roster is reader.roster
            and known.rulebook is reader.rulebook
            and known.window.start <= window.start <= known.window.end <= window.end
        )
