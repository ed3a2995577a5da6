"""When choices are hard in a rehearsal: the automatic mode, from instant to instant."""

from datetime import datetime

from policy.capacity.level_history import level_spans
from policy.capacity.levels import Moment, level_of
from policy.clocks.business_time import is_open
from policy.clocks.calendar import Interval
from policy.clocks.intervals import common, joined
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.words import Mode

_Alike = tuple[int, int, int, bool]


class PlayedMode:
    """The mode as the levels make it, and when choices were hard.

    "``hard_choices`` from level 3 up, left again only when the level has been lower for 15
    minutes". Modes set by hand are not played: they were about days that went as they went.
    """

    def __init__(self, rulebook: Rulebook, roster: Roster, start: datetime) -> None:
        self._rulebook = rulebook
        self._has_team = bool(roster.support)
        self._start = start
        self._hard_since: datetime | None = None
        self._hard_until = start
        self._hard: list[Interval] = []
        self._levels: dict[_Alike, int] = {}
        self._look_back(rulebook, roster)

    def at(self, now: datetime, *, scheduled: int, available: int, cases: int) -> Mode:
        """Return the mode at ``now``, each instant not before the last one that was asked about.

        ``cases`` are those that ``[capacity] count`` counts.
        """
        if not self._has_team:
            return Mode.NORMAL
        moment = Moment(at=now, scheduled=scheduled, available=available, cases=cases)
        if self._level(moment) >= self._rulebook.capacity.hard_choices_from:
            if self._hard_since is None:
                self._hard_since = now
            return Mode.HARD_CHOICES
        self._is_lower(now)
        return Mode.HARD_CHOICES if now < self._hard_until else Mode.NORMAL

    def hard_until(self, end: datetime) -> list[Interval]:
        """Return when choices were hard until before ``end``, in order and apart."""
        self._is_lower(end)
        return list(common(joined(self._hard), [Interval(self._start, end)]))

    def _look_back(self, rulebook: Rulebook, roster: Roster) -> None:
        """Know how it was just before the start, with an empty queue, when the calm may begin."""
        capacity = rulebook.capacity
        for span in level_spans(rulebook, roster, (), self._start - capacity.calm_for, self._start):
            if span.level >= capacity.hard_choices_from:
                self._hard_until = span.end + capacity.calm_for
                self._hard.append(Interval(span.start, self._hard_until))

    def _is_lower(self, now: datetime) -> None:
        if self._hard_since is not None:
            self._hard_until = now + self._rulebook.capacity.calm_for
            self._hard.append(Interval(self._hard_since, self._hard_until))
            self._hard_since = None

    def _level(self, moment: Moment) -> int:
        """Return the level at a moment, reckoned once for all that are alike."""
        opened = moment.scheduled == 0 and is_open(self._rulebook.contract_calendar, moment.at)
        alike = (moment.scheduled, moment.available, moment.cases, opened)
        if alike not in self._levels:
            self._levels[alike] = level_of(self._rulebook, moment).level
        return self._levels[alike]
