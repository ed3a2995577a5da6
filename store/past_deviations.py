"""Deviations as they were in force: the one thing of a ticket that going back does not tell.

A deviation that is over is dropped from its ticket without a word, as its end is in the history
since it began. So it is told forward: from those in force at the start, over what began since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from policy.report.changes import TicketChange
from policy.ticket import Deviation, Ticket
from store.events import events_of_ticket
from store.facts import deviation_of
from store.journal import REDONE, UNDONE
from store.tables import EventRow
from store.views import Event

_NAME = "deviation"
_BEGINNINGS = ("deviated", UNDONE, REDONE)
"""The kinds of the events with which a deviation can have begun."""

_BEFORE = select(col(EventRow.ticket_id), col(EventRow.after)).where(
    col(EventRow.kind).in_(_BEGINNINGS), col(EventRow.at) < bindparam("start")
)


def in_force_at(
    connection: Connection, touched: Iterable[int], start: datetime
) -> dict[int, Deviation]:
    """Return the deviations with an end in time that were in force at ``start`` (UTC), by ticket.

    Only of the ``touched``, from which they can have been dropped since.
    """
    wanted = set(touched)
    begun = {
        row.ticket_id
        for row in connection.execute(_BEFORE, {"start": start})
        if row.ticket_id in wanted and _lasts(row.after, start)
    }
    last = {number: _last_said(events_of_ticket(connection, number), start) for number in begun}
    return {
        number: deviation
        for number, deviation in last.items()
        if deviation is not None and deviation.until is not None and deviation.until > start
    }


def told_forward(
    told: Sequence[tuple[Event, TicketChange]], at_start: Mapping[int, Deviation | None]
) -> list[TicketChange]:
    """Return the changes, in the order of their events, each with the deviation as it was."""
    running = dict(at_start)
    changes = []
    for event, change in told:
        number = change.ticket_id
        before = _with(change.before, running.get(number))
        said = event.after or {}
        if _NAME in said:
            running[number] = deviation_of(said[_NAME])
        after = _with(change.after, running.get(number))
        changes.append(replace(change, before=before, after=after))
    return changes


def _lasts(after: Mapping[str, object] | None, start: datetime) -> bool:
    said = (after or {}).get(_NAME)
    deviation = deviation_of(said) if isinstance(said, dict) else None
    return deviation is not None and deviation.until is not None and deviation.until > start


def _last_said(events: Sequence[Event], start: datetime) -> Deviation | None:
    said = [event.after for event in events if event.at < start and _NAME in (event.after or {})]
    return deviation_of((said[-1] or {})[_NAME]) if said else None


def _with(ticket: Ticket | None, deviation: Deviation | None) -> Ticket | None:
    if ticket is None or ticket.deviation == deviation:
        return ticket
    return replace(ticket, deviation=deviation)
