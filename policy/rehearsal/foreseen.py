"""What is foreseen at an instant of a rehearsal: by when whose answer is likely, and safe."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from policy.rehearsal.days_lived import Arrangement
from policy.rehearsal.played_ticket import PlayedTicket
from policy.roster.coverage import coverage
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.waits.durations import Duration
from policy.waits.forecast import (
    NOT_FORESEEN,
    AnswerForecast,
    BeingAnswered,
    Waiting,
    expected_answers,
)
from policy.waits.margins import Margin, margin_of, safe_by
from policy.waits.staffed_work import HORIZON, MINUTE, StaffedWork
from policy.waits.usual_arrivals import (
    HOURS_OF_WEEK,
    RUSH_WINDOW,
    UsualArrivals,
    hour_of_week,
    usual_arrivals,
)
from policy.words import Priority

_WEEK = timedelta(days=7)
_UNLEARNT = margin_of((), 0.0, 0.9)
"""The margin of a priority of which nothing is learnt; without scores it is always the same."""


class Foreseen:
    """Foresees answers as the desk does, from what it knows of people, durations and arrivals."""

    def __init__(
        self,
        arrangement: Arrangement,
        team: Roster,
        durations: Mapping[Priority, Duration],
        arrivals: "PlayedArrivals",
        span: tuple[datetime, datetime],
    ) -> None:
        self._priorities = arrangement.rulebook.vocabulary.priorities
        self._margins = arrangement.margins
        self._durations = durations
        self._arrivals = arrivals
        start, end = span
        self._changes: list[datetime] = []
        self._people: list[int] = []
        for cover in coverage(team, start, end + HORIZON):
            people = len(cover.available)
            if not self._people or people != self._people[-1]:
                self._changes.append(cover.start)
                self._people.append(people)

    def answers(
        self,
        queue: Iterable[PlayedTicket],
        at_work: Sequence[tuple[PlayedTicket, timedelta]],
        wanted: Collection[Ticket],
        now: datetime,
    ) -> "AnswersForeseen":
        """Return by when each ticket that is wanted is likely to be answered.

        ``queue`` are those that nobody is at, in their order, ``at_work`` those that somebody is
        at, with for how long.
        """
        work = self.staffed(now)
        expected = expected_answers(
            (Waiting(one.ticket.id, one.ticket.priority) for one in queue),
            [
                BeingAnswered(one.ticket.id, one.ticket.priority, passed / MINUTE, _is_awaited(one))
                for one, passed in at_work
            ],
            work,
            self._durations,
            self._arrivals.usual(now),
            self._priorities,
            {each.id for each in wanted},
        )
        return AnswersForeseen(expected, work, self._margins)

    def staffed(self, now: datetime) -> StaffedWork:
        """Return how many people there are from ``now`` on, as the roster has it."""
        end = now + HORIZON
        first, last = bisect_right(self._changes, now) - 1, bisect_left(self._changes, end)
        later = zip(self._changes[first + 1 : last], self._people[first + 1 : last], strict=True)
        steps = [((at - now) / MINUTE, people) for at, people in later]
        return StaffedWork(now, ((0.0, self._people[first]), *steps, (HORIZON / MINUTE, 0)))


class AnswersForeseen:
    """By when answers are likely at one instant, by ticket; when they are safe is reckoned asked.

    ``expected`` (UTC) lacks those that the roster does not reach.
    """

    def __init__(
        self,
        expected: Mapping[int, datetime],
        work: StaffedWork,
        margins: Mapping[Priority, Margin],
    ) -> None:
        self.expected = expected
        self._work = work
        self._margins = margins

    def of(self, tickets: Iterable[Ticket]) -> Mapping[int, AnswerForecast]:
        """Return the expected and the safe time of some tickets, by their ids."""
        return {each.id: self._forecast(each) for each in tickets}

    def _forecast(self, ticket: Ticket) -> AnswerForecast:
        expected = self.expected.get(ticket.id)
        if expected is None:
            return NOT_FORESEEN
        margin = self._margins.get(ticket.priority or "", _UNLEARNT)
        return AnswerForecast(expected, safe_by(self._work, expected, margin))


def _is_awaited(one: PlayedTicket) -> bool:
    """Return whether a customer waits for the answer to a ticket that somebody is at."""
    return one.answered_at is None and not one.ticket.internal


class PlayedArrivals:
    """How many tickets usually come, as the days that are played have it from end to end."""

    def __init__(self, tickets: Iterable[Ticket], start: datetime, end: datetime) -> None:
        came = [each for each in tickets if each.received_at >= start]
        self._received = sorted(each.received_at for each in came)
        self._weeks = (end - start) / _WEEK
        self._counts: dict[Priority, list[int]] = {}
        for each in came:
            hours = self._counts.setdefault(each.priority or "", [0] * HOURS_OF_WEEK)
            hours[hour_of_week(each.received_at)] += 1

    def usual(self, now: datetime) -> UsualArrivals:
        """Return what usually comes, with the rush that there may be at ``now``."""
        since = bisect_left(self._received, now - RUSH_WINDOW)
        lately = bisect_right(self._received, now) - since
        return usual_arrivals(self._counts, self._weeks, lately, now)
