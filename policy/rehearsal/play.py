"""The play: what becomes of the tickets of some days, from instant to instant.

Nothing is drawn at random: played twice, it comes out the same.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from policy.clocks.calendar import Interval, open_intervals
from policy.rehearsal.crew import Crew
from policy.rehearsal.days_lived import Arrangement, CameIn, DaysLived, as_it_came
from policy.rehearsal.foreseen import Foreseen, PlayedArrivals
from policy.rehearsal.played_mode import PlayedMode
from policy.rehearsal.played_promises import PlayedPromises
from policy.rehearsal.played_ticket import PlayedQueue, PlayedTicket, played
from policy.roster.members import FOREVER
from policy.ticket import Ticket
from policy.waits.durations import DurationSample, durations_of
from policy.waits.margins import QUARTER, up_to_a_quarter
from policy.waits.promises import Promise
from policy.words import CountedCases, Mode

_DAY = timedelta(days=1)

PlayStep = Callable[[float], None]
"""Told the share that is played, from 0 to 1; whoever no longer wants it raises out of it."""


class Outcome(NamedTuple):
    """A ticket and when its first answer came in the play (UTC), None where none came in time."""

    ticket: Ticket
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysPlayed:
    """What became of the days from ``start`` to before ``end`` (UTC).

    ``outcomes`` are of the tickets that came in those days and that intake took, in their order,
    and ``answers`` say when each had its answer, those from before the days too. ``declined``
    counts those of the days that intake declined, ``hard`` is when choices were hard, in order and
    apart; ``promises`` are all wait notices, some of which name no time.
    """

    start: datetime
    end: datetime
    outcomes: tuple[Outcome, ...]
    declined: int
    promises: tuple[Promise, ...]
    answers: Mapping[int, datetime]
    hard: tuple[Interval, ...]


def play(days: DaysLived, arrangement: Arrangement, step: PlayStep = lambda _: None) -> DaysPlayed:
    """Return what would have become of the days' tickets under an arrangement.

    Each goes through intake and waits in the order of the mode; people who are free pick up its
    first, and leave when their hours end; choices get hard by the level; and whoever waits longer
    than ``aim_by`` then is told by when an answer is safe, every quarter of an hour at which
    somebody is in to tell them.
    """
    return _Play(days, arrangement).run(step)


class _Play:
    def __init__(self, days: DaysLived, arrangement: Arrangement) -> None:
        rulebook, team = arrangement.rulebook, arrangement.team_played()
        self._days = days
        came = [each._replace(ticket=as_it_came(rulebook, each.ticket)) for each in days.came]
        taken = [each for each in came if each.ticket.declined is None]
        durations = durations_of(rulebook, filter(None, map(_sample, taken)))
        last = durations[rulebook.vocabulary.last_priority]
        self._tickets = [
            played(
                each.ticket, durations.get(each.ticket.priority or "", last), each.answer, each.busy
            )
            for each in taken
        ]
        self._declined = sum(
            each.ticket.received_at >= days.start and each.ticket.declined is not None
            for each in came
        )
        self._coming = iter(sorted(self._tickets, key=_came_at))
        self._next = next(self._coming, None)
        self._queue = PlayedQueue(rulebook)
        self._crew = Crew(team, days.start, days.end)
        self._mode = PlayedMode(rulebook, team, days.start)
        self._turns = _turns(open_intervals(rulebook.contract_calendar, days.start, days.end))
        self._turn = next(self._turns, FOREVER)
        self._quarter = up_to_a_quarter(days.start)
        self._cases = 0
        self._counted = rulebook.capacity.count
        self._waiting: dict[int, Ticket] = {}
        self._promises = PlayedPromises()
        arrivals = PlayedArrivals((each.ticket for each in taken), days.start, days.end)
        span = (days.start, days.end)
        self._foreseen = Foreseen(arrangement, team, durations, arrivals, span)

    def run(self, step: PlayStep) -> DaysPlayed:
        """Play all of it."""
        start, end = self._days.start, self._days.end
        told = start
        while (now := self._next_instant()) < end:
            if now >= told:
                step((now - start) / (end - start))
                told = now + _DAY
            self._live(now)
        return DaysPlayed(
            start=start,
            end=end,
            outcomes=tuple(
                Outcome(each.ticket, each.answered_at)
                for each in self._tickets
                if each.ticket.received_at >= start
            ),
            declined=self._declined,
            promises=tuple(self._promises.made),
            answers={
                each.ticket.id: each.answered_at
                for each in self._tickets
                if each.answered_at is not None
            },
            hard=tuple(self._mode.hard_until(end)),
        )

    def _next_instant(self) -> datetime:
        comes = FOREVER if self._next is None else _came_at(self._next)
        soonest = min(comes, self._crew.next_change, self._turn, self._quarter)
        return max(soonest, self._days.start)  # what came before the days is there from the first

    def _live(self, now: datetime) -> None:
        """Let happen what happens at one instant: answers, people, arrivals, picks, notices."""
        for one in self._crew.finish(now):
            self._cases -= self._counts(one)
            self._waiting.pop(one.ticket.id, None)
        for one in self._crew.change(now):
            self._queue.add(one)
        while self._next is not None and _came_at(self._next) <= now:
            self._arrive(self._next)
            self._next = next(self._coming, None)
        while self._turn <= now:
            self._turn = next(self._turns, FOREVER)
        mode = self._mode.at(
            now,
            scheduled=len(self._crew.scheduled),
            available=len(self._crew.available),
            cases=self._cases,
        )
        if self._queue:
            for login in self._crew.free():
                self._crew.pick_up(login, self._queue.take_first(mode), now)
                if not self._queue:
                    break
        if now >= self._quarter:
            self._quarter = now + QUARTER
            if self._crew.available:
                self._tell(mode, now)

    def _arrive(self, one: PlayedTicket) -> None:
        """Let a ticket wait; who waits since before the days was told of it before, if at all."""
        self._queue.add(one)
        self._cases += self._counts(one)
        if one.to_be_told and one.ticket.received_at >= self._days.start:
            self._waiting[one.ticket.id] = one.ticket

    def _counts(self, one: PlayedTicket) -> bool:
        """Return whether a ticket that waits is one of the cases that each available member has."""
        return self._counted is CountedCases.ACTIONABLE or one.ticket.owed

    def _tell(self, mode: Mode, now: datetime) -> None:
        """Tell whoever is due a notice, as far as something can be foreseen of them."""
        concerned = self._promises.concerned(self._waiting.values(), mode, now)
        if concerned:
            foreseen = self._foreseen.answers(
                self._queue.in_order(mode), self._crew.at_work(now), concerned, now
            )
            self._promises.tell(concerned, foreseen, mode, now)


def _came_at(one: PlayedTicket) -> datetime:
    return one.ticket.received_at


def _sample(one: CameIn) -> DurationSample | None:
    """Return how long a ticket really took, under the priority that it is played with."""
    if one.ticket.priority is None or (one.answer is None and one.busy is None):
        return None
    return DurationSample(one.ticket.priority, one.answer, one.busy)


def _turns(hours: Iterator[Interval]) -> Iterator[datetime]:
    """Yield when the contract's hours begin and end, which a level may hang on."""
    return (turn for interval in hours for turn in interval)
