"""How the desk stands for somebody who is told what changes: the same for a board and a command."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from policy.alerting.desk_changes import WatchedDesk
from policy.alerting.team_alerts import DUE_SOON
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import Status
from store.desk_reader import DeskReader
from store.history.events import touched_between
from store.queue.due import due_between
from store.queue.query import ME, Query, QueryField, Scope, Term
from store.read_models import Overview
from store.schema.tables import TicketRow

_DUE_AT_MOST: Final = 100
_MINE_AT_MOST: Final = 200
_FEW: Final = 1_000
"""How many events may have happened for it to be worth looking whom they concern."""

_WHOSE: Final = (
    select(col(TicketRow.id))
    .where(col(TicketRow.id).in_(bindparam("touched", expanding=True)))
    .where(col(TicketRow.assignee).in_(bindparam("logins", expanding=True)))
    .limit(1)
)

_A_MINUTE: Final = timedelta(minutes=1)
_END_INCLUDED: Final = timedelta(microseconds=1)
_UNSOLVED: Final = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)
_MINE: Final = Query(
    scope=Scope.ALL,
    terms=(Term(QueryField.ASSIGNEE, (ME,)), Term(QueryField.STATUS, _UNSOLVED)),
)


def watched_desk(reader: DeskReader, overview: Overview, before: WatchedDesk | None) -> WatchedDesk:
    """Return how the desk stands; ``before`` is the look before, None for the first one.

    It costs no more in a long queue: what one person has, and what is due about now.
    """
    now = overview.now
    if before is not None and not _may_have_changed(reader, overview, before):
        return replace(
            before,
            now=now,
            revision=overview.revision,
            number_one=overview.number_one,
            why=overview.why,
            capacity=overview.capacity,
            mode=overview.mode,
            holders=overview.holders,
            gone=(),
            by={},
            due=_due(reader, now, before),
        )
    mine = _first_of_mine(reader)
    have = {ticket.id for ticket in mine}
    were = {} if before is None else {ticket.id: ticket for ticket in before.mine}
    gone = tuple(
        found for number in were.keys() - have if (found := _if_there(reader, number)) is not None
    )
    changed = () if before is None else (*mine, *gone)
    return WatchedDesk(
        now=now,
        revision=overview.revision,
        number_one=overview.number_one,
        why=overview.why,
        capacity=overview.capacity,
        mode=overview.mode,
        holders=overview.holders,
        mine=mine,
        gone=gone,
        by={
            ticket.id: event.actor
            for ticket in changed
            if ticket.id not in were or ticket.version != were[ticket.id].version
            for event in reader.history(ticket.id, newest=1)
        },
        due=_due(reader, now, before),
    )


def _first_of_mine(reader: DeskReader) -> tuple[Ticket, ...]:
    """Return what this person has that is not solved, the queue's first, as far as it matters.

    Who has more than that in the queue has thousands: they are not all sorted for the first ones.
    """
    first = reader.queue.first_of(reader.assignees(ME), _MINE_AT_MOST)
    if len(first) < _MINE_AT_MOST:
        return reader.page(_MINE, 0, _MINE_AT_MOST)
    return tuple(each for each in reader.each(first) if each.status in _UNSOLVED)


def _may_have_changed(reader: DeskReader, overview: Overview, before: WatchedDesk) -> bool:
    """Return whether what this person has may be otherwise than at the look before.

    It may after another minute, as time alone closes tickets, after anything that is of no ticket,
    such as another team, and when something happened to one of theirs.
    """
    minutes = (each.replace(second=0, microsecond=0) for each in (before.now, overview.now))
    if len({*minutes}) > 1 or not before.revision <= overview.revision:
        return True
    touched = touched_between(reader.connection, before.revision, overview.revision, _FEW)
    if touched is None or touched & {ticket.id for ticket in (*before.mine, *before.gone)}:
        return True
    theirs = {"touched": sorted(touched), "logins": reader.assignees(ME)}
    return all(theirs.values()) and reader.connection.execute(_WHOSE, theirs).first() is not None


def _due(reader: DeskReader, now: datetime, before: WatchedDesk | None) -> tuple[Ticket, ...]:
    since = now if before is None else min(before.now, now - _A_MINUTE)
    return due_between(reader, since, now + DUE_SOON + _END_INCLUDED, _DUE_AT_MOST)


def _if_there(reader: DeskReader, number: int) -> Ticket | None:
    try:
        return reader.ticket(number)
    except Refusal:
        return None
