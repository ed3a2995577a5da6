"""Who is due a wait notice as things stand, or would with another roster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy.capacity.advice import CapacityState
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.waits.forecast import AnswerForecast
from policy.waits.notices import (
    Unreachable,
    WaitDue,
    WaitNotice,
    late_answers,
    notices_about,
    notices_due,
    unreachable_due,
    waits_due,
)
from policy.waits.references import reference_forms
from policy.words import Mode
from store.conversations.connection_rows import entries
from store.desk_reader import DeskReader
from store.forecast.answer_forecasts import Forecasting
from store.forecast.standing_queue import ReadSoFar
from store.notices.asking_tickets import asking_tickets
from store.notices.failed_addresses import failed_addresses
from store.notices.promise_rows import promises_to, tickets_promised

Forecasts = Mapping[int, AnswerForecast]
"""When tickets can expect their answers, by their ids."""


def due_notices(
    reader: DeskReader, forecasting: Forecasting, forecasts: Forecasts
) -> tuple[WaitNotice, ...]:
    """Return the wait notices to draft now; ``forecasts`` are those of the queue."""
    mode = reader.mode.mode
    if not forecasting.roster.support:
        return ()
    queue = _who_may_be_told(reader, mode, forecasting, forecasts)
    customers = {ticket.customer for ticket in queue}
    return notices_due(
        reader.rulebook,
        forecasting.roster,
        reader.now,
        mode=mode,
        queue=queue,
        forecasts=forecasts,
        promises=promises_to(reader.connection, customers),
        forms=reference_forms(entries(reader.connection)),
        failed=failed_addresses(reader.connection),
    )


def unreachable(
    reader: DeskReader, forecasting: Forecasting, forecasts: Forecasts
) -> tuple[Unreachable, ...]:
    """Return who would be told now but for their address, which failed for good."""
    failed = failed_addresses(reader.connection)
    mode = reader.mode.mode
    if not failed:
        return ()
    queue = _who_may_be_told(reader, mode, forecasting, forecasts)
    return unreachable_due(
        reader.roster,
        reader.now,
        mode=mode,
        queue=queue,
        forecasts=forecasts,
        promises=promises_to(reader.connection, {ticket.customer for ticket in queue}),
        failed=failed,
    )


def _who_may_be_told(
    reader: DeskReader, mode: Mode, forecasting: Forecasting, forecasts: Forecasts
) -> Sequence[Ticket]:
    """Return who will be late while choices are hard, else the tickets that promises speak of."""
    if mode is Mode.HARD_CHOICES:
        late = late_answers(forecasting.standing.rows(mode), forecasts)
        return list(reader.each([row.id for row in late]))
    return list(reader.each(tickets_promised(reader.connection)))


def notices_to_requesters(reader: DeskReader, tickets: Sequence[Ticket]) -> tuple[WaitNotice, ...]:
    """Return the wait notices about these tickets, whether or not they are due."""
    wanted = {ticket.id for ticket in tickets}
    return notices_about(
        reader.rulebook,
        reader.roster,
        reader.now,
        tickets=tickets,
        forecasts=Forecasting(reader, reader.roster).forecasts(reader.mode.mode, wanted),
        promises=promises_to(reader.connection, {ticket.customer for ticket in tickets}),
        forms=reference_forms(entries(reader.connection)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StateForeseen:
    """How things stand, or would with another roster, and what is forecast then."""

    capacity: CapacityState
    forecasts: Forecasts


class Foresight:
    """How things stand, and would with another roster, at one instant; read once for all of it."""

    def __init__(self, reader: DeskReader, read: ReadSoFar) -> None:
        self._reader = reader
        self._forecasting = Forecasting(reader, reader.roster, read=read)
        self._failed = failed_addresses(reader.connection)
        self._asking = read.asking

    def state(self, roster: Roster | None = None) -> StateForeseen:
        """Return how things stand now, or would stand with another roster."""
        reader = self._reader
        mode = reader.mode if roster is None else reader.mode_with(roster)
        team = reader.roster if roster is None else roster
        forecasts = self._forecasting.with_roster(team).forecasts(mode.mode)
        return StateForeseen(
            capacity=CapacityState(
                capacity=reader.capacity if roster is None else reader.capacity_with(roster),
                mode=mode,
                notices=self._due(team, mode.mode, forecasts) if team.support else (),
            ),
            forecasts=forecasts,
        )

    def _due(self, team: Roster, mode: Mode, forecasts: Forecasts) -> tuple[WaitDue, ...]:
        reader = self._reader
        if mode is Mode.HARD_CHOICES:
            late = late_answers(self._forecasting.standing.rows(mode), forecasts)
            queue = self._asked([row.id for row in late])
        else:
            queue = self._asked(tickets_promised(reader.connection))
        customers = {ticket.customer for ticket in queue}
        return waits_due(
            reader.rulebook,
            team,
            reader.now,
            mode=mode,
            queue=queue,
            forecasts=forecasts,
            promises=promises_to(reader.connection, customers),
            failed=self._failed,
        )

    def _asked(self, ids: Sequence[int]) -> Sequence[Ticket]:
        """Return these tickets as far as they say who asks, each of them read once."""
        missing = [each for each in ids if each not in self._asking]
        self._asking.update((each.id, each) for each in asking_tickets(self._reader, missing))
        return [self._asking[each] for each in ids if each in self._asking]
