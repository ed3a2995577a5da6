"""What was solved: when, how long that took, and where the customer had no answer at the end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from policy.report.first_responses import Spread, open_time
from policy.report.ticket_changes import Since, TicketChange, value_at
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import DECIDED_STATUSES

_BY_A_PERSON = "solved_unanswered"
"""The kind of the event in which a person says why nobody needs an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedTicket:
    """A ticket solved or closed, as it stood then; ``at`` is ``solved_at`` (UTC)."""

    ticket: Ticket
    at: datetime

    @property
    def unanswered(self) -> bool:
        """Whether nobody had answered who waited: "solved without an answer".

        "Declined, internal and merged tickets are never owed", so that nobody waited in them.
        """
        ticket = self.ticket
        if ticket.declined is not None or ticket.internal:
            return False
        return ticket.settled_at is not None and ticket.settled_at >= self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedFigures:
    """How many were solved, of how many the customer had no answer, and how long it took.

    ``without_answer`` are the tickets of those, in the order in which they were solved. ``took`` is
    in open time, from becoming aware of it to ``solved_at``; the declined, with which there was
    nothing to do, are not in it.
    """

    count: int
    unanswered: int
    took: Spread
    without_answer: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedUnanswered:
    """A ticket that somebody ended while its customer waited; ``at`` is UTC."""

    ticket: int
    by: str
    at: datetime
    reason: str


def solved_between(
    changes: Sequence[TicketChange], known: Iterable[Ticket], start: datetime, end: datetime
) -> list[SolvedTicket]:
    """Return what was solved from ``start`` to before ``end`` (UTC), in order.

    ``changes`` tell of what was opened again since, ``known`` are the tickets whose ``solved_at``
    lies in that time, whoever has learnt it when: it is "the source's, else when we learnt it".
    What came here as solved, nobody knows when, is not among them, nor is what was merged.
    """
    over, lasting = _told(changes)
    came = {each.ticket_id: each.at for each in changes if each.before is None}
    for ticket in known:
        at = ticket.solved_at
        if at is not None and at != came.get(ticket.id) and _is_ended(ticket):
            lasting[ticket.id] = SolvedTicket(ticket=ticket, at=at)
    found = (each for each in (*over, *lasting.values()) if start <= each.at < end)
    return sorted(found, key=lambda each: (each.at, each.ticket.id))


def _told(
    changes: Iterable[TicketChange],
) -> tuple[list[SolvedTicket], dict[int, SolvedTicket]]:
    """Return what was solved and opened again, and what was and is, by its number."""
    over: list[SolvedTicket] = []
    lasting: dict[int, SolvedTicket] = {}
    for change in changes:
        after, number = change.after, change.ticket_id
        if change.taken_back or after is None:
            continue
        was, stands = _is_ended(change.before), _is_ended(after)
        came_ended = change.before is None and after.solved_at == change.at
        if stands and not came_ended and (not was or number in lasting):
            lasting[number] = SolvedTicket(ticket=after, at=after.solved_at or change.at)
        elif was and not stands and number in lasting:
            over.append(lasting.pop(number))
    return over, lasting


def solved_figures(
    solved: Sequence[SolvedTicket], rulebooks: Sequence[Since[Rulebook]]
) -> SolvedFigures:
    """Return the figures of what was solved, by the calendars of its time."""
    return SolvedFigures(
        count=len(solved),
        unanswered=sum(each.unanswered for each in solved),
        took=Spread.of(
            open_time(value_at(rulebooks, each.at), each.ticket.received_at, each.at)
            for each in solved
            if each.ticket.declined is None
        ),
        without_answer=tuple(dict.fromkeys(each.ticket.id for each in solved if each.unanswered)),
    )


def ended_unanswered(changes: Iterable[TicketChange]) -> Iterator[EndedUnanswered]:
    """Yield what persons ended while a customer waited, in order, and why.

    "``solved`` or ``closed`` is refused while it is owed, unless ``--unanswered REASON`` says why
    nobody needs an answer; that is an event, and counted in the report."
    """
    for change in changes:
        if change.kind == _BY_A_PERSON and not change.taken_back:
            yield EndedUnanswered(
                ticket=change.ticket_id, by=change.actor, at=change.at, reason=change.note
            )


def _is_ended(ticket: Ticket | None) -> bool:
    if ticket is None or ticket.merged_into is not None:
        return False
    return ticket.status in DECIDED_STATUSES
