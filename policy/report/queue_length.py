"""How long the queue was when, "the source's times wherever it gives them".

What was written down here is how long it was for the boards. A ticket that came here late, or whose
answer a source told of late, had stood in the queue, or out of it, since the time its source says.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from policy.capacity.hard_choices import QueueCount
from policy.report.ticket_changes import TicketChange
from policy.ticket import Ticket
from policy.words import ACTIONABLE_STATUSES, DECIDED_STATUSES


class _Turn(NamedTuple):
    """From when on (UTC) a ticket stands in the queue, or does not."""

    at: datetime
    stands: bool


def queue_lengths(
    counts: Sequence[QueueCount],
    tickets: Iterable[Ticket],
    changes: Iterable[TicketChange],
    start: datetime,
    end: datetime,
) -> list[QueueCount]:
    """Return how many tickets stood in the queue from ``start`` to before ``end``, oldest first.

    ``counts`` are what was written down here, from the last one at or before ``start`` on;
    ``tickets`` are those that stood here at ``start``, and ``changes`` all that was done since, in
    order: also after ``end``, as that may tell of the time before it.
    """
    steps = _corrections(tickets, changes, start)
    was = 0
    for count in counts:
        if count.at < end:
            steps[count.at] += count.tickets - was
            was = count.tickets
    instants = sorted(instant for instant in steps if instant < end)
    lengths = accumulate(steps[instant] for instant in instants)
    known = [
        QueueCount(at=at, tickets=max(length, 0))
        for at, length in zip(instants, lengths, strict=True)
    ]
    first = next((place for place, each in enumerate(known) if each.at > start), len(known))
    return known[max(first - 1, 0) :]


def _corrections(
    tickets: Iterable[Ticket], changes: Iterable[TicketChange], start: datetime
) -> Counter[datetime]:
    """Return by how many more the queue was longer, from when on, than was written down here."""
    stood = {ticket.id: ticket for ticket in tickets}
    told: dict[int, list[TicketChange]] = defaultdict(list)
    for change in changes:
        told[change.ticket_id].append(change)
    steps = Counter[datetime]()
    for number, its in told.items():
        first = stood.get(number)
        here = [] if first is None else [_Turn(start, first.actionable)]
        by_source = list(here)
        for change in its:
            now = _Turn(change.at, change.after is not None and change.after.actionable)
            here.append(now)
            earlier = () if change.taken_back else tuple(_told_late(change))
            if earlier:
                by_source = [turn for turn in by_source if turn.at < earlier[0].at]
            by_source += [*earlier, now]
        if by_source != here:
            for turns, sign in ((by_source, 1), (here, -1)):
                for at, step in _steps(turns):
                    steps[at] += sign * step
    return steps


def _steps(turns: Iterable[_Turn]) -> Iterator[tuple[datetime, int]]:
    stood = False
    for at, stands in turns:
        if stands != stood:
            yield at, 1 if stands else -1
        stood = stands


def _told_late(change: TicketChange) -> Iterator[_Turn]:
    """Yield the turns before a change of which it is the first to tell, in order.

    A ticket stands in the queue since it was received and since its customer wrote, and no more
    since an answer of ours or since it was solved. Nobody says whether it stood there after its
    answer, so that only one that is open still, as its answer left it, is taken to have.
    """
    before, after = change.before, change.after
    if after is None or after.declined is not None or after.merged_into is not None:
        return
    answers = _answers(after) - _answers(before)
    turns = [_Turn(at, stands=False) for at in answers]
    wrote, had_written = after.last_customer_message_at, _wrote(before)
    if wrote is not None and wrote != had_written:
        turns.append(_Turn(wrote, stands=True))
    if after.status in DECIDED_STATUSES and after.solved_at is not None:
        if before is None and after.solved_at == change.at and not answers:
            return  # it came as solved, nobody knows when
        if before is None or after.solved_at != before.solved_at:
            turns.append(_Turn(after.solved_at, stands=False))
    if before is None:
        turns.append(_Turn(after.received_at, stands=True))
    turns = sorted(turn for turn in turns if after.received_at <= turn.at < change.at)
    if turns and turns[-1].at in answers and after.status in ACTIONABLE_STATUSES:
        turns[-1] = _Turn(turns[-1].at, stands=True)
    yield from turns


def _answers(ticket: Ticket | None) -> set[datetime]:
    if ticket is None:
        return set()
    return {at for at in (ticket.first_response_at, ticket.last_response_at) if at is not None}


def _wrote(ticket: Ticket | None) -> datetime | None:
    return None if ticket is None else ticket.last_customer_message_at
