"""What customers were promised about their wait: to whom, for when, and whether it holds.

"A notice is a draft until a person sends it; sent, it is never sent twice, is cancelled by a
reply that comes first, and sets a promise."
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from policy.capacity.levels import AHEAD
from policy.names import comparable
from policy.roster.coverage import INSTANT, Turn, arrivals, arrived_at
from policy.roster.members import Roster
from policy.ticket import Ticket

Asker = tuple[str, str]
"""Who is told: a customer, and the requester's address or else name there, as they compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What somebody was told at ``made_at``: people who can help arrive at ``arrive_at`` (UTC).

    ``tickets`` are those that the notice named, ``logins`` whoever was to arrive. ``arrive_at``
    is None when no arrival was known, and that is what they were told.
    """

    asker: Asker
    tickets: tuple[int, ...]
    logins: tuple[str, ...]
    made_at: datetime
    arrive_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromisesKept:
    """How many of the promises whose time has come were kept."""

    kept: int
    due: int

    @property
    def share(self) -> float | None:
        """The share from 0 to 1, None when the time of none has come."""
        return self.kept / self.due if self.due else None


def asked_by(ticket: Ticket) -> Asker:
    """Return who asked, so that all of one requester's tickets come together."""
    requester = ticket.requester
    person = "" if requester is None else (requester.email or requester.name)
    return comparable(ticket.customer), comparable(person)


def is_kept(promise: Promise, roster: Roster, now: datetime) -> bool:
    """Return whether somebody arrives, after the promise was made, by the time it names.

    Whoever it is: the customer was promised help, not a name. As long as that time is still to
    come, somebody who takes no new tickets is no such help. A promise without a time holds as
    long as no arrival is known.
    """
    return Outlook(roster, now).holds(promise)


def promises_kept(promises: Iterable[Promise], roster: Roster, now: datetime) -> PromisesKept:
    """Return how many of the promises whose time has come by ``now`` were kept."""
    due = [each for each in promises if each.arrive_at is not None and each.arrive_at <= now]
    outlook = Outlook(roster, now)
    return PromisesKept(kept=sum(outlook.holds(each) for each in due), due=len(due))


class Outlook:
    """Who arrives when, as seen at ``now``; each question is reckoned once."""

    def __init__(self, roster: Roster, now: datetime) -> None:
        self.now = now
        self._roster = roster
        self._arrived: dict[datetime, datetime | None] = {}

    @cached_property
    def arrivals(self) -> Sequence[Turn]:
        """Who takes new tickets and arrives next, the soonest first."""
        return arrivals(self._roster.taking_new, self.now, AHEAD)

    def holds(self, promise: Promise) -> bool:
        """Return whether the promise was kept, or will be."""
        if promise.arrive_at is None:
            return not self.arrivals
        arrived = self._arrived_by(promise.arrive_at)
        return arrived is not None and arrived > min(promise.made_at, promise.arrive_at - INSTANT)

    def _arrived_by(self, instant: datetime) -> datetime | None:
        if instant not in self._arrived:
            team = self._roster.taking_new if instant > self.now else self._roster
            self._arrived[instant] = arrived_at(team, instant, AHEAD)
        return self._arrived[instant]


class Told:
    """What was promised to whom, and whether it holds."""

    def __init__(self, outlook: Outlook, promises: Iterable[Promise]) -> None:
        self._outlook = outlook
        self._promises: dict[Asker, list[Promise]] = {}
        for each in promises:
            self._promises.setdefault(each.asker, []).append(each)

    def times(self, asker: Asker) -> int:
        """Return how many notices they have had."""
        return len(self._promises.get(asker, ()))

    def is_owed(self, asker: Asker, late: Sequence[Ticket]) -> bool:
        """Return whether they wait for something that no promise speaks of, or holds for.

        While a promise stands, a ticket that joins those it speaks of waits for the same arrival.
        """
        return self.is_broken(asker, late) or (
            not self._stands(asker) and any(self._is_unspoken(asker, ticket) for ticket in late)
        )

    def is_broken(self, asker: Asker, late: Sequence[Ticket]) -> bool:
        """Return whether the last promise does not hold for a ticket that still waits."""
        last = self._last(asker)
        return (
            last is not None
            and any(_speaks_of(last, ticket) for ticket in late)
            and not self._outlook.holds(last)
        )

    def _stands(self, asker: Asker) -> bool:
        last = self._last(asker)
        if last is None or (last.arrive_at is not None and last.arrive_at <= self._outlook.now):
            return False
        return self._outlook.holds(last)

    def _is_unspoken(self, asker: Asker, ticket: Ticket) -> bool:
        return not any(_speaks_of(each, ticket) for each in self._promises.get(asker, ()))

    def _last(self, asker: Asker) -> Promise | None:
        made = self._promises.get(asker)
        return made[-1] if made else None


def _speaks_of(promise: Promise, ticket: Ticket) -> bool:
    """Return whether a promise is about what a ticket waits for now.

    Not when it was made for an earlier wait, which a reply has ended since.
    """
    waiting_since = ticket.waiting_since
    return ticket.id in promise.tickets and (
        waiting_since is None or waiting_since <= promise.made_at
    )
