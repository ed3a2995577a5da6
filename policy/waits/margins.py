"""How much later than expected an answer may come and be called safe: the margin, and its learning.

"The margin between the two is learnt by priority from how the last 60 days turned out, measured in
staffed work (person-minutes of the roster) and corrected whenever a promise comes due, so that the
share kept stays near ``sure`` though the model is wrong."
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, exp, log

from policy.waits.staffed_work import StaffedWork

REMEMBERED = timedelta(days=60)
"""How far back scores count."""

ENOUGH_SCORES = 30
QUARTER = timedelta(minutes=15)
"""Safe times are told in quarters of an hour, and none is nearer than one."""

_UNLEARNT_BASE, _UNLEARNT_SPREAD = 0.5, 0.6
_LEAST_SPREAD = 0.2
_MEDIAN = 0.5
_LEAST, _MOST = -1.0, 1.5
_STEP = 0.02
_FURTHEST = 0.5
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AN_HOUR = 60.0
"""Person-minutes that are added on both sides of a ratio, so that small ones say little."""


@dataclass(frozen=True)
class Margin:
    """By how much staffed work is stretched between the expected and the safe time, as a logarithm.

    ``base`` is from ``scores`` many scores of the last 60 days, ``spread`` how far these lie apart,
    ``correction`` what promises that came due have added.
    """

    base: float
    spread: float
    correction: float
    scores: int

    @property
    def value(self) -> float:
        """The margin itself: base and correction within -1 to 1.5."""
        return min(_MOST, max(_LEAST, self.base + self.correction))


def margin_of(scores: Sequence[float], correction: float, sure: float) -> Margin:
    """Return the margin of one priority from its scores of the last 60 days, in any order.

    With fewer than 30 it is 0.5 with a spread of 0.6; else the scores' quantile at ``sure``, and
    how far that is from their median, at least 0.2. The correction stays within half the spread.
    """
    if len(scores) < ENOUGH_SCORES:
        base, spread = _UNLEARNT_BASE, _UNLEARNT_SPREAD
    else:
        ordered = sorted(scores)
        base = _quantile(ordered, sure)
        spread = max(_LEAST_SPREAD, base - _quantile(ordered, _MEDIAN))
    return Margin(base, spread, _within(correction, spread), len(scores))


def corrected(correction: float, spread: float, kept: int, broken: int, sure: float) -> float:
    """Return the correction after some promises came due together: a step toward ``sure``.

    Up where more than ``1 - sure`` of them were broken, down where fewer were; within half the
    spread. Without any promise it stays.
    """
    if not kept + broken:
        return correction
    share_broken = broken / (kept + broken)
    return _within(correction + _STEP * spread * (share_broken - (1 - sure)), spread)


def score(work: StaffedWork, expected: datetime, answered: datetime) -> float:
    """Return how far an answer was from what was expected, as a logarithm: above 0 is later.

    ``work`` is the roster as it was known at the promise.
    """
    return log((work.until(answered) + _AN_HOUR) / (work.until(expected) + _AN_HOUR))


def safe_by(work: StaffedWork, expected: datetime, margin: Margin) -> datetime | None:
    """Return by when an answer comes that is expected at a time, with this margin (UTC).

    Up to the next quarter of an hour, never before the expected time's own, and at least 15
    minutes ahead. None where the roster does not reach that far.
    """
    return SafeTimes(work, margin).safe_by(expected)


class SafeTimes:
    """Says by when answers come, with one margin and one roster; for thousands of them."""

    def __init__(self, work: StaffedWork, margin: Margin) -> None:
        self._work = work
        self._stretch = exp(margin.value)
        self._soonest = work.now + QUARTER

    def safe_by(self, expected: datetime) -> datetime | None:
        """Return what the function ``safe_by`` does."""
        work = self._work
        reached = work.reached((work.until(expected) + _AN_HOUR) * self._stretch - _AN_HOUR)
        if reached is None:
            return None
        return up_to_a_quarter(max(reached, expected, self._soonest))


def up_to_a_quarter(instant: datetime) -> datetime:
    """Return the first quarter of an hour (UTC) that is not before an instant."""
    return _EPOCH + ceil((instant - _EPOCH) / QUARTER) * QUARTER


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest of the values that at least a share of them does not exceed."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def _within(correction: float, spread: float) -> float:
    furthest = _FURTHEST * spread
    return min(furthest, max(-furthest, correction))
