"""When the demonstration's tickets came, for their answers to be due when it is told.

By the deadlines that the policy itself reckons: in its calendars, in the customer's zone, by its
rows. Where its hours leave no such time, what is late was due at the last closing, and what is
near is due soon after the next opening.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from policy.clocks.deadlines import deadlines
from policy.contract.rows import Term
from policy.contract.targets_due import contract_terms, due_by
from policy.rulebook.contract_sections import FIRST_RESPONSE, RESOLUTION, UPDATE
from policy.rulebook.rulebook import Rulebook
from policy.words import Criterion, Status
from tui.demo.script import received_for
from tui.demo.translation import SaidWords

_SEED: Final = 4_711
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_SHORTEST: Final = 4 * _MINUTE
"""How long ago anything was received at least: the desk hears of it a little later."""

_BEHIND: Final = 3 * _MINUTE
"""How much later than the first ticket's deadline another of its priority is due at least."""

_STEP: Final = _HOUR / 2
_STEPS_BACK: Final = 14 * 48
_LATELY: Final = 4 * _HOUR
_FIRST_IS_LATE: Final = 6 * _MINUTE


@dataclass(slots=True)
class WishedDeadlines:
    """Reckons under one policy at ``now`` (UTC).

    ``first_due`` and ``first_rank`` are the deadline and the priority of the ticket that is meant
    to be number one; nothing that would stand before it is due earlier.
    """

    rulebook: Rulebook
    now: datetime
    first_due: datetime | None = None
    first_rank: int = 0
    _random: Random = field(default_factory=lambda: Random(_SEED))  # noqa: S311 - no secret

    @property
    def earliest_stands_first(self) -> bool:
        """Whether the order looks at an answer's deadline before it looks at the priority."""
        order = self.rulebook.order.normal
        if Criterion.RESPOND_BY not in order:
            return False
        later = order[order.index(Criterion.RESPOND_BY) :]
        return Criterion.PRIORITY in later or Criterion.PRIORITY not in order

    def promise(self, words: SaidWords, zone: str | None, came: datetime) -> Term | None:
        """Return what whoever waits is promised first: an answer, else a solution, else nothing."""
        if words.priority is None:
            return None
        terms = contract_terms(self.rulebook, words.values, came, zone)
        promised = (terms.get(name) for name in (FIRST_RESPONSE, RESOLUTION))
        return next((each for each in promised if each is not None and each.time.promised), None)

    def owed(self, words: SaidWords, zone: str | None) -> timedelta | None:
        """Return how much open time the promise gives; None for a closing, and for no promise."""
        term = self.promise(words, zone, self.now)
        return None if term is None else term.time.open_time

    def leads(self, words: SaidWords, zone: str | None, received: datetime) -> None:
        """Let a ticket be the one that is meant to be number one."""
        self.first_due = self._due(words, zone, received)
        self.first_rank = self.rulebook.vocabulary.priority_rank(words.priority)

    def fitting(self, words: SaidWords, due: datetime, *, first: bool = False) -> datetime:
        """Return a deadline, or a later one where the ticket would stand before the first one.

        Where the earliest deadline stands first whatever the priority, the first one is late.
        """
        if first:
            return self.now - _FIRST_IS_LATE if self._first_is_late(words) else due
        rank = self.rulebook.vocabulary.priority_rank(words.priority)
        if self.first_due is None or (rank > self.first_rank and not self.earliest_stands_first):
            return due
        return max(self.now + abs(due - self.now), self.first_due + _BEHIND)

    def _first_is_late(self, words: SaidWords) -> bool:
        several = len(self.rulebook.vocabulary.priorities) > 1
        return several and self.earliest_stands_first and words.priority is not None

    def received(self, words: SaidWords, zone: str | None, due: datetime) -> datetime:
        """Return when a ticket was received for its promise to be due then, or as near as can be.

        It is always received by now, and late only when that is wished.
        """
        late = due < self.now
        for came in (self.now, self.now - _LATELY):
            received = self._for(self.promise(words, zone, came), zone, due)
            if received is not None and self._suits(words, zone, received, late):
                return received
        if late:
            for step in range(1, _STEPS_BACK):
                received = self.now - step * _STEP - timedelta(seconds=self._random.randrange(600))
                if self._suits(words, zone, received, late):
                    return received
        owed = self.owed(words, zone) or _LATELY
        span = max(min(owed * 0.8, _LATELY), 2 * _SHORTEST) - _SHORTEST
        return (
            self.now
            - _SHORTEST
            - timedelta(seconds=int(span.total_seconds() * self._random.random()))
        )

    def received_to_solve(self, words: SaidWords, zone: str | None) -> datetime | None:
        """Return when an answered ticket was received that is to be solved by a time to come.

        None where nobody is promised a solution in so much open time.
        """
        if words.priority is None:
            return None
        term = contract_terms(self.rulebook, words.values, self.now, zone).get(RESOLUTION)
        if term is None or term.time.open_time is None:
            return None
        left = term.time.open_time * self._random.uniform(0.1, 0.8)
        due = self.now + timedelta(seconds=int(left.total_seconds()))
        return self._for(term, zone, due)

    def updated(self, words: SaidWords, zone: str | None, status: Status) -> datetime | None:
        """Return when its customer heard last of an answered ticket, for an update to be due soon.

        It is never late. None where no update is due in that status.
        """
        term = self._update(words, zone, status)
        if term is None or term.time.open_time is None:
            return None
        left = term.time.open_time * self._random.uniform(0.15, 0.85)
        due = self.now + timedelta(seconds=int(left.total_seconds()))
        at = self._for(term, zone, due)
        reckoned = None if at is None else due_by(self.rulebook, term, at, zone)
        if reckoned is not None and reckoned > self.now and reckoned >= self.fitting(words, due):
            return at
        lately = min(term.time.open_time, _LATELY) * self._random.uniform(0.1, 0.3)
        return self.now - timedelta(seconds=int(lately.total_seconds()))

    def is_updated(self, words: SaidWords, zone: str | None, status: Status) -> bool:
        """Return whether an update is due of an answered ticket in a status."""
        return self._update(words, zone, status) is not None

    def _update(self, words: SaidWords, zone: str | None, status: Status) -> Term | None:
        if words.priority is None or status in self.rulebook.stops_in:
            return None
        term = contract_terms(self.rulebook, words.values, self.now, zone).get(UPDATE)
        return term if term is not None and term.time.promised else None

    def _suits(self, words: SaidWords, zone: str | None, received: datetime, late: bool) -> bool:
        due = self._due(words, zone, received)
        return received <= self.now - _SHORTEST and due is not None and (due < self.now) == late

    def _due(self, words: SaidWords, zone: str | None, received: datetime) -> datetime | None:
        reckoned = deadlines(
            self.rulebook,
            words.values,
            received_at=received,
            waiting_since=received,
            answered_before=False,
            zone=zone,
        )
        return reckoned.respond_by or reckoned.resolve_by

    def _for(self, term: Term | None, zone: str | None, due: datetime) -> datetime | None:
        """Return the latest time of receipt that a term makes due then; None where there is none.

        Of a closing it is not asked.
        """
        if term is None or term.time.open_time is None:
            return None
        calendar = self.rulebook.calendar_named(term.row.calendars, zone)
        try:
            received = received_for(calendar, due, term.time.open_time)
        except ValueError:
            return None
        return min(received, self.now - _SHORTEST)
