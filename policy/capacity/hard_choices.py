"""When choices get hard, and when they are no longer: the mode that nobody has set by hand.

"When we have an unusually large amount of work or more folks are out than normal, it is fine if
customers (including pre-sales) have to wait."
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.capacity.levels import Moment, level_of
from policy.capacity.mode import NORMAL, ModeInForce
from policy.clocks.calendar import open_intervals
from policy.phrases import span
from policy.roster.coverage import INSTANT, coverage
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.words import CountedCases, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCount:
    """How many tickets stood in the queue from a time (UTC) on, and how many of them were owed.

    ``owed`` is None where that was not written down, as by an older version.
    """

    at: datetime
    tickets: int
    owed: int | None = None

    def cases(self, counted: CountedCases) -> int:
        """Return "what the cases per available member count"; all where nobody knows better."""
        if counted is CountedCases.OWED and self.owed is not None:
            return self.owed
        return self.tickets


def hard_choices_now(
    rulebook: Rulebook, roster: Roster, counts: Sequence[QueueCount], now: datetime
) -> bool:
    """Return whether choices are hard at ``now``, when nobody has set the mode by hand."""
    return automatic_mode(rulebook, roster, counts, now).mode is Mode.HARD_CHOICES


def automatic_mode(
    rulebook: Rulebook, roster: Roster, counts: Sequence[QueueCount], now: datetime
) -> ModeInForce:
    """Return the mode at ``now`` when nobody has set it by hand, and why.

    "hard_choices from level 3 up, left again only when the level has been lower for 15 minutes":
    that is, while it was so high at any time of the last 15 minutes. So the answer needs no memory
    but how many tickets stood in the queue when: ``counts``, oldest first, from the last one
    before those minutes on; before the first of them the queue was empty. ``until`` is when
    choices are no longer hard if the level stays as low as it is by now.
    """
    if not roster.support:
        return NORMAL
    since = now - rulebook.capacity.calm_for
    moments = list(moments_between(rulebook, roster, counts, since, now + INSTANT))
    levels = [level_of(rulebook, moment).level for moment in moments]
    busy = rulebook.capacity.hard_choices_from
    hard = [place for place, level in enumerate(levels) if level >= busy]
    if not hard:
        return NORMAL
    if levels[-1] >= busy:
        return ModeInForce(
            mode=Mode.HARD_CHOICES, why=f"Level {levels[-1]}, and choices are hard from {busy} up."
        )
    return _calming(rulebook, levels[-1], moments[hard[-1] + 1].at, now)


def _calming(rulebook: Rulebook, level: int, calm_since: datetime, now: datetime) -> ModeInForce:
    calm_for = rulebook.capacity.calm_for
    return ModeInForce(
        mode=Mode.HARD_CHOICES,
        why=(
            f"Level {level} by now, and below {rulebook.capacity.hard_choices_from} for"
            f" {span(now - calm_since)}; choices stay hard until that has lasted {span(calm_for)}."
        ),
        until=calm_since + calm_for,
        calm_since=calm_since,
    )


def moments_between(
    rulebook: Rulebook,
    roster: Roster,
    counts: Sequence[QueueCount],
    start: datetime,
    end: datetime,
) -> Iterator[Moment]:
    """Yield every moment from ``start`` to before ``end`` at which the level can change.

    The first is ``start`` itself: what ended there has been over for all of the time. ``counts``
    come oldest first; before the first of them the queue was empty.
    """
    counts_by = rulebook.capacity.count
    covers = list(coverage(roster, start, end))
    opened = open_intervals(rulebook.contract_calendar, start, end)
    counted = [count.at for count in counts]
    began = [cover.start for cover in covers]
    turns = {*began, *counted, *(turn for interval in opened for turn in interval)}
    for instant in sorted(turn for turn in turns if start <= turn < end):
        cover = covers[bisect_right(began, instant) - 1]
        known = bisect_right(counted, instant)
        yield Moment(
            at=instant,
            scheduled=len(cover.scheduled),
            available=len(cover.available),
            cases=counts[known - 1].cases(counts_by) if known else 0,
        )
