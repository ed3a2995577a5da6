"""How long it takes to answer and to deal with a ticket, as the desk's own history has it.

"How long it takes from picking up to a first answer, and how long a ticket keeps somebody busy,
comes from the desk's own last 90 days by priority, below 30 samples from ``[answering]`` and
``[handling]``."
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean
from typing import NamedTuple

from policy.rulebook.rulebook import Rulebook
from policy.waits.staffed_work import MINUTE
from policy.words import Priority

REMEMBERED = timedelta(days=90)
"""How far back the desk's history counts."""

ENOUGH_SAMPLES = 30
"""With fewer, the policy's time stands for the desk's own."""


class DurationSample(NamedTuple):
    """How long one ticket took, in minutes during which whoever had it was in.

    ``answer`` is from picking it up to its first answer, ``busy`` how long it kept them busy; None
    where that is not known.
    """

    priority: Priority
    answer: float | None
    busy: float | None


@dataclass(frozen=True)
class Duration:
    """How long tickets of one priority take, in minutes of the time that somebody is in.

    ``answer`` and ``busy`` are means; of how many samples they are stands beside them, even where
    these are too few and the policy's time is used. ``answers`` and ``lasts`` are the samples
    themselves, sorted; empty where the policy's time is used.
    """

    answer: float
    busy: float
    answer_samples: int = 0
    busy_samples: int = 0
    answers: tuple[float, ...] = ()
    lasts: tuple[float, ...] = ()

    def answer_after(self, minutes: float) -> float:
        """Return how much longer an answer takes that has been worked on for some minutes."""
        return _rest(self.answers, self.answer, minutes)

    def busy_after(self, minutes: float) -> float:
        """Return how much longer a ticket keeps somebody busy who has been at it so long."""
        return _rest(self.lasts, self.busy, minutes)


def durations_of(
    rulebook: Rulebook, samples: Iterable[DurationSample]
) -> Mapping[Priority, Duration]:
    """Return how long tickets of each priority of the policy take, the highest first.

    ``samples`` are the last 90 days'; those of a priority that the policy does not have are left
    out. Fewer than 30 of one kind, and the policy's ``[answering]`` or ``[handling]`` is used.
    """
    answers: dict[Priority, list[float]] = {each: [] for each in rulebook.vocabulary.priorities}
    lasts: dict[Priority, list[float]] = {each: [] for each in rulebook.vocabulary.priorities}
    for priority, answer, busy in samples:
        if answer is not None and priority in answers:
            answers[priority].append(answer)
        if busy is not None and priority in lasts:
            lasts[priority].append(busy)
    answering, handling = rulebook.answering_time, rulebook.handling_time
    return {
        priority: _duration(
            answers[priority], answering[priority], lasts[priority], handling[priority]
        )
        for priority in rulebook.vocabulary.priorities
    }


def _duration(
    answers: list[float], answering: timedelta, lasts: list[float], handling: timedelta
) -> Duration:
    knows_answers, knows_lasts = len(answers) >= ENOUGH_SAMPLES, len(lasts) >= ENOUGH_SAMPLES
    return Duration(
        answer=fmean(answers) if knows_answers else answering / MINUTE,
        busy=fmean(lasts) if knows_lasts else handling / MINUTE,
        answer_samples=len(answers),
        busy_samples=len(lasts),
        answers=tuple(sorted(answers)) if knows_answers else (),
        lasts=tuple(sorted(lasts)) if knows_lasts else (),
    )


def _rest(samples: Sequence[float], mean: float, minutes: float) -> float:
    """Return "of those at work: the mean of what lasts longer", less what has passed of it.

    Where nothing is known to have lasted longer, half of a usual time is still to come.
    """
    longer = samples[bisect_right(samples, minutes) :]
    if longer:
        return fmean(longer) - minutes
    return max(mean - minutes, mean / 2)
