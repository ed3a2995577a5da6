"""What a person hands over at the end of a shift: where each of their tickets stands, what is next.

"Whoever is out names a backup and hands over what is open: what it is about, what was tried, links,
the last step and whose, the next step, whose and when."
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from policy.phrases import ReadersClock
from policy.ticket import Ticket
from policy.tickets.guidance import next_step
from policy.vocabulary import Vocabulary
from policy.words import ACTIONABLE_STATUSES, Status


class ShiftState(StrEnum):
    """Whose step is next in a ticket that is handed over, in the order of the note."""

    QUEUE = "queue"
    PENDING = "pending"
    ON_HOLD = "on_hold"


HANDED_OVER_STATUSES = (*sorted(ACTIONABLE_STATUSES), Status.PENDING, Status.ON_HOLD)
"""The statuses of what is still open, and so is handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What is to be done next, who does it, and by when (UTC); None when nothing sets a time."""

    what: str
    whose: str
    by: datetime | None


def standing_of(ticket: Ticket) -> ShiftState | None:
    """Return where the ticket stands in the note, None when there is nothing to hand over."""
    if ticket.declined is not None:
        return None
    if ticket.actionable:
        return ShiftState.QUEUE
    rests = {Status.PENDING: ShiftState.PENDING, Status.ON_HOLD: ShiftState.ON_HOLD}
    return rests.get(ticket.status)


def next_step_of(ticket: Ticket, words: Vocabulary, clock: ReadersClock) -> NextStep:
    """Return "the next step, whose and when" of a ticket, as whoever takes it over reads it.

    Times in it are as the reader's ``clock`` shows them.
    """
    return NextStep(
        what=next_step(ticket, ticket.assignee or "", words, clock=clock).sentence,
        whose=_whose(ticket),
        by=ticket.respond_by if ticket.actionable else None,
    )


def about(body: str, longest: int) -> str:
    """Return "what it is about": the beginning of a description on one line, cut between words."""
    line = " ".join(body[: longest * 2].split())
    if len(line) <= longest:
        return line
    cut = line[:longest]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut}…"


def grouped(tickets: Iterable[Ticket]) -> dict[ShiftState, list[Ticket]]:
    """Return the tickets by where they stand in the note, every group in the order given."""
    groups: dict[ShiftState, list[Ticket]] = {standing: [] for standing in ShiftState}
    for ticket in tickets:
        standing = standing_of(ticket)
        if standing is not None:
            groups[standing].append(ticket)
    return groups


def _whose(ticket: Ticket) -> str:
    if ticket.actionable:
        return "ours"
    if ticket.with_engineering_since is not None:
        return "engineering's"
    return "the customer's" if ticket.status is Status.PENDING else "another team's"
