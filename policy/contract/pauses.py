"""When the clocks of a ticket stood still: "they go on, never restart"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policy.clocks.calendar import Interval
from policy.ticket import Pause, Ticket
from policy.tickets.actions import latest
from policy.words import DECIDED_STATUSES, Status

Pauses = tuple[Pause, ...]
"""When clocks stood still, one spell after the other; of the last one the end may be open."""

_HAPPENED = (
    "received_at",
    "first_response_at",
    "last_response_at",
    "last_customer_message_at",
    "waiting_since",
)
"""The times at which something is known to have happened in a ticket."""


def paused_after(
    before: Ticket | None, after: Ticket, now: datetime, pauses_in: frozenset[Status] | None
) -> Pauses:
    """Return the pauses of a ticket after a change at ``now`` (UTC), ``before`` None if it came.

    ``pauses_in`` are the statuses in which the policy's clocks stand still, None where none can.
    What a source tells of late happened when what it tells with it did: an answer, a message, or
    that the ticket came. A solved ticket keeps what it has, as nothing runs in it.
    """
    if after.status in DECIDED_STATUSES:
        return after.paused
    if pauses_in is None:
        return ()
    comes_with_its_own = before is None and bool(after.paused)  # a part that was split off
    then = None if before is None else _newest_of(before)
    moved = now if comes_with_its_own else _moved_at(then, _newest_of(after), now)
    return _in_status(after.paused, after.status, moved, pauses_in)


def paused_as_told(ticket: Ticket, now: datetime, pauses_in: frozenset[Status] | None) -> Pauses:
    """Return the pauses of a ticket that is put to what it was, at ``now`` (UTC).

    They are its own as they were, and where these do not go with its status, as the policy was
    another one then, what stands still does so since now, or until now.
    """
    if ticket.status in DECIDED_STATUSES:
        return ticket.paused
    if pauses_in is None:
        return ()
    return _in_status(ticket.paused, ticket.status, now, pauses_in)


def pauses_over(ticket: Ticket) -> tuple[Interval, ...]:
    """Return the pauses of a ticket that have come to their end."""
    return tuple(Interval(since, until) for since, until in ticket.paused if until is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastChange:
    """What one event of a ticket's history tells.

    ``told`` is what the ticket became, as plain JSON values and as far as it changed, None where
    it was taken away. ``action`` is what the event was part of, and ``takes_back`` the action that
    it reversed.
    """

    at: datetime
    told: Mapping[str, Any] | None
    action: int | None = None
    takes_back: int | None = None


def paused_by_history(changes: Iterable[PastChange], pauses_in: frozenset[Status]) -> Pauses:
    """Return the pauses of a ticket by all that happened to it, oldest first.

    As they would be had the policy been in force from the beginning. While it was solved its
    clocks stood still, too, and what was taken back never happened.
    """
    past = _Past(pauses_in | DECIDED_STATUSES)
    for change in changes:
        past.go_on(change)
    return past.paused


@dataclass(slots=True)
class _Past:
    """A ticket on its way through its history."""

    pauses_in: frozenset[Status]
    paused: Pauses = ()
    _status: Status | None = None
    _happened: dict[str, str | None] = field(default_factory=dict)
    _newest: datetime | None = None
    _before: dict[int, Pauses] = field(default_factory=dict)

    def go_on(self, change: PastChange) -> None:
        if change.action is not None:
            self._before.setdefault(change.action, self.paused)
        if change.told is None:
            self._status, self._newest = None, None
            self._happened.clear()
            return
        moved = self._moved_at(change.at, change.told)
        if change.takes_back is not None and change.takes_back in self._before:
            self.paused, moved = self._before[change.takes_back], change.at
        self._status = Status(change.told.get("status") or self._status or Status.NEW)
        self.paused = _in_status(self.paused, self._status, moved, self.pauses_in)

    def _moved_at(self, now: datetime, told: Mapping[str, Any]) -> datetime:
        then = self._newest
        known = {name: told[name] for name in _HAPPENED if name in told}
        if known:
            self._happened |= known
            times = map(_moment, self._happened.values())
            self._newest = latest(*times)
        if then is None and told.get("split_from") is not None and told.get("paused"):
            self.paused = tuple(_pause(*each) for each in told["paused"])
            return now
        return _moved_at(then, self._newest, now)


def _in_status(
    paused: Pauses, status: Status, since: datetime, pauses_in: frozenset[Status]
) -> Pauses:
    """Return the pauses of a ticket that is in a status since a time (UTC)."""
    last = paused[-1] if paused else None
    stands_still = last is not None and last.until is None
    if stands_still == (status in pauses_in):
        return paused
    if last is None:
        return (Pause(since, None),)
    if last.until is None:
        return (*paused[:-1], Pause(last.since, max(last.since, since)))
    return (*paused, Pause(max(last.until, since), None))


def _moved_at(then: datetime | None, newest: datetime | None, now: datetime) -> datetime:
    """Return when a change happened that is known ``now``: with the newest that it tells, if any.

    ``then`` is the newest that was known to have happened before, ``newest`` what is now.
    """
    if newest is None or (then is not None and newest <= then):
        return now
    return min(newest, now)


def _newest_of(ticket: Ticket) -> datetime | None:
    return latest(*(getattr(ticket, name) for name in _HAPPENED))


def _moment(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored)


def _pause(since: str, until: str | None) -> Pause:
    return Pause(datetime.fromisoformat(since), _moment(until))
