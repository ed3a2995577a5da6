"""Which ticket was number one when, and how long it took until somebody picked it up.

"There is only ever a single number one priority", at every instant of the past too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import groupby
from typing import NamedTuple

from policy.ordering.order import order_of
from policy.report.levels_held import ModeSpan
from policy.report.ticket_changes import Since, TicketChange, turns, value_at
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import Mode


class Reign(NamedTuple):
    """A half-open span in UTC during which one ticket was number one; None while there was none."""

    start: datetime
    end: datetime
    ticket: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PickUp:
    """A number one that was nobody's, until somebody took, was given, answered or settled it."""

    ticket: int
    since: datetime
    until: datetime

    @property
    def took(self) -> timedelta:
        """How long it waited as number one."""
        return self.until - self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Reigns:
    """Who was number one when, in order and without a gap, and who picked it up.

    ``overtaken`` counts the number ones that another ticket came before while they were nobody's
    yet, ``waiting_since`` is since when the last one waits that nobody had picked up at the end.
    """

    spans: tuple[Reign, ...] = ()
    pick_ups: tuple[PickUp, ...] = ()
    overtaken: int = 0
    waiting_since: datetime | None = None

    @property
    def changes(self) -> int:
        """How often another ticket became number one; the first one was it already."""
        return sum(span.ticket is not None for span in self.spans[1:])


def reigns(
    tickets: Sequence[Ticket],
    changes: Sequence[TicketChange],
    modes: Sequence[ModeSpan],
    rulebooks: Sequence[Since[Rulebook]],
) -> Reigns:
    """Return who was number one in the time of ``modes``, which are without a gap.

    ``tickets`` are those that stood there at its start, as far as any of them could have come
    first; ``changes`` are what happened since, in order. What happens at one instant is seen when
    all of it has happened.
    """
    if not modes:
        return Reigns()
    start, end = modes[0].start, modes[-1].end
    queue = _Queue(value_at(rulebooks, start), tickets)
    watch = _Watch(start)
    happened = {at: tuple(those) for at, those in groupby(changes, key=lambda each: each.at)}
    mode_turns = {span.start: span.mode for span in modes}
    mode = modes[0].mode
    known = {start, *happened, *mode_turns, *turns(rulebooks, start, end)}
    known.update(_ends(tickets), _ends(change.after for change in changes))
    for now in sorted(instant for instant in known if start <= instant < end):
        mode = mode_turns.get(now, mode)
        queue.follow(value_at(rulebooks, now))
        for change in happened.get(now, ()):
            queue.put(change.ticket_id, change.after)
        queue.expire(now)
        answered = {change.ticket_id for change in happened.get(now, ()) if change.answers}
        watch.see(now, queue.first(mode), queue, answered)
    return watch.until(end)


def _ends(tickets: Iterable[Ticket | None]) -> Iterator[datetime]:
    """Yield when the deviations of these tickets end by themselves."""
    for ticket in tickets:
        if ticket is not None:
            yield from _ends_of(ticket)


def _ends_of(ticket: Ticket) -> Iterator[datetime]:
    if ticket.deviation is not None and ticket.deviation.until is not None:
        yield ticket.deviation.until


class _Queue:
    """The queue as it changes: the tickets that stand in it, and the first by either order.

    The heaps keep keys that hold no longer; they are dropped when they come to the top.
    """

    def __init__(self, rulebook: Rulebook, tickets: Iterable[Ticket]) -> None:
        self._rulebook = rulebook
        self.tickets = {ticket.id: ticket for ticket in tickets if ticket.actionable}
        self._rank_all()

    def follow(self, rulebook: Rulebook) -> None:
        """Rank by another policy from now on."""
        if rulebook is not self._rulebook:
            self._rulebook = rulebook
            self._rank_all()

    def put(self, ticket_id: int, ticket: Ticket | None) -> None:
        """Take note of how a ticket stands now."""
        if ticket is None or not ticket.actionable:
            self.tickets.pop(ticket_id, None)
            return
        self.tickets[ticket_id] = ticket
        self._await_end(ticket)
        for mode, order in self._orders.items():
            heappush(self._heaps[mode], (order.key(ticket), ticket_id))

    def expire(self, now: datetime) -> None:
        """Let the deviations go that are over: "an expired one counts no more"."""
        while self._ends and self._ends[0][0] <= now:
            _, ticket_id = heappop(self._ends)
            ticket = self.tickets.get(ticket_id)
            if ticket is not None and any(end <= now for end in _ends_of(ticket)):
                self.put(ticket_id, replace(ticket, deviation=None))

    def first(self, mode: Mode) -> Ticket | None:
        """Return the number one, None while the queue is empty."""
        heap, order = self._heaps[mode], self._orders[mode]
        while heap:
            key, ticket_id = heap[0]
            ticket = self.tickets.get(ticket_id)
            if ticket is not None and order.key(ticket) == key:
                return ticket
            heappop(heap)
        return None

    def _rank_all(self) -> None:
        self._orders = {mode: order_of(self._rulebook, mode) for mode in Mode}
        self._heaps = {
            mode: [(order.key(ticket), ticket.id) for ticket in self.tickets.values()]
            for mode, order in self._orders.items()
        }
        self._ends: list[tuple[datetime, int]] = []
        for heap in self._heaps.values():
            heapify(heap)
        for ticket in self.tickets.values():
            self._await_end(ticket)

    def _await_end(self, ticket: Ticket) -> None:
        for end in _ends_of(ticket):
            heappush(self._ends, (end, ticket.id))


class _Watch:
    """Looks at the number one, and writes down who it was and who picked it up."""

    def __init__(self, start: datetime) -> None:
        self._since = start
        self._first: int | None = None
        self._was_nobodys = False
        self._waits: tuple[int, datetime] | None = None
        self._spans: list[Reign] = []
        self._pick_ups: list[PickUp] = []
        self._overtaken = 0

    def see(self, now: datetime, first: Ticket | None, queue: _Queue, answered: set[int]) -> None:
        """Take note of the number one as it is from ``now`` on."""
        number = None if first is None else first.id
        another = number != self._first
        self._look_after_waiting(now, number, queue, answered)
        if another:
            self._end_span(now)
            self._first = number
        nobodys = first is not None and first.assignee is None
        if first is not None and nobodys and (another or not self._was_nobodys):
            self._waits = (first.id, now)
        self._was_nobodys = nobodys

    def until(self, end: datetime) -> Reigns:
        """Return what was seen by ``end``."""
        self._end_span(end)
        return Reigns(
            spans=tuple(self._spans),
            pick_ups=tuple(self._pick_ups),
            overtaken=self._overtaken,
            waiting_since=None if self._waits is None else self._waits[1],
        )

    def _look_after_waiting(
        self, now: datetime, number: int | None, queue: _Queue, answered: set[int]
    ) -> None:
        if self._waits is None:
            return
        waiting, since = self._waits
        ticket = queue.tickets.get(waiting)
        if ticket is None or ticket.assignee is not None or waiting in answered:
            self._pick_ups.append(PickUp(ticket=waiting, since=since, until=now))
            self._waits = None
        elif number != waiting:
            self._overtaken += 1
            self._waits = None

    def _end_span(self, now: datetime) -> None:
        if self._since < now:
            self._spans.append(Reign(self._since, now, self._first))
            self._since = now
