"""The log's own first answers: who waits for two hours is told, and what came is what came.

Nobody knows who worked there. A roster is made up, and how long a ticket keeps somebody busy is
what was staffed since the answer before: so the whole desk answers as many as the log did.
"""

from bisect import insort
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from bench.desk_replay import team_of
from bench.incident_log import Incident
from bench.judged import Told
from bench.promise_methods import DAY, LearningDesk, RecentWaits, first_version
from policy.rulebook.rulebook import handbook
from policy.waits.durations import DurationSample
from policy.waits.forecast import Waiting
from policy.waits.staffed_work import StaffedWork

_RECEIVE, _ANSWER, _TELL = range(3)


class LogReplay:
    """Goes through the log once; a seed says who of those who wait is told."""

    def __init__(
        self, log: Sequence[Incident], told: Mapping[str, Any], desk: Mapping[str, Any], seed: int
    ) -> None:
        self._rulebook = handbook()
        draw = Random(seed)  # noqa: S311 - a simulation
        self._incidents = [
            each._replace(received=each.received + timedelta(seconds=draw.randrange(60)))
            for each in log
        ]
        self._is_told = [draw.random() < desk["told_share"] for _ in log]
        self._told_after = timedelta(hours=desk["told_after"])
        self._roster = team_of(desk["people"])
        begin = log[0].received
        self._learning = LearningDesk(self._rulebook, told["sure"], begin, desk["order"])
        self._recent = RecentWaits(told["sure"])
        self._queue: list[tuple[datetime, int]] = []
        self._told: dict[int, Told] = {}
        self._work = StaffedWork.of(self._roster, begin)
        self._last_answer = begin
        self._staffed = 0.0

    def run(self) -> list[Told]:
        """Return what each customer was told who was told anything, and what happened."""
        events = [(each.received, _RECEIVE, at) for at, each in enumerate(self._incidents)]
        heapify(events)
        doing = (self._receive, self._answer, self._tell)
        while events:
            now, kind, number = heappop(events)
            self._look_ahead(now)
            doing[kind](now, number)
            incident = self._incidents[number]
            if kind == _RECEIVE and incident.answered is not None:
                heappush(events, (max(now, incident.answered), _ANSWER, number))
                if self._is_told[number]:
                    heappush(events, (now + self._told_after, _TELL, number))
        return [each for each in self._told.values() if each.answered is not None]

    def _look_ahead(self, now: datetime) -> None:
        if now - self._work.now >= DAY:
            self._learn_from_staff(now)
            self._work = StaffedWork.of(self._roster, now)

    def _place(self, number: int) -> tuple[datetime, int]:
        incident = self._incidents[number]
        return incident.received, number

    def _receive(self, now: datetime, number: int) -> None:
        self._learning.received(self._incidents[number].priority, now)
        insort(self._queue, self._place(number))

    def _answer(self, now: datetime, number: int) -> None:
        self._queue.remove(self._place(number))
        self._learn_from_staff(now)
        self._learning.took(
            DurationSample(self._incidents[number].priority, self._staffed, self._staffed), now
        )
        self._staffed = 0.0
        if number in self._told:
            told = self._told[number]
            told.answered = now
            self._recent.answered(told.told_at, now)
            self._learning.answered(number, now)

    def _learn_from_staff(self, now: datetime) -> None:
        self._staffed += self._work.until(now) - self._work.until(self._last_answer)
        self._last_answer = now

    def _tell(self, now: datetime, number: int) -> None:
        _, priority, answered = self._incidents[number]
        if answered is not None and answered <= now:
            return
        work = self._work.later(now)
        forecast = self._learning.tell(number, priority, self._waiting(), (), work)
        self._told[number] = Told(
            priority=priority,
            told_at=now,
            expected=forecast.expected,
            ours=forecast.safe,
            naive=self._recent.told(now),
            first_version=first_version(
                self._rulebook,
                ((each, self._incidents[each].priority) for _, each in self._queue),
                work,
                number,
            ),
        )

    def _waiting(self) -> Iterator[Waiting]:
        return (Waiting(each, self._incidents[each].priority) for _, each in self._queue)
