"""What the board and the command line read, all of it as one transaction sees it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select, text
from sqlmodel import col

from policy.capacity.advice import CapacityState
from policy.capacity.hard_choices import QueueCount, automatic_mode
from policy.capacity.levels import Capacity, capacity
from policy.capacity.mode import NORMAL, ModeInForce, mode_in_force
from policy.ordering.deviations import ended, in_force, without_it
from policy.ordering.explanation import Explanation, explain, why_number_one
from policy.ordering.order import Order, order_of
from policy.roster.members import Roster
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.tickets.guidance import handling, next_step
from policy.waits.forecast import expected_answers
from policy.waits.notices import WaitNotice, notices_about, notices_due
from policy.words import Criterion, Mode, Priority
from store.engineering.handed_over import towards_engineering
from store.engines import DatabaseKind
from store.history.events import events_of_ticket, latest_id
from store.notices.ledger import promises_to
from store.queue import counters
from store.queue.counters import counts_between
from store.queue.order_index import KEYS
from store.queue.query import Query, QueryField, Term
from store.queue.queue_order import QueueOrder
from store.queue.search import Search
from store.read_models import Card, Event, Listing, Load, Overview
from store.schema.desk_settings import Settings, settings_of
from store.schema.tables import BodyRow, OrderRow
from store.team.roster_rows import roster_of
from store.tickets.references import ticket_numbered
from store.tickets.ticket_mapping import by_ids

EVENTS_ON_A_CARD = 200
"""How many events the detail pane gets; ``history`` gives all."""

TICKETS_OF_A_LOAD = 3
"""How many of a person's tickets the team pane names."""

_AT_ONCE = 500
"""How many tickets of a long list are read at a time, so that memory stays flat."""

PEOPLE_SHOWN = 100
"""For how many people the team pane names tickets."""

RosterKey = tuple[int, int]
"""The version of a roster, and the year around which its public holidays were looked up."""

_P0 = Query(terms=(Term(QueryField.PRIORITY, (Priority.P0,)),))


def _internal(mode: Mode) -> Select[Any]:
    """Return the query for the first internal ticket, worded as the condition of its index."""
    key = KEYS[mode]
    return select(key, col(OrderRow.ticket_id)).where(text("internal")).order_by(key).limit(1)


_THAT_TICKET: Any = bindparam("that_ticket")
_BODY = select(col(BodyRow.text)).where(col(BodyRow.ticket_id) == _THAT_TICKET)
_OWN_FIRST = {
    mode: (
        _internal(mode).where(col(OrderRow.assignee).is_(None)),
        _internal(mode).where(col(OrderRow.assignee) == bindparam("of_login")),
    )
    for mode in Mode
}
"""The first internal ticket that is nobody's, and the first that is somebody's: by their keys."""


