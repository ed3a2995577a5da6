"""How many new tickets are usual at each hour of the week, and whether there is a rush now.

"New tickets of higher priority come as often as they did at this hour of the week."
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from policy.words import Priority

REMEMBERED_WEEKS = 13
"""How many weeks of arrivals count."""

HOURS_OF_WEEK = 7 * 24
RUSH_WINDOW = timedelta(hours=48)
"""What came in this time tells a rush, which then is thought to go on for as long."""

_RUSH_HOURS = RUSH_WINDOW // timedelta(hours=1)
_SMALL_NUMBERS = 20
"""So many more on both sides, so that a few tickets at a quiet desk are no rush."""

_RUSH_FROM, _RUSH_MOST = 1.5, 4.0


@dataclass(frozen=True)
class UsualArrivals:
    """How many tickets of each priority come in each hour of the week, and the rush of now.

    Hour 0 is Monday 00:00 to 01:00 UTC. ``rush`` is how many times the usual come in the next 48
    hours: 1 without a rush, at most 4.
    """

    per_hour: Mapping[Priority, tuple[float, ...]] = field(default_factory=dict)
    rush: float = 1.0


NO_ARRIVALS = UsualArrivals()
"""Nothing is known of what comes, so that nothing is thought to come."""


def going_ahead(arrivals: UsualArrivals, order: Sequence[str]) -> UsualArrivals:
    """Return the arrivals that go ahead of those who wait, by what an order looks at.

    "New tickets of higher priority" do where the order looks at the priority first, or right after
    a person's deviation. Where it looks at anything else before, such as the time they came, it
    cannot be told whom a new one goes ahead of, and nothing is thought to come.
    """
    first = next((each for each in order if each != "deviation"), None)
    return arrivals if first == "priority" else NO_ARRIVALS


def hour_of_week(instant: datetime) -> int:
    """Return the hour of the week in which an instant (UTC) lies, Monday 00:00 being 0."""
    return instant.weekday() * 24 + instant.hour


def usual_arrivals(
    counts: Mapping[Priority, Sequence[int]], weeks: float, last_48h: int, now: datetime
) -> UsualArrivals:
    """Return what usually arrives, from how many came in each hour of the week.

    ``counts`` are of the last ``weeks`` weeks, at most 13; less than one week is reckoned as one,
    as each hour of it has come once at most. ``last_48h`` is how many came in the 48 hours before
    ``now``, of any priority: "f = (n48 + 20) / (usual48 + 20), at most 4; below 1.5: 1".
    """
    each_week = max(1.0, weeks)
    per_hour = {
        priority: tuple(count / each_week for count in hours) for priority, hours in counts.items()
    }
    usual = _usual_before(per_hour, now)
    rush = min(_RUSH_MOST, (last_48h + _SMALL_NUMBERS) / (usual + _SMALL_NUMBERS))
    return UsualArrivals(per_hour, rush if rush >= _RUSH_FROM else 1.0)


def _usual_before(per_hour: Mapping[Priority, Sequence[float]], now: datetime) -> float:
    """Return how many usually come in the 48 hours before ``now``, the first and last in part."""
    share = (now.minute + now.second / 60) / 60
    last = hour_of_week(now)
    return sum(
        sum(hours[(last - back) % HOURS_OF_WEEK] for back in range(1, _RUSH_HOURS))
        + share * hours[last]
        + (1 - share) * hours[(last - _RUSH_HOURS) % HOURS_OF_WEEK]
        for hours in per_hour.values()
    )
