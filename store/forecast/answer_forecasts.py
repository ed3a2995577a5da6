"""When the customers who wait can expect their answers, from what the desk knows of itself.

"It gives every owed ticket an expected first answer and a safe one, by which it comes with the
probability ``[waits] sure``."
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from policy.names import comparable
from policy.ordering.order import order_of
from policy.roster.coverage import available_hours, cover_at
from policy.roster.members import Member, Roster
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.waits.durations import REMEMBERED, Duration, DurationSample, durations_of
from policy.waits.forecast import AnswerForecast, BeingAnswered, Waiting, expected_answers
from policy.waits.forecast_basis import ForecastBasis, LearntMargin, learnt_margins
from policy.waits.margins import SafeTimes
from policy.waits.staffed_work import MINUTE, StaffedWork
from policy.waits.usual_arrivals import (
    HOURS_OF_WEEK,
    REMEMBERED_WEEKS,
    RUSH_WINDOW,
    UsualArrivals,
    going_ahead,
    hour_of_week,
    usual_arrivals,
)
from policy.words import Mode, Priority
from store.forecast.promises_due import learnt_until_now
from store.forecast.standing_queue import ReadSoFar, StandingQueue
from store.queue.counted import arrivals_since
from store.quick.reads import Read, in_each_mode
from store.reader import Reader
from store.schema.kept_names import ANSWER

_LONGEST_AT_ONE = timedelta(days=7)
"""How far back it is looked how long somebody has been at a ticket."""

_SAMPLES = Read("durations")
_IN_HAND = in_each_mode("in hand")
_LAST_DONE = Read("last done")


@dataclass(frozen=True)
class Forecasting:
    """The forecast as things stand in one transaction, or would with another roster or policy."""

    reader: Reader
    roster: Roster
    other: Rulebook | None = None
    read: ReadSoFar = field(default_factory=ReadSoFar)

    @property
    def rulebook(self) -> Rulebook:
        """The policy that is played under."""
        return self.other or self.reader.rulebook

    def with_roster(self, roster: Roster) -> "Forecasting":
        """Return the forecast with another roster, which reads nothing again."""
        other = replace(self, roster=roster)
        for name in _OF_THE_DESK:
            other.__dict__[name] = getattr(self, name)
        return other

    @cached_property
    def standing(self) -> StandingQueue:
        """The queue that is played."""
        return StandingQueue(self.reader.reads, self.reader.queue_in, self.read)

    @cached_property
    def work(self) -> StaffedWork:
        """The staffed work ahead, as the roster is known now."""
        return StaffedWork.of(self.roster, self.reader.now)

    @cached_property
    def durations(self) -> Mapping[Priority, Duration]:
        """How long tickets take, by priority, "from the desk's own last 90 days"."""
        rows = _SAMPLES.rows(self.reader.reads, {"since": self.reader.now - REMEMBERED})
        samples = (
            DurationSample(row.priority, row.minutes, None)
            if row.kind == ANSWER
            else DurationSample(row.priority, None, row.minutes)
            for row in rows
        )
        return durations_of(self.rulebook, samples)

    @cached_property
    def arrivals(self) -> UsualArrivals:
        """How many tickets usually arrive, and whether there is a rush now."""
        now = self.reader.now
        first = now - timedelta(weeks=REMEMBERED_WEEKS)
        counts: defaultdict[Priority, list[int]] = defaultdict(lambda: [0] * HOURS_OF_WEEK)
        lately, begun = 0, now
        for hour, priority, tickets in arrivals_since(self.reader.reads, first, now):
            counts[priority][hour_of_week(hour)] += tickets
            begun = min(begun, hour)
            if hour >= now - RUSH_WINDOW:
                lately += tickets
        return usual_arrivals(counts, (now - begun) / timedelta(weeks=1), lately, now)

    @cached_property
    def margins(self) -> Mapping[Priority, LearntMargin]:
        """What is added to the expected to be safe, by priority: learnt from the promises."""
        learnt, promises = learnt_until_now(self.reader)
        words, sure = self.rulebook.vocabulary, self.rulebook.waits.sure
        return learnt_margins(learnt, promises, words.priorities, sure, self.reader.now)

    @property
    def basis(self) -> ForecastBasis:
        """What the forecast rests on."""
        return ForecastBasis(
            durations=self.durations,
            arrivals=self.arrivals,
            margins=self.margins,
            sure=self.rulebook.waits.sure,
        )

    def forecasts(
        self, mode: Mode, wanted: Collection[int] | None = None
    ) -> Mapping[int, AnswerForecast]:
        """Return when the owed tickets of the queue, or those wanted, can expect their answers.

        Those that are not answered as far as the roster reaches are left out.
        """
        queue = self.standing
        waiting = (each.waiting for each in queue.rows(mode))
        return self._played(waiting, queue.owed, mode, wanted)

    def forecasts_of(self, queue: Iterable[Ticket], mode: Mode) -> Mapping[int, AnswerForecast]:
        """Return the same of a queue as it would stand, given in its order."""
        waiting, owed = [], {}
        for each in queue:
            waiting.append(Waiting(each.id, each.priority))
            if each.owed:
                owed[each.id] = each.priority
        return self._played(waiting, owed, mode, None)

    def _played(
        self,
        queue: Iterable[Waiting],
        owed: Mapping[int, Priority | None],
        mode: Mode,
        wanted: Collection[int] | None,
    ) -> Mapping[int, AnswerForecast]:
        """Return the forecasts of those ``owed``, which grow while the queue is read."""
        at_work = self._at_work(mode)
        expected = expected_answers(
            queue,
            at_work,
            self.work,
            self.durations,
            going_ahead(self.arrivals, order_of(self.rulebook, mode).criteria),
            self.rulebook.vocabulary.priorities,
            wanted,
        )
        counts_as = {each.ticket: each.priority for each in at_work if each.owed} | dict(owed)
        safe = {
            priority: SafeTimes(self.work, learnt.margin)
            for priority, learnt in self.margins.items()
        }
        safe_of_others = safe[self.rulebook.vocabulary.last_priority]
        found = {}
        for ticket, at in expected.items():
            if ticket in counts_as:
                times = safe.get(counts_as[ticket] or "", safe_of_others)
                found[ticket] = AnswerForecast(at, times.safe_by(at))
        return found

    def _at_work(self, mode: Mode) -> Sequence[BeingAnswered]:
        """Return what those are at who are in and take new tickets: each the first of theirs."""
        reader = self.reader
        taking = self.roster.taking_new
        free = {comparable(login) for login in cover_at(taking, reader.now).available}
        done = self._last_done()
        found = []
        for row in _IN_HAND[mode].rows(reader.reads):
            member = taking.member(row.login)
            if member is None or comparable(member.login) not in free:
                continue
            free.discard(comparable(member.login))
            since = max(row.since, done.get(member.login, row.since))
            minutes = self._minutes_of(member, max(since, reader.now - _LONGEST_AT_ONE))
            found.append(BeingAnswered(row.ticket_id, row.priority, minutes, _is_owed(row)))
        return found

    def _last_done(self) -> Mapping[str, Any]:
        since = self.reader.now - _LONGEST_AT_ONE
        rows = _LAST_DONE.rows(self.reader.reads, {"since": since})
        return {row.login: row.at for row in rows}

    def _minutes_of(self, member: Member, since: Any) -> float:
        hours = available_hours(self.roster, member, since, self.reader.now)
        return sum(((each.end - each.start) / MINUTE for each in hours), 0.0)


_OF_THE_DESK = ("standing", "durations", "arrivals", "margins")
"""What is the same whoever is in or out."""


def _is_owed(row: Any) -> bool:
    """Return whether the customer of a ticket of the queue waits: nobody's work of our own does."""
    return row.waiting_since is not None and not row.internal
