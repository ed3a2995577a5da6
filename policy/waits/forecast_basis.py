"""What a forecast rests on, for whoever asks why: how long work takes, what arrives, the margins.

"Both learnt from the desk's own 90 days by priority, and shown … with how many samples."
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp
from typing import NamedTuple

from policy.phrases import span
from policy.waits.durations import ENOUGH_SAMPLES, Duration
from policy.waits.learning import DuePromise, Learnt
from policy.waits.margins import ENOUGH_SCORES, REMEMBERED, Margin
from policy.waits.staffed_work import MINUTE
from policy.waits.usual_arrivals import UsualArrivals
from policy.words import Priority


class LearntMargin(NamedTuple):
    """The margin of one priority, and the promises of the last 60 days behind it.

    ``due`` of its tickets were promised an answer by a time that has come, ``kept`` of them had it.
    """

    margin: Margin
    due: int
    kept: int

    @property
    def stretch(self) -> float:
        """How many times the expected staffed work is reckoned with to be safe."""
        return exp(self.margin.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastBasis:
    """What the desk knows of itself: by priority, the highest first; ``sure`` is what is meant."""

    durations: Mapping[Priority, Duration]
    arrivals: UsualArrivals
    margins: Mapping[Priority, LearntMargin]
    sure: float


def learnt_margins(
    learnt: Learnt,
    promises: Sequence[DuePromise],
    priorities: Sequence[Priority],
    sure: float,
    now: datetime,
) -> Mapping[Priority, LearntMargin]:
    """Return the margins at ``now`` (UTC), with how many promises there were and were kept."""
    found = {}
    for priority in priorities:
        lately = [
            each
            for each in promises
            if each.priority == priority and now - REMEMBERED < each.due <= now
        ]
        found[priority] = LearntMargin(
            learnt.margin(priority, promises, sure, now),
            len(lately),
            sum(each.is_kept for each in lately),
        )
    return found


def duration_sentence(duration: Duration) -> str:
    """Return how long a ticket takes: ``an answer takes 15 m, a ticket 2 h`` and by what."""
    answer = _measured(duration.answer, duration.answer_samples)
    busy = _measured(duration.busy, duration.busy_samples)
    return f"an answer takes {answer}, a ticket {busy}"


def margin_sentence(learnt: LearntMargin) -> str:
    """Return how much is added to be safe, what it was learnt from, and how promises were kept."""
    margin = learnt.margin
    percent = round(100 * (learnt.stretch - 1))
    added = f"{abs(percent)} % {'more' if percent >= 0 else 'less'} staffed work"
    by = f"{margin.scores} answers"
    if margin.scores < ENOUGH_SCORES:
        by = f"not learnt, {margin.scores} of {ENOUGH_SCORES} answers"
    step = f", corrected by {margin.correction:+.2f}" if margin.correction else ""
    kept = f"; {learnt.kept} of {learnt.due} answers promised in 60 days came in time"
    return f"safe with {added} ({by}{step}){kept if learnt.due else ''}"


def basis_sentences(basis: ForecastBasis) -> Iterator[tuple[Priority, str]]:
    """Yield for each priority what its forecasts rest on."""
    for priority, duration in basis.durations.items():
        yield priority, f"{duration_sentence(duration)}; {margin_sentence(basis.margins[priority])}"


def rush_sentence(arrivals: UsualArrivals) -> str:
    """Return that more arrives than usual, nothing where it does not."""
    if arrivals.rush <= 1:
        return ""
    return f"{arrivals.rush:.1f} times the usual arrived in 48 hours: reckoned with for 48 more"


def _measured(minutes: float, samples: int) -> str:
    said = span(minutes * MINUTE)
    if samples < ENOUGH_SAMPLES:
        return f"{said} (the policy's, {samples} of {ENOUGH_SAMPLES} samples)"
    return f"{said} ({samples} samples)"
