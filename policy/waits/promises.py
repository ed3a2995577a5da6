"""What customers were promised about their wait: to whom, for when, and whether it was kept.

"A notice is a draft until a person sends it; sent, it is never sent twice, is cancelled by a
reply that comes first, and sets a promise: an answer by the time it names. It is kept when the
answer came by then, and broken otherwise, whoever arrived."
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from policy.names import comparable
from policy.ticket import Ticket
from policy.waits.forecast import NOT_FORESEEN, AnswerForecast
from policy.words import Priority

Asker = tuple[str, str]
"""Who is told: a customer, and the requester's address or else name there, as they compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisedAnswer:
    """One ticket of a promise: what was expected of it when that was made, and what came; UTC.

    ``answered_at`` is when the answer came, None while it has not; ``ended_at`` is since when
    nobody waits for it though none came, as when it was merged, or solved without one.
    """

    ticket: int
    priority: Priority | None = None
    expected: datetime | None = None
    safe: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether an answer came, or is still waited for."""
        return self.answered_at is not None or self.ended_at is None


class PromiseOutcome(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    """Its time is still to come."""
    KEPT = "kept"
    BROKEN = "broken"
    NEEDLESS = "needless"
    """Nobody waits for any of its answers any more, and none came."""
    NONE = "none"
    """No time was named, so there was nothing to keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What somebody was told at ``made_at``: that they have an answer by ``expect_by`` (UTC).

    ``answers`` are the tickets that the notice named. ``expect_by`` is None when no time could be
    named; ``arrive_at`` is then when the next person arrives, as far as that was known.
    """

    asker: Asker
    answers: tuple[PromisedAnswer, ...]
    made_at: datetime
    expect_by: datetime | None
    arrive_at: datetime | None = None

    def outcome(self, now: datetime) -> PromiseOutcome:
        """Return what became of it by ``now``: kept or broken only when it is due, never earlier.

        "Kept when the answer came by then, and broken otherwise": of several tickets each answer
        must have come. What nobody waits for any more does not count.
        """
        if self.expect_by is None:
            return PromiseOutcome.NONE
        if self.expect_by > now:
            return PromiseOutcome.OPEN
        counted = [each for each in self.answers if each.counts]
        if not counted:
            return PromiseOutcome.NEEDLESS
        in_time = all(
            each.answered_at is not None and each.answered_at <= self.expect_by for each in counted
        )
        return PromiseOutcome.KEPT if in_time else PromiseOutcome.BROKEN

    def speaks_of(self, ticket: Ticket) -> bool:
        """Return whether it is about what a ticket waits for now.

        Not when it was made for an earlier wait, which a reply has ended since.
        """
        waiting_since = ticket.waiting_since
        return any(each.ticket == ticket.id for each in self.answers) and (
            waiting_since is None or waiting_since <= self.made_at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisesKept:
    """How many of the promises that came due were kept, and what share was meant to be."""

    kept: int
    due: int
    meant: float

    @property
    def share(self) -> float | None:
        """The share from 0 to 1, None when none has come due."""
        return self.kept / self.due if self.due else None


def asked_by(ticket: Ticket) -> Asker:
    """Return who asked, so that all of one requester's tickets come together."""
    requester = ticket.requester
    person = "" if requester is None else (requester.email or requester.name)
    return _asker(ticket.customer, person)


@lru_cache(maxsize=16_384)
def _asker(customer: str, person: str) -> Asker:
    return comparable(customer), comparable(person)


def promises_kept(
    promises: Iterable[Promise], now: datetime, sure: float, since: datetime | None = None
) -> PromisesKept:
    """Return how many of the promises due by ``now``, and not before ``since``, were kept.

    ``sure`` is the share that is meant to be; times are UTC.
    """
    outcomes = [
        each.outcome(now)
        for each in promises
        if since is None or (each.expect_by is not None and each.expect_by >= since)
    ]
    kept = outcomes.count(PromiseOutcome.KEPT)
    return PromisesKept(kept=kept, due=kept + outcomes.count(PromiseOutcome.BROKEN), meant=sure)


class Told:
    """What was promised to whom, and whether it is going to hold, as it is forecast at ``now``."""

    def __init__(
        self,
        now: datetime,
        promises: Iterable[Promise],
        forecasts: Mapping[int, AnswerForecast],
    ) -> None:
        self._now = now
        self._forecasts = forecasts
        self._promises: dict[Asker, list[Promise]] = {}
        for each in promises:
            self._promises.setdefault(each.asker, []).append(each)

    def forecast(self, ticket: Ticket) -> AnswerForecast:
        """Return when a ticket can expect its answer, as far as that is foreseen."""
        return self._forecasts.get(ticket.id, NOT_FORESEEN)

    def times(self, asker: Asker) -> int:
        """Return how many notices they have had."""
        return len(self._promises.get(asker, ()))

    def is_owed(self, asker: Asker, late: Sequence[Ticket]) -> bool:
        """Return whether they wait for something that no promise speaks of, or holds for.

        While a promise stands, a ticket that joins those it speaks of waits with them.
        """
        last = self._last(asker)
        if last is None:
            return True
        if self.is_broken(asker, late):
            return True
        if self._stands(last, late):
            return False
        return any(
            not self._is_spoken_of(asker, ticket) or self._has_a_time(last, ticket)
            for ticket in late
        )

    def is_broken(self, asker: Asker, waiting: Sequence[Ticket]) -> bool:
        """Return whether the last promise is broken, or about to be, for a ticket that still waits.

        "A promise about to be broken prompts a new notice": about to be is what is not expected to
        be answered by the time that it names.
        """
        last = self._last(asker)
        if last is None or last.expect_by is None:
            return False
        by = last.expect_by
        return any(self._fails(ticket, by) for ticket in waiting if last.speaks_of(ticket))

    def _fails(self, ticket: Ticket, by: datetime) -> bool:
        expected = self.forecast(ticket).expected
        return ticket.owed and (by <= self._now or expected is None or expected > by)

    def _stands(self, last: Promise, late: Sequence[Ticket]) -> bool:
        """Return whether what they were told last is still to come.

        Who was told no time and no arrival hears again once there is a time to name.
        """
        if last.expect_by is not None:
            return last.expect_by > self._now
        if last.arrive_at is not None:
            return last.arrive_at > self._now
        return not any(self._has_a_time(last, ticket) for ticket in late)

    def _has_a_time(self, last: Promise, ticket: Ticket) -> bool:
        """Return whether they were told no time, and there is one now."""
        return last.expect_by is None and self.forecast(ticket).safe is not None

    def _is_spoken_of(self, asker: Asker, ticket: Ticket) -> bool:
        return any(each.speaks_of(ticket) for each in self._promises.get(asker, ()))

    def _last(self, asker: Asker) -> Promise | None:
        made = self._promises.get(asker)
        return made[-1] if made else None
