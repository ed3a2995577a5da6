"""Keeps when the clocks of tickets stand still, as they change, and by the history of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol, Self

from sqlalchemy import Connection, bindparam, select
from sqlmodel import col

from policy.contract.pauses import (
    PastChange,
    Pauses,
    paused_after,
    paused_as_told,
    paused_by_history,
)
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Ticket
from policy.words import DECIDED_STATUSES, Status
from store.history.journal import REDONE, UNDONE
from store.schema.tables import EventRow

_TICKET, _ID = col(EventRow.ticket_id), col(EventRow.id)
_OF_TICKETS = (
    select(
        _TICKET,
        col(EventRow.at),
        col(EventRow.kind),
        col(EventRow.before),
        col(EventRow.after),
        col(EventRow.action),
        col(EventRow.undoes),
    )
    .where(_TICKET.in_(bindparam("ids", expanding=True)))
    .order_by(_TICKET, _ID)
)


class Changed(Protocol):
    """A ticket before and after a change; ``told`` says that it is put to what it was."""

    @property
    def before(self) -> Ticket | None:
        """The ticket before, None for one that came."""

    @property
    def after(self) -> Ticket:
        """The ticket after."""

    @property
    def told(self) -> bool:
        """Whether it is what the history tells."""


@dataclass(frozen=True, slots=True)
class Pausing:
    """Keeps the pauses of tickets that are written at a time (UTC), whatever changes them.

    ``pauses_in`` are the statuses in which the policy's clocks stand still, None where none can;
    ``by_history`` are the pauses of tickets that are solved no more, as what was solved keeps those
    of the policy under which it was.
    """

    pauses_in: frozenset[Status] | None
    now: datetime
    by_history: Mapping[int, Pauses]

    @classmethod
    def of(
        cls, connection: Connection, rulebook: Rulebook, now: datetime, changes: Sequence[Changed]
    ) -> Self:
        """Return what keeps the pauses of all that is changed together."""
        pauses_in = rulebook.pauses_in
        if pauses_in is None:
            return cls(None, now, {})
        opened = [each.before.id for each in changes if each.before and _opens_again(each)]
        return cls(pauses_in, now, past_pauses(connection, opened, pauses_in))

    def paused(self, change: Changed, after: Ticket) -> Ticket:
        """Return the ticket that comes ``after`` a change, with its pauses."""
        if self.pauses_in is None and not after.paused:
            return after
        if change.told:
            paused = paused_as_told(after, self.now, self.pauses_in)
        else:
            known = replace(after, paused=self.by_history.get(after.id, after.paused))
            paused = paused_after(change.before, known, self.now, self.pauses_in)
        return after if paused == after.paused else replace(after, paused=paused)


def _opens_again(change: Changed) -> bool:
    before, after = change.before, change.after
    was_over = before is not None and before.status in DECIDED_STATUSES
    return was_over and after.status not in DECIDED_STATUSES and not change.told


def renewed_pauses(
    connection: Connection, rulebook: Rulebook, tickets: Sequence[Ticket]
) -> Sequence[Ticket]:
    """Return tickets with the pauses that they have under a policy, by the history of each."""
    pauses_in = rulebook.pauses_in
    found: Mapping[int, Pauses] = {}
    if pauses_in is not None:
        found = past_pauses(connection, [each.id for each in tickets], pauses_in)
    return [
        each if (paused := found.get(each.id, ())) == each.paused else replace(each, paused=paused)
        for each in tickets
    ]


def past_pauses(
    connection: Connection, ids: Sequence[int], pauses_in: frozenset[Status]
) -> Mapping[int, Pauses]:
    """Return of each ticket its pauses as if its clocks had always stood still in these statuses.

    ``ids`` are few hundred at most.
    """
    if not ids:
        return {}
    rows = connection.execute(_OF_TICKETS, {"ids": list(ids)})
    return {
        number: paused_by_history(_changes(events), pauses_in)
        for number, events in groupby(rows, key=lambda row: row.ticket_id)
    }


def _changes(events: Iterator[Any]) -> Iterator[PastChange]:
    """Yield what the events say of the ticket itself; a comment only stands beside it."""
    for row in events:
        taken_away = row.after is None and "received_at" in (row.before or {})
        if row.after is None and not taken_away:
            continue
        yield PastChange(
            at=row.at,
            told=row.after,
            action=row.action,
            takes_back=row.undoes if row.kind in (UNDONE, REDONE) else None,
        )
