"""Who is due a wait notice as things stand, or would with another roster."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from policy.capacity.advice import CapacityState
from policy.capacity.levels import capacity
from policy.roster.members import Roster
from policy.ticket import Ticket
from policy.waits.durations import durations_of
from policy.waits.forecast import Waiting, expected_answers
from policy.waits.notices import WaitNotice, notices_about, notices_due
from policy.waits.staffed_work import StaffedWork
from policy.waits.usual_arrivals import NO_ARRIVALS
from policy.words import Mode
from store.desk_reader import DeskReader
from store.notices.ledger import promises_to
from store.queue import counters


def due_notices(reader: DeskReader, roster: Roster | None = None) -> tuple[WaitNotice, ...]:
    """Return the wait notices to draft now, or with another roster."""
    mode = reader.mode if roster is None else reader.mode_with(roster)
    team = reader.roster if roster is None else roster
    if mode.mode is not Mode.HARD_CHOICES or not team.support:
        return ()
    queue = reader.tickets_in(mode.mode)
    customers = {ticket.customer for ticket in queue}
    return notices_due(
        reader.rulebook,
        team,
        reader.now,
        mode=mode.mode,
        queue=queue,
        expected=_expected(reader, team, queue),
        promises=promises_to(reader.connection, customers),
    )


def notices_to_requesters(reader: DeskReader, tickets: Sequence[Ticket]) -> tuple[WaitNotice, ...]:
    """Return the wait notices about these tickets, whether or not they are due."""
    queue = reader.tickets_in(reader.mode.mode)
    return notices_about(
        reader.rulebook,
        reader.roster,
        reader.now,
        tickets=tickets,
        expected=_expected(reader, reader.roster, queue),
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


def _expected(
    reader: DeskReader, roster: Roster, queue: Iterable[Ticket]
) -> Mapping[int, datetime]:
    return expected_answers(
        (Waiting(each.id, each.priority) for each in queue),
        (),
        StaffedWork.of(roster, reader.now),
        durations_of(reader.rulebook, ()),
        NO_ARRIVALS,
        reader.rulebook.vocabulary.priorities,
    )
