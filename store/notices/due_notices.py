"""Who is due a wait notice as things stand, or would with another roster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policy.capacity.advice import CapacityState
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.waits.forecast import AnswerForecast
from policy.waits.notices import (
    Unreachable,
    WaitNotice,
    notices_about,
    notices_due,
    unreachable_due,
)
from policy.waits.references import reference_forms
from policy.words import Mode
from store.conversations.connection_rows import entries
from store.desk_reader import DeskReader
from store.forecast.answer_forecasts import Forecasting
from store.notices.failed_addresses import failed_addresses
from store.notices.promise_rows import promises_to, tickets_promised

Forecasts = Mapping[int, AnswerForecast]
"""When tickets can expect their answers, by their ids."""


def due_notices(
    reader: DeskReader, roster: Roster | None = None, forecasts: Forecasts | None = None
) -> tuple[WaitNotice, ...]:
    """Return the wait notices to draft now, or with another roster.

    ``forecasts`` are those of the queue, where they are known already.
    """
    mode = reader.mode if roster is None else reader.mode_with(roster)
    team = reader.roster if roster is None else roster
    if not team.support:
        return ()
    queue = _who_may_be_told(reader, mode.mode)
    if forecasts is None:
        wanted = None if mode.mode is Mode.HARD_CHOICES else {ticket.id for ticket in queue}
        forecasts = Forecasting(reader, team).forecasts(mode.mode, wanted)
    customers = {ticket.customer for ticket in queue}
    return notices_due(
        reader.rulebook,
        team,
        reader.now,
        mode=mode.mode,
        queue=queue,
        forecasts=forecasts,
        promises=promises_to(reader.connection, customers),
        forms=reference_forms(entries(reader.connection)),
        failed=failed_addresses(reader.connection),
    )


def unreachable(reader: DeskReader, forecasts: Forecasts) -> tuple[Unreachable, ...]:
    """Return who would be told now but for their address, which failed for good."""
    failed = failed_addresses(reader.connection)
    mode = reader.mode.mode
    if not failed:
        return ()
    queue = _who_may_be_told(reader, mode)
    return unreachable_due(
        reader.roster,
        reader.now,
        mode=mode,
        queue=queue,
        forecasts=forecasts,
        promises=promises_to(reader.connection, {ticket.customer for ticket in queue}),
        failed=failed,
    )


def _who_may_be_told(reader: DeskReader, mode: Mode) -> Sequence[Ticket]:
    """Return the queue while choices are hard, else only the tickets that promises speak of."""
    if mode is Mode.HARD_CHOICES:
        return reader.tickets_in(mode)
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


def state_foreseen(reader: DeskReader, roster: Roster | None = None) -> StateForeseen:
    """Return how things stand now, or would stand with another roster."""
    team = reader.roster if roster is None else roster
    mode = reader.mode if roster is None else reader.mode_with(roster)
    forecasts = Forecasting(reader, team).forecasts(mode.mode)
    return StateForeseen(
        capacity=CapacityState(
            capacity=reader.capacity if roster is None else reader.capacity_with(roster),
            mode=mode,
            notices=due_notices(reader, roster, forecasts),
        ),
        forecasts=forecasts,
    )
