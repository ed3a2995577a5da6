"""What the desk learns from its promises: once each, when it is due, and never earlier.

"Kept promises are known early and broken ones only when due: learn both when the promise is due",
or the margin sinks.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from typing import NamedTuple

from policy.waits.margins import QUARTER, REMEMBERED, Margin, corrected, margin_of, up_to_a_quarter
from policy.words import Priority


class DuePromise(NamedTuple):
    """What one ticket was promised: when, for when, and what became of it (UTC).

    ``answered_at`` is None while no answer has come. ``score`` is how far the answer was from what
    had been expected, by the roster as known at the promise; None without an answer or where
    nothing had been expected.
    """

    priority: Priority
    made_at: datetime
    due: datetime
    answered_at: datetime | None
    score: float | None

    @property
    def is_kept(self) -> bool:
        """Whether the answer came by the time named."""
        return self.answered_at is not None and self.answered_at <= self.due


@dataclass(frozen=True)
class Learnt:
    """What has been learnt from all promises due until a time: the corrections by priority.

    ``until`` is None while nothing has been.
    """

    until: datetime | None = None
    corrections: Mapping[Priority, float] = field(default_factory=dict)

    def is_news(self, due: datetime, until: datetime) -> bool:
        """Return whether what is due then has not been learnt from, and has come due by ``until``.

        It has when its quarter of an hour is over.
        """
        if due > until or (self.until is not None and due <= self.until - QUARTER):
            return False  # far more often than not, and cheaper than to look at quarters
        quarter = up_to_a_quarter(due)
        return quarter <= until and (self.until is None or quarter > self.until)

    def margin(
        self, priority: Priority, promises: Iterable[DuePromise], sure: float, now: datetime
    ) -> Margin:
        """Return the margin of a priority at ``now``, from promises of the last 60 days."""
        scores = scores_at(promises, priority, now)
        return margin_of(scores, self.corrections.get(priority, 0.0), sure)


def scores_at(promises: Iterable[DuePromise], priority: Priority, now: datetime) -> list[float]:
    """Return the scores of one priority of the last 60 days, of what has been answered and is due.

    An answer in time waits for its promise to come due as well, so that early and late ones of the
    same promises come in together.
    """
    since = now - REMEMBERED
    return [
        how_far
        for whose, _, due, answered, how_far in promises
        if how_far is not None
        and whose == priority
        and answered is not None
        and since < answered <= now
        and due <= now
    ]


def learn(learnt: Learnt, promises: Sequence[DuePromise], sure: float, until: datetime) -> Learnt:
    """Return what is learnt from the promises that have come due since, up to ``until``.

    Those due in one quarter of an hour count together, at its end, by priority. ``promises`` are at
    least all that were due since ``learnt.until``, and all that were answered within 60 days
    before each of these; earlier ones give their scores only. It makes no difference whether this
    is asked at every quarter or once for many of them: each is learnt from as things stood then.
    """
    settled: defaultdict[datetime, defaultdict[Priority, list[bool]]]
    settled = defaultdict(lambda: defaultdict(list))
    for each in promises:
        if learnt.is_news(each.due, until):
            settled[up_to_a_quarter(each.due)][each.priority].append(each.is_kept)
    corrections = dict(learnt.corrections)
    moved = {priority for of_one in settled.values() for priority in of_one}
    scores = {priority: _Scores(promises, priority) for priority in moved}
    for quarter in sorted(settled):
        for priority, kept in settled[quarter].items():
            correction = corrections.get(priority, 0.0)
            spread = margin_of(scores[priority].at(quarter), correction, sure).spread
            broken = len(kept) - sum(kept)
            corrections[priority] = corrected(correction, spread, sum(kept), broken, sure)
    return Learnt(until, corrections)


class _Scores:
    """The scores of one priority as time goes on: the same as ``scores_at``, asked for in order.

    What comes due in months of promises is learnt at once where nobody looked meanwhile.
    """

    def __init__(self, promises: Iterable[DuePromise], priority: Priority) -> None:
        self._coming = sorted(
            (max(answered, due), answered, how_far)
            for whose, _, due, answered, how_far in promises
            if whose == priority and answered is not None and how_far is not None
        )
        self._known: list[tuple[datetime, float]] = []
        self._come = 0

    def at(self, now: datetime) -> list[float]:
        """Return the scores that count at ``now``, which is no earlier than the last one asked."""
        while self._come < len(self._coming) and self._coming[self._come][0] <= now:
            insort(self._known, self._coming[self._come][1:])
            self._come += 1
        del self._known[: bisect_right(self._known, (now - REMEMBERED, inf))]
        return [how_far for _, how_far in self._known]
