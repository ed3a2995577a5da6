"""How much work the roster staffs between now and then, and when so much of it has been staffed.

"The margin between the two is learnt ... measured in staffed work (person-minutes of the roster)":
nights and weekends then stand still by themselves.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Self

from policy.roster.coverage import available_hours
from policy.roster.members import Roster

HORIZON = timedelta(days=30)
"""How far ahead the roster is looked at; what lies beyond has no time."""

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class StaffedWork:
    """How many people take new tickets from ``now`` on (UTC), step by step, up to the horizon.

    ``steps`` are minutes since ``now`` and how many people there are from then on; the first is at
    0 minutes, and the last one is the end of what is known, with nobody. They are plain numbers,
    so that they can be kept as JSON beside a promise: "W as known at the promise".
    """

    now: datetime
    steps: tuple[tuple[float, int], ...]

    @classmethod
    def of(cls, roster: Roster, now: datetime) -> Self:
        """Return what the roster, as known at ``now``, staffs within the horizon.

        Whoever is at capacity "takes no new tickets", and is not counted.
        """
        changes: defaultdict[datetime, int] = defaultdict(int)
        end = now + HORIZON
        team = roster.taking_new
        for member in team.support:
            for hours in available_hours(team, member, now, end):
                changes[hours.start] += 1
                changes[hours.end] -= 1
        changes[now] += 0
        changes[end] += 0
        instants = [each for each in sorted(changes) if changes[each] or each in (now, end)]
        people = accumulate(changes[instant] for instant in instants)
        return cls(
            now,
            tuple(
                ((instant - now) / MINUTE, number)
                for instant, number in zip(instants, people, strict=True)
            ),
        )

    def later(self, now: datetime) -> "StaffedWork":
        """Return the same as seen at a later time, which sees no further than before."""
        gone = (now - self.now) / MINUTE
        first = max(0, bisect_right(self._starts, gone) - 1)
        people = self.steps[first][1]
        rest = ((start - gone, number) for start, number in self.steps[first + 1 :])
        return StaffedWork(now, ((0.0, people), *rest))

    def until(self, instant: datetime) -> float:
        """Return how many person-minutes there are from now until ``instant``, at least 0."""
        minutes = (instant - self.now) / MINUTE
        if minutes <= 0:
            return 0.0
        at = bisect_right(self._starts, minutes) - 1
        start, people = self.steps[at]
        return self._staffed[at] + (minutes - start) * people

    def reached(self, work: float) -> datetime | None:
        """Return the first instant at which so many person-minutes have been staffed.

        None where the roster does not reach that far; now for no work at all.
        """
        if work <= 0:
            return self.now
        at = bisect_left(self._staffed, work)
        if at == len(self._staffed):
            return None
        start, people = self.steps[at - 1]
        return self.now + (start + (work - self._staffed[at - 1]) / people) * MINUTE

    @cached_property
    def _starts(self) -> list[float]:
        return [start for start, _ in self.steps]

    @cached_property
    def _staffed(self) -> list[float]:
        """How many person-minutes there have been when each step begins."""
        spans = pairwise(self.steps)
        return [0.0, *accumulate(people * (end - start) for (start, people), (end, _) in spans)]
