"""What should be rare: tickets put first by a person, and engineering asked to drop everything.

"So the need to drop everything should be rare."
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from policy.report.ticket_changes import TicketChange
from policy.ticket import Deviation, Escalation, Ticket


class Ending(StrEnum):
    """How a deviation ended."""

    IN_FORCE = "in_force"
    """It had not ended."""
    EXPIRED = "expired"
    ANSWERED = "answered"
    REPLACED = "replaced"
    """Somebody put the ticket first anew."""
    ENDED = "ended"
    """Somebody ended it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PutFirst:
    """A deviation as it went: who put which ticket first, why, until when, and how it ended.

    Times are UTC. ``until`` is the end that was given, None for "until answered"; ``ended_at`` is
    None while it is in force, ``ended_by`` who brought the end about, None where time did.
    """

    ticket: int
    deviation: Deviation
    ending: Ending
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An answer to "can it wait a day?": engineering was asked to drop everything, or was not."""

    ticket: int
    escalation: Escalation


def deviations(
    tickets: Iterable[Ticket], changes: Sequence[TicketChange], start: datetime, end: datetime
) -> list[PutFirst]:
    """Return the deviations in force at any time from ``start`` to ``end``, in order.

    ``tickets`` are those with a deviation at ``start``, ``changes`` what happened since. One whose
    beginning was undone counts for nothing.
    """
    running = {each.id: each.deviation for each in tickets if each.deviation is not None}
    found: list[PutFirst] = []
    for change in (each for each in changes if not each.taken_back):
        was = running.pop(change.ticket_id, None)
        deviation = None if change.after is None else change.after.deviation
        if was is not None and was != deviation:
            found.append(_ended(was, deviation, change))
        if deviation is not None:
            running[change.ticket_id] = deviation
    found += [_still(ticket, deviation, end) for ticket, deviation in running.items()]
    in_time = (each for each in found if each.ended_at is None or each.ended_at > start)
    return sorted(in_time, key=lambda each: (each.deviation.since, each.ticket))


def asked(changes: Iterable[TicketChange]) -> Iterator[Asked]:
    """Yield every answer to "can it wait a day?" that was given, in order."""
    for change in changes:
        before = None if change.before is None else change.before.escalation
        after = None if change.after is None else change.after.escalation
        if after is not None and after != before and not change.taken_back:
            yield Asked(ticket=change.ticket_id, escalation=after)


def _ended(was: Deviation, following: Deviation | None, change: TicketChange) -> PutFirst:
    if was.until is not None and was.until <= change.at:
        return _expired(change.ticket_id, was, was.until)
    if following is not None:
        ending = Ending.REPLACED
    else:
        ending = Ending.ANSWERED if change.answers else Ending.ENDED
    return PutFirst(
        ticket=change.ticket_id,
        deviation=was,
        ending=ending,
        ended_at=change.at,
        ended_by=change.actor,
    )


def _still(ticket: int, deviation: Deviation, end: datetime) -> PutFirst:
    if deviation.until is not None and deviation.until <= end:
        return _expired(ticket, deviation, deviation.until)
    return PutFirst(ticket=ticket, deviation=deviation, ending=Ending.IN_FORCE)


def _expired(ticket: int, deviation: Deviation, until: datetime) -> PutFirst:
    return PutFirst(ticket=ticket, deviation=deviation, ending=Ending.EXPIRED, ended_at=until)