@dataclass(frozen=True)
class DeskReader:
    """One read transaction, for one person at one time (UTC)."""

    connection: Connection
    kind: DatabaseKind
    login: str
    now: datetime
    rosters: dict[RosterKey, Roster]

    @cached_property
    def settings(self) -> Settings:
        """What belongs to the whole desk."""
        return settings_of(self.connection)

    @cached_property
    def roster(self) -> Roster:
        """The team and its time off, read anew only when it has been changed."""
        key = (self.settings.roster_version, self.now.year)
        if key not in self.rosters:
            self.rosters.clear()
            self.rosters[key] = roster_of(self.connection, self.now)
        return self.rosters[key]

    @cached_property
    def rulebook(self) -> Rulebook:
        """The policy of this database."""
        return self.settings.rulebook

    @cached_property
    def mode(self) -> ModeInForce:
        """The mode in force now."""
        return self._mode_with(self.roster)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many tickets there are, in the queue, and declined."""
        return counters.counts_of_all(self.connection)

    @cached_property
    def capacity(self) -> Capacity:
        """How much of the team is there for how much work."""
        return capacity(self.rulebook, self.roster, self.counts[counters.QUEUE], self.now)

    @cached_property
    def order(self) -> Order:
        """The order of the mode in force."""
        return order_of(self.rulebook, self.mode.mode)

    @cached_property
    def queue(self) -> QueueOrder:
        """The queue as it stands now in the order of the mode in force."""
        return self._queue_in(self.mode.mode)

    @cached_property
    def search(self) -> Search:
        """The lists of tickets in the order of the mode in force."""
        return Search(self.connection, self.kind, self.queue, self.login)

    def revision(self) -> int:
        """Return the number of the latest event: it grows with every change by anyone."""
        return latest_id(self.connection)

    def overview(self) -> Overview:
        """Return the number one with its why, and what the header shows."""
        number_one, runner_up = (*self.first_two(), None, None)[:2]
        without = None if number_one is None else self.first_without(number_one, runner_up)
        return Overview(
            revision=self.revision(),
            now=self.now,
            number_one=number_one,
            why=() if number_one is None else self._why(number_one, runner_up, without),
            runner_up=runner_up,
            without_deviation=without,
            mode=self.mode,
            capacity=self.capacity,
            queue=self.counts[counters.QUEUE],
            declined=self.counts[counters.DECLINED],
            total=self.counts[counters.ALL],
            valid_until=self._valid_until(),
        )

    def first_two(self) -> tuple[Ticket, ...]:
        """Return the number one and the ticket behind it, as far as there are any."""
        return tuple(self._each(self.queue.ids(0, 2)))

    def newest_deviation(self) -> datetime | None:
        """Return since when the newest deviation of the queue counts (UTC), None without any."""
        firsts = self._each([each for mode in Mode for each in self._queue_in(mode).ids(0, 1)])
        return max((each.deviation.since for each in firsts if each.deviation), default=None)

    def another_p0(self, ticket: Ticket) -> int | None:
        """Return the first p0 of the queue but this ticket, None when there is no other."""
        own = ticket.actionable and ticket.priority is Priority.P0
        if counters.queue_count_of(self.connection, Priority.P0) <= own:
            return None
        first = self.search.ids(_P0, 0, 2)
        return next(number for number in first if number != ticket.id)

    def first_without(self, number_one: Ticket, runner_up: Ticket | None) -> Ticket | None:
        """Return what would be first if nobody had put the number one there.

        None when nobody has, or the order in force does not look at deviations.
        """
        if number_one.deviation is None or Criterion.DEVIATION not in self.order.criteria:
            return None
        plain = ended(number_one)
        if runner_up is None or self.order.is_before(plain, runner_up):
            return plain
        return runner_up

    def _valid_until(self) -> datetime | None:
        """Return when time alone, with nobody doing anything, changes the order (UTC)."""
        ends = (self.queue.next_end(), self.mode.until)
        return min((end for end in ends if end is not None), default=None)

    def situation(self, roster: Roster | None = None) -> CapacityState:
        """Return how things stand now, or would stand with another roster."""
        if roster is None:
            return CapacityState(capacity=self.capacity, mode=self.mode, notices=self.notices_due())
        tickets = self.counts[counters.QUEUE]
        return CapacityState(
            capacity=capacity(self.rulebook, roster, tickets, self.now),
            mode=self._mode_with(roster),
            notices=self.notices_due(roster),
        )

    def number_one(self, roster: Roster | None = None) -> Ticket | None:
        """Return the number one now, or what it would be with another roster."""
        mode = self.mode if roster is None else self._mode_with(roster)
        return next(self._each(self._queue_in(mode.mode).ids(0, 1)), None)

    def notices_due(self, roster: Roster | None = None) -> tuple[WaitNotice, ...]:
        """Return the wait notices to draft now, or with another roster."""
        mode = self.mode if roster is None else self._mode_with(roster)
        team = self.roster if roster is None else roster
        if mode.mode is not Mode.HARD_CHOICES or not team.support:
            return ()
        queue = self._tickets_in(mode.mode)
        customers = {ticket.customer for ticket in queue}
        return notices_due(
            self.rulebook,
            team,
            self.now,
            mode=mode.mode,
            queue=queue,
            expected=expected_answers(self.rulebook, team, queue, self.now),
            promises=promises_to(self.connection, customers),
        )

    def notices_about(self, tickets: Sequence[Ticket]) -> tuple[WaitNotice, ...]:
        """Return the wait notices about these tickets, whether or not they are due."""
        queue = self._tickets_in(self.mode.mode)
        return notices_about(
            self.rulebook,
            self.roster,
            self.now,
            tickets=tickets,
            expected=expected_answers(self.rulebook, self.roster, queue, self.now),
            promises=promises_to(self.connection, {ticket.customer for ticket in tickets}),
        )

    @property
    def timezone(self) -> str:
        """The zone in which this person reads times: their own, else the calendar's."""
        member = self.roster.by_login.get(self.login)
        return self.rulebook.calendar.timezone if member is None else member.hours.timezone

    def page(self, query: Query, offset: int, limit: int | None) -> tuple[Ticket, ...]:
        """Return the query's tickets from the 0-based row ``offset`` on."""
        return tuple(self._each(self.search.ids(query, offset, limit)))

    def listing(self, query: Query, limit: int | None) -> Listing:
        """Return the query's tickets with their positions, read a few hundred at a time."""
        ids = self.search.ids(query, 0, limit)
        return Listing(total=self.search.total(query), tickets=self._ranked(ids))

    def ticket(self, number: int) -> Ticket:
        """Return the ticket with this number.

        Raises:
            Refusal: there is none.
        """
        return in_force(ticket_numbered(self.connection, number), self.now)

    def position(self, ticket_id: int) -> int | None:
        """Return the 1-based place in the queue, None for a ticket outside it."""
        place = self.queue.place(ticket_id)
        return None if place is None else place + 1

    def card(self, ticket_id: int) -> Card:
        """Return one ticket with all that the detail pane shows of it."""
        ticket = self.ticket(ticket_id)
        engineering = towards_engineering(ticket, self.rulebook, self.now)
        return Card(
            ticket=ticket,
            position=self.position(ticket_id),
            body=self.connection.scalar(_BODY, {"that_ticket": ticket_id}) or "",
            history=self.history(ticket_id, newest=EVENTS_ON_A_CARD)[::-1],
            why=explain(ticket, self._behind(ticket), self.order).why,
            handling=handling(ticket),
            next_step=next_step(ticket, self.login, engineering.missing),
            engineering=engineering,
        )

    def history(self, ticket_id: int, newest: int | None = None) -> tuple[Event, ...]:
        """Return a ticket's events, oldest first; only the ``newest`` so many when given."""
        return events_of_ticket(self.connection, ticket_id, newest)

    def explain(self, ticket_id: int, versus: int | None) -> Explanation:
        """Return why one ticket stands before or behind another, or before the next one."""
        ticket = self.ticket(ticket_id)
        other = self._behind(ticket) if versus is None else self.ticket(versus)
        return explain(ticket, other, self.order)

    def loads(self) -> tuple[Load, ...]:
        """Return who is assigned what in the queue, the most loaded first."""
        counts = counters.assigned_counts(self.connection)
        totals = {login: sum(counts[login].values()) for login in counts}
        busiest = sorted(totals, key=lambda login: (-totals[login], login))
        firsts = {
            login: self.queue.first_of(login, TICKETS_OF_A_LOAD) for login in busiest[:PEOPLE_SHOWN]
        }
        tickets = {each.id: each for each in self._each([*chain(*firsts.values())])}
        return tuple(
            Load(
                login=login,
                total=totals[login],
                by_priority=counts[login],
                first=tuple(tickets[ticket_id] for ticket_id in firsts.get(login, ())),
            )
            for login in busiest
        )

    def due_between(self, start: datetime, end: datetime, limit: int) -> tuple[Ticket, ...]:
        """Return the queue's tickets whose ``respond_by`` is from ``start`` to before ``end``."""
        respond_by = col(OrderRow.respond_by)
        ids = (
            select(col(OrderRow.ticket_id))
            .where(respond_by >= start, respond_by < end)
            .order_by(respond_by, col(OrderRow.ticket_id))
            .limit(limit)
        )
        return tuple(self._each(list(self.connection.scalars(ids))))

    def first_internal(self) -> Ticket | None:
        """Return the first internal ticket of the order that is nobody's or this person's own."""
        found = [
            row
            for statement in _OWN_FIRST[self.mode.mode]
            if (row := self.connection.execute(statement, {"of_login": self.login}).first())
        ]
        first = min(found, key=lambda row: bytes(row[0]), default=None)
        return None if first is None else self.ticket(first.ticket_id)

    def _tickets_in(self, mode: Mode) -> tuple[Ticket, ...]:
        """Return the whole queue in the order of a mode."""
        return tuple(self._each(self._queue_in(mode).ids(0, None)))

    def _ranked(self, ids: list[int]) -> Iterator[tuple[Ticket, int | None]]:
        places = self.queue.places(ids)
        for ticket in self._each(ids):
            place = places.get(ticket.id)
            yield ticket, None if place is None else place + 1

    def _each(self, ids: list[int]) -> Iterator[Ticket]:
        for start in range(0, len(ids), _AT_ONCE):
            for ticket in by_ids(self.connection, ids[start : start + _AT_ONCE]):
                yield in_force(ticket, self.now)

    def _queue_in(self, mode: Mode) -> QueueOrder:
        return QueueOrder(self.connection, mode, order_of(self.rulebook, mode), self.now)

    def _behind(self, ticket: Ticket) -> Ticket | None:
        """Return the ticket that stands right behind another one in the queue."""
        behind = self.queue.behind(ticket.id)
        return None if behind is None else self.ticket(behind)

    def _mode_with(self, roster: Roster) -> ModeInForce:
        automatic = NORMAL
        if roster.support:
            automatic = automatic_mode(self.rulebook, roster, self._counts(), self.now)
        return mode_in_force(self.settings.mode, self.now, automatic)

    def _counts(self) -> list[QueueCount]:
        """Return how many tickets stood in the queue in the calm time, and how many do now."""
        start = self.now - self.rulebook.capacity.calm_for
        counts = [each for each in counts_between(self.connection, start, self.now)
                  if each.at < self.now]  # fmt: skip
        return [*counts, QueueCount(at=self.now, tickets=self.counts[counters.QUEUE])]

    def _why(
        self, number_one: Ticket, runner_up: Ticket | None, without: Ticket | None
    ) -> tuple[str, ...]:
        sentences = [why_number_one(number_one, runner_up, self.order)]
        if without is not None:
            sentences.append(without_it(number_one, without))
        sentences += handling(number_one)
        if self.mode.mode is Mode.HARD_CHOICES:
            sentences.append(f"Hard choices are in force. {self.mode.why}")
        return tuple(sentences)
