"""How the desk stands for somebody who is told what changes: the same for a board and a command."""

from datetime import timedelta
from typing import Final

from policy.alerting.desk_changes import WatchedDesk
from policy.alerting.team_alerts import DUE_SOON
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.words import Status
from store.desk_reader import DeskReader
from store.queue.due import due_between
from store.queue.query import ME, Query, QueryField, Scope, Term
from store.read_models import Overview

_DUE_AT_MOST: Final = 100
_MINE_AT_MOST: Final = 200
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
    mine = reader.page(_MINE, 0, _MINE_AT_MOST)
    have = {ticket.id for ticket in mine}
    were = {} if before is None else {ticket.id: ticket for ticket in before.mine}
    gone = tuple(
        found for number in were.keys() - have if (found := _if_there(reader, number)) is not None
    )
    since = now if before is None else min(before.now, now - _A_MINUTE)
    changed = () if before is None else (*mine, *gone)
    return WatchedDesk(
        now=now,
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
        due=due_between(reader, since, now + DUE_SOON + _END_INCLUDED, _DUE_AT_MOST),
    )


def _if_there(reader: DeskReader, number: int) -> Ticket | None:
    try:
        return reader.ticket(number)
    except Refusal:
        return None
