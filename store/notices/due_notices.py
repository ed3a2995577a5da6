"""Who is due a wait notice as things stand, or would with another roster."""

from collections.abc import Mapping, Sequence

from policy.capacity.advice import CapacityState
from policy.capacity.levels import capacity
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.waits.forecast import AnswerForecast
from policy.waits.notices import WaitNotice, notices_about, notices_due
from policy.words import Mode
from store.desk_reader import DeskReader
from store.forecast.answer_forecasts import Forecasting
from store.notices.promise_rows import promises_to
from store.queue import counters


def due_notices(
    reader: DeskReader,
    roster: Roster | None = None,
    forecasts: Mapping[int, AnswerForecast] | None = None,
) -> tuple[WaitNotice, ...]:
    """Return the wait notices to draft now, or with another roster.

    ``forecasts`` are those of the queue, where they are known already.
    """
    mode = reader.mode if roster is None else reader.mode_with(roster)
    team = reader.roster if roster is None else roster
    if mode.mode is not Mode.HARD_CHOICES or not team.support:
        return ()
    queue = reader.tickets_in(mode.mode)
    if forecasts is None:
        forecasts = Forecasting(reader, team).forecasts(mode.mode)
    return notices_due(
        reader.rulebook,
        team,
        reader.now,
        mode=mode.mode,
        queue=queue,
        forecasts=forecasts,
        promises=promises_to(reader.connection, {ticket.customer for ticket in queue}),
    )


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
    )


def capacity_state(reader: DeskReader, roster: Roster | None = None) -> CapacityState:
    """Return how things stand now, or would stand with another roster."""
    if roster is None:
        return CapacityState(
            capacity=reader.capacity, mode=reader.mode, notices=due_notices(reader)
        )
    tickets = reader.counts[counters.QUEUE]
    return CapacityState(
        capacity=capacity(reader.rulebook, roster, tickets, reader.now),
        mode=reader.mode_with(roster),
        notices=due_notices(reader, roster),
    )
