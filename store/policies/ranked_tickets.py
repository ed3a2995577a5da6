"""Tickets as far as a policy looks at them: what a whole queue is assessed and keyed by.

Whole tickets of a long queue take most of the time that it takes to rank them anew, for words that
no policy asks for.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select
from sqlmodel import col

from policy.facts import NO_FACTS
from policy.intake.rules import SAID, assessment
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook
from policy.ticket import AssignedPriority, Deviation, Requester, Ticket
from policy.words import DECIDED_STATUSES, OpenedBy, Status
from store.engines.damage import RESTORE
from store.schema.tables import CustomerRow, EventRow, RequesterRow, TicketRow
from store.tickets.ticket_json import pairs_of, pauses_of, read

_ID = col(TicketRow.id)
_IS_UNDECIDED = col(TicketRow.status).not_in(DECIDED_STATUSES)
_UNDECIDED: Any = select(_ID).where(_IS_UNDECIDED).order_by(_ID)
_READ = (
    "id",
    "tier",
    "severity",
    "opened_by",
    "assigned_priority",
    "received_at",
    "waiting_since",
    "first_response_at",
    "paused",
    "facts",
    "last_response_at",
    "status",
    "assignee",
    "deviation",
    "merged_into",
    *SAID,
)
"""The columns of a ticket that are read, those that a policy decides by first."""

_DECIDE_BY = 10
_REST_FROM = len(_READ) - len(SAID)
_COLUMNS: tuple[Any, ...] = (
    *(getattr(TicketRow, name) for name in _READ),
    col(RequesterRow.timezone),
)
_RANKED = (
    select(*_COLUMNS)
    .outerjoin(RequesterRow, col(TicketRow.requester_id) == col(RequesterRow.id))
    .where(_IS_UNDECIDED)
    .order_by(_ID)
)
_BETWEEN = _RANKED.where(bindparam("first") <= _ID, bindparam("last") >= _ID)
_THESE = _RANKED.where(_ID.in_(bindparam("ids", expanding=True)))
_TOUCHED: Any = (
    select(col(EventRow.ticket_id))
    .where(col(EventRow.id) > bindparam("since"), col(EventRow.ticket_id).is_not(None))
    .distinct()
)
_OF_NO_TICKET = select(col(EventRow.before), col(EventRow.after)).where(
    col(EventRow.id) > bindparam("since"), col(EventRow.ticket_id).is_(None)
)
_OF_CUSTOMER: Any = (
    select(_ID)
    .join(CustomerRow, col(TicketRow.customer_id) == col(CustomerRow.id))
    .where(col(CustomerRow.name) == bindparam("that_customer"))
)
_UNASKED: dict[str, Any] = dict.fromkeys(("source", "external_id", "subject", "customer"), "")
"""What every ticket has and no policy asks for."""


def undecided(connection: Connection) -> list[int]:
    """Return the ids of all tickets that are not solved, in order."""
    return [row[0] for row in connection.execute(_UNDECIDED)]


def ranked_between(connection: Connection, first: int, last: int) -> Sequence[Row[Any]]:
    """Return the rows of the unsolved tickets from one id to another.

    By their ids, as SQLite would sort all of them anew for each few hundred by status.
    """
    return connection.execute(_BETWEEN, {"first": first, "last": last}).all()


def ranked_by_ids(connection: Connection, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the rows of those of a few hundred tickets that are not solved."""
    return connection.execute(_THESE, {"ids": list(ids)}).all()


def says_the_same(rulebook: Rulebook, row: Row[Any]) -> bool:
    """Return whether a policy makes of a ticket just what its row says; False where that is open.

    Most tickets of a queue need no more to be told of than this.
    """
    found: Any = row
    (_, tier, severity, opened_by, assigned, received_at, waiting_since, first, paused, facts) = (
        found[:_DECIDE_BY]
    )
    if assigned is not None or paused or rulebook.pauses_in is not None:
        return False
    said = assessment(
        rulebook,
        tier=tier,
        severity=severity,
        opened_by=opened_by,
        facts=facts or NO_FACTS,
        assigned=None,
        received_at=received_at,
        waiting_since=waiting_since,
        answered_before=first is not None,
        zone=found[-1],
        going_on=None,
    )
    told: bool = said == found[_REST_FROM:-1]
    return told


def ranked_ticket(row: Row[Any]) -> Ticket:
    """Return the ticket that a row says, as far as a policy looks at it.

    Raises:
        Refusal: it says what cannot be; the file was damaged.
    """
    try:
        return _ticket(row)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(f"#{row.id} is damaged in the database: {error}; {RESTORE}") from error


def touched_since(connection: Connection, event_id: int) -> list[int]:
    """Return the tickets that may be others than they were right after an event, in order.

    Of a customer of whose people something else is known now, all.
    """
    those = {"since": event_id}
    touched: set[int] = {row[0] for row in connection.execute(_TOUCHED, those)}
    for row in connection.execute(_OF_NO_TICKET, those).all():
        for told in (row.before, row.after):
            if told and "requester" in told:
                name = {"that_customer": told["requester"]["customer"]}
                touched.update(row[0] for row in connection.execute(_OF_CUSTOMER, name))
    return sorted(touched)


def _ticket(row: Any) -> Ticket:
    values: dict[str, Any] = dict(zip(_READ, row, strict=False))  # the zone comes behind them
    values["opened_by"] = OpenedBy(values["opened_by"])
    values["status"] = Status(values["status"])
    for name, kind in (("assigned_priority", AssignedPriority), ("deviation", Deviation)):
        if values[name] is not None:
            values[name] = read(kind, values[name])
    values["paused"] = pauses_of(values["paused"])
    values["facts"] = pairs_of(values["facts"])
    zone = row[-1]
    return Ticket(**_UNASKED, **values, requester=_somebody_in(zone) if zone else None)


@lru_cache(maxsize=1024)
def _somebody_in(zone: str) -> Requester:
    """Return whoever asks from a zone; who they are no policy asks."""
    return Requester(name="", timezone=zone)
