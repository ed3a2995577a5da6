"""What customers were told, held against what happened: coverage and sharpness, by week."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median

from policy.words import Priority

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
ENOUGH_PROMISES, HELD = 30, 0.8


@dataclass(kw_only=True)
class Told:
    """What one customer was told at a time by each method, and when they were answered (UTC).

    None where a method named no time, which is no promise.
    """

    priority: Priority
    told_at: datetime
    expected: datetime | None
    ours: datetime | None
    naive: datetime | None
    first_version: datetime | None
    answered: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """How one method did; hours are of the wall clock."""

    promises: int
    kept: float
    rush_week: float | None
    flu_week: float | None
    calm_weeks: float
    weeks_held: float
    early_median: float
    early_most: float
    loss: float


def judged(
    told: Sequence[Told],
    said: Callable[[Told], datetime | None],
    week_of: Callable[[datetime], int],
    *,
    rush_week: int | None = None,
    flu_week: int | None = None,
) -> Judged:
    """Return how often what was ``said`` held, and how far it was from what happened."""
    early: dict[int, list[float]] = defaultdict(list)
    for each in told:
        promised = said(each)
        if promised is not None and each.answered is not None:
            early[week_of(each.told_at)].append((promised - each.answered) / HOUR)
    everything = sorted(hours for week in early.values() for hours in week)
    full = [hours for hours in early.values() if len(hours) >= ENOUGH_PROMISES]
    calm = (hours for week, hours in early.items() if week not in (rush_week, flu_week))
    return Judged(
        promises=len(everything),
        kept=_kept(everything),
        rush_week=None if rush_week is None else _kept(early[rush_week]),
        flu_week=None if flu_week is None else _kept(early[flu_week]),
        calm_weeks=_kept([each for hours in calm for each in hours]),
        weeks_held=fmean(_kept(hours) >= HELD for hours in full) if full else 0.0,
        early_median=median(everything),
        early_most=everything[int(0.9 * len(everything))],
        loss=fmean(loss(each) for each in everything),
    )


def loss(early: float) -> float:
    """Return "0.9 x hours late + 0.1 x hours early" of one promise."""
    return 0.1 * early if early >= 0 else -0.9 * early


def _kept(early: Iterable[float]) -> float:
    hours = list(early)
    return sum(each >= 0 for each in hours) / len(hours) if hours else 0.0
