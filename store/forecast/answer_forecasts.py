"""When the customers who wait can expect their answers, from what the desk knows of itself.

"It gives every owed ticket an expected first answer and a safe one, by which it comes with the
probability ``[waits] sure``."
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from policy.names import comparable
from policy.roster.coverage import available_hours, cover_at
from policy.roster.members import Member, Roster
from policy.waits.durations import REMEMBERED, Duration, DurationSample, durations_of
from policy.waits.forecast import (
    NOT_FORESEEN,
    AnswerForecast,
    BeingAnswered,
    Waiting,
    expected_answers,
)
from policy.waits.margins import Margin, safe_by
from policy.waits.staffed_work import MINUTE, StaffedWork
from policy.waits.usual_arrivals import (
    HOURS_OF_WEEK,
    REMEMBERED_WEEKS,
    RUSH_WINDOW,
    UsualArrivals,
    hour_of_week,
    usual_arrivals,
)
from policy.words import Mode, Priority
from store.desk_reader import DeskReader
from store.forecast.kept_work import ANSWER
from store.forecast.promises_due import learnt_until_now
from store.queue.counters import arrivals_since
from store.queue.order_index import KEYS
from store.schema.column_types import Instant
from store.schema.tables import DurationRow, OrderRow, PickUpRow, TicketRow

_AT_ONCE = 500
_LONGEST_AT_ONE = timedelta(days=7)
"""How far back it is looked how long somebody has been at a ticket."""

_SAMPLES = select(col(DurationRow.priority), col(DurationRow.kind), col(DurationRow.minutes)).where(
    col(DurationRow.ended_at) >= bindparam("since", type_=Instant)
)
_STANDING = select(
    col(TicketRow.id),
    col(TicketRow.priority),
    col(TicketRow.waiting_since),
    col(TicketRow.internal),
).where(col(TicketRow.id).in_(bindparam("ids", expanding=True)))
_IN_HAND = {
    mode: select(
        col(PickUpRow.ticket_id),
        col(PickUpRow.login),
        col(PickUpRow.since),
        col(TicketRow.priority),
        col(TicketRow.waiting_since),
        col(TicketRow.internal),
    )
    .join(TicketRow, col(TicketRow.id) == col(PickUpRow.ticket_id))
    .join(OrderRow, col(OrderRow.ticket_id) == col(PickUpRow.ticket_id))
    .order_by(key)
    for mode, key in KEYS.items()
}
_LAST_DONE = (
    select(col(DurationRow.login), func.max(col(DurationRow.ended_at)).label("at"))
    .where(col(DurationRow.ended_at) >= bindparam("since", type_=Instant))
    .group_by(col(DurationRow.login))
)


@dataclass(frozen=True)
class Forecasting:
    """The forecast as things stand in one transaction, or would with another roster."""

    reader: DeskReader
    roster: Roster

    @cached_property
    def work(self) -> StaffedWork:
        """The staffed work ahead, as the roster is known now."""
        return StaffedWork.of(self.roster, self.reader.now)

    @cached_property
    def durations(self) -> Mapping[Priority, Duration]:
        """How long tickets take, by priority, "from the desk's own last 90 days"."""
        rows = self.reader.connection.execute(_SAMPLES, {"since": self.reader.now - REMEMBERED})
        samples = (
            DurationSample(row.priority, row.minutes, None)
            if row.kind == ANSWER
            else DurationSample(row.priority, None, row.minutes)
            for row in rows
        )
        return durations_of(self.reader.rulebook, samples)

    @cached_property
    def arrivals(self) -> UsualArrivals:
        """How many tickets usually arrive, and whether there is a rush now."""
        now = self.reader.now
        first = now - timedelta(weeks=REMEMBERED_WEEKS)
        counts: defaultdict[Priority, list[int]] = defaultdict(lambda: [0] * HOURS_OF_WEEK)
        lately, begun = 0, now
        for hour, priority, tickets in arrivals_since(self.reader.connection, first, now):
            counts[priority][hour_of_week(hour)] += tickets
            begun = min(begun, hour)
            if hour >= now - RUSH_WINDOW:
                lately += tickets
        return usual_arrivals(counts, (now - begun) / timedelta(weeks=1), lately, now)

    @cached_property
    def margins(self) -> Mapping[Priority, Margin]:
        """What is added to the expected to be safe, by priority: learnt from the promises."""
        learnt, promises = learnt_until_now(self.reader)
        sure = self.reader.rulebook.waits.sure
        return {
            priority: learnt.margin(priority, promises, sure, self.reader.now)
            for priority in self.reader.words.priorities
        }

    def forecasts(
        self, mode: Mode, wanted: Collection[int] | None = None
    ) -> Mapping[int, AnswerForecast]:
        """Return when the owed tickets of the queue, or those wanted, can expect their answers.

        Those that are not answered as far as the roster reaches are left out.
        """
        at_work = self._at_work(mode)
        owed = {each.ticket for each in at_work if each.owed}
        expected = expected_answers(
            self._waiting(mode, owed),
            at_work,
            self.work,
            self.durations,
            self.arrivals,
            self.reader.words.priorities,
            wanted,
        )
        last = self.reader.words.last_priority
        return {
            ticket: AnswerForecast(at, safe_by(self.work, at, self.margins[priority]))
            for ticket, at in expected.items()
            if ticket in owed
            for priority in [self._priorities.get(ticket, last)]
        }

    @cached_property
    def _priorities(self) -> dict[int, Priority]:
        """The priorities of the tickets that were read."""
        return {}

    def _waiting(self, mode: Mode, owed: set[int]) -> Iterator[Waiting]:
        """Yield the queue in its order, read piece by piece as far as it is asked for."""
        queue = self.reader.queue_in(mode)
        offset = 0
        while ids := queue.ids(offset, _AT_ONCE):
            rows = {row.id: row for row in self.reader.connection.execute(_STANDING, {"ids": ids})}
            for row in (rows[each] for each in ids):
                self._note(row.id, row, owed)
                yield Waiting(row.id, row.priority)
            offset += len(ids)

    def _note(self, ticket: int, row: Any, owed: set[int]) -> None:
        if row.priority in self.margins:
            self._priorities[ticket] = row.priority
        if row.waiting_since is not None and not row.internal:
            owed.add(ticket)

    def _at_work(self, mode: Mode) -> Sequence[BeingAnswered]:
        """Return what those are at who are in and take new tickets: each the first of theirs."""
        reader = self.reader
        taking = self.roster.taking_new
        free = {comparable(login) for login in cover_at(taking, reader.now).available}
        done = self._last_done()
        found = []
        for row in reader.connection.execute(_IN_HAND[mode]):
            member = taking.member(row.login)
            if member is None or comparable(member.login) not in free:
                continue
            free.discard(comparable(member.login))
            since = max(row.since, done.get(member.login, row.since))
            minutes = self._minutes_of(member, max(since, reader.now - _LONGEST_AT_ONE))
            is_owed = row.waiting_since is not None and not row.internal
            if row.priority in self.margins:
                self._priorities[row.ticket_id] = row.priority
            found.append(BeingAnswered(row.ticket_id, row.priority, minutes, is_owed))
        return found

    def _last_done(self) -> Mapping[str, Any]:
        since = self.reader.now - _LONGEST_AT_ONE
        rows = self.reader.connection.execute(_LAST_DONE, {"since": since})
        return {row.login: row.at for row in rows}

    def _minutes_of(self, member: Member, since: Any) -> float:
        hours = available_hours(self.roster, member, since, self.reader.now)
        return sum(((each.end - each.start) / MINUTE for each in hours), 0.0)


def forecast_of(found: Mapping[int, AnswerForecast], ticket: int) -> AnswerForecast:
    """Return what is forecast of a ticket: nothing for one that is not reached, or not owed."""
    return found.get(ticket, NOT_FORESEEN)
