"""First responses that were owed and did not come, "from the moment it was late"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.report.first_responses import owed_by_contract
from policy.report.ticket_changes import Since, TicketChange, value_at
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import DECIDED_STATUSES


@dataclass(frozen=True, slots=True)
class _Known:
    """A ticket as it stood by a time, or as it came here after that, at ``came_at`` (UTC)."""

    ticket: Ticket
    came_at: datetime | None = None


def overdue(
    tickets: Mapping[int, Ticket],
    changes: Sequence[TicketChange],
    rulebooks: Sequence[Since[Rulebook]],
    start: datetime,
    end: datetime,
) -> list[int]:
    """Return the tickets whose first response was owed from ``start`` to before ``end`` (UTC).

    And which had none by ``end``. ``tickets`` are those that stood here at ``start``, by number,
    and ``changes`` all that was done since, in order: what came here or was learnt after ``end``
    counts by its source's times. What was solved or closed by then is owed none any more, nor is
    what came as solved without any answer, nobody knows when.
    """
    known = {number: _Known(ticket) for number, ticket in tickets.items()}
    stands: dict[int, Ticket | None] = dict(tickets)
    for change in changes:
        number, after = change.ticket_id, change.after
        stands[number] = after
        if change.at < end:
            known.pop(number, None)
            if after is not None:
                known[number] = _Known(after)
        elif change.before is None and after is not None and not change.taken_back:
            known.setdefault(number, _Known(after, change.at))
    return [
        number
        for number, each in known.items()
        if _is_overdue(each, stands[number] or each.ticket, rulebooks, start, end)
    ]


def _is_overdue(
    known: _Known,
    stands: Ticket,
    rulebooks: Sequence[Since[Rulebook]],
    start: datetime,
    end: datetime,
) -> bool:
    ticket, answered = known.ticket, stands.first_response_at
    if ticket.received_at >= end or (answered is not None and answered < end):
        return False
    if ticket.declined is not None or ticket.merged_into is not None:
        return False
    if _is_over(known, end) or _is_over(_Known(stands, known.came_at), end):
        return False
    owed = ticket.respond_by if ticket.first_response_at is None else None
    if owed is None:
        owed = owed_by_contract(ticket, value_at(rulebooks, end))
    return owed is not None and start <= owed < end


def _is_over(known: _Known, end: datetime) -> bool:
    """Return whether a ticket was solved or closed by ``end``, as far as anybody knows."""
    ticket = known.ticket
    if ticket.status not in DECIDED_STATUSES or ticket.solved_at is None:
        return False
    nobody_knows_when = ticket.solved_at == known.came_at and ticket.first_response_at is None
    return ticket.solved_at < end or nobody_knows_when
