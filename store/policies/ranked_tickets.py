"""Tickets as far as a policy looks at them: what a whole queue is assessed and keyed by.

Whole tickets of a long queue take most of the time that it takes to rank them anew, for words that
no policy asks for.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select
from sqlmodel import col

from policy.refusal import Refusal
from policy.ticket import AssignedPriority, Deviation, Requester, Ticket
from policy.words import DECIDED_STATUSES, OpenedBy, Status
from store.engines.kind import RESTORE
from store.schema.tables import CustomerRow, EventRow, RequesterRow, TicketRow
from store.tickets.ticket_json import pairs_of, pauses_of, read

_ID = col(TicketRow.id)
_IS_UNDECIDED = col(TicketRow.status).not_in(DECIDED_STATUSES)
_UNDECIDED: Any = select(_ID).where(_IS_UNDECIDED).order_by(_ID)
_COLUMNS: tuple[Any, ...] = (
    _ID,
    col(TicketRow.tier),
    col(TicketRow.severity),
    col(TicketRow.opened_by),
    col(TicketRow.status),
    col(TicketRow.assignee),
    col(TicketRow.received_at),
    col(TicketRow.first_response_at),
    col(TicketRow.last_response_at),
    col(TicketRow.waiting_since),
    col(TicketRow.internal),
    col(TicketRow.respond_by),
    col(TicketRow.aim_by),
    col(TicketRow.update_by),
    col(TicketRow.resolve_by),
    col(TicketRow.paused),
    col(TicketRow.defined_priority),
    col(TicketRow.because),
    col(TicketRow.declined),
    col(TicketRow.assigned_priority),
    col(TicketRow.deviation),
    col(TicketRow.facts),
    col(TicketRow.merged_into),
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
_STATUSES = {each.value: each for each in Status}
_OPENED_BY = {each.value: each for each in OpenedBy}


def undecided(connection: Connection) -> list[int]:
    """Return the ids of all tickets that are not solved, in order."""
    return [row[0] for row in connection.execute(_UNDECIDED)]


def ranked_between(connection: Connection, first: int, last: int) -> list[Ticket]:
    """Return the unsolved tickets from one id to another, as far as a policy looks at them.

    By their ids, as SQLite would sort all of them anew for each few hundred by status.

    Raises:
        Refusal: one says what cannot be; the file was damaged.
    """
    return [_ranked(row) for row in connection.execute(_BETWEEN, {"first": first, "last": last})]


def ranked_by_ids(connection: Connection, ids: Sequence[int]) -> list[Ticket]:
    """Return those of a few hundred tickets that are not solved, as ``ranked_between`` does."""
    return [_ranked(row) for row in connection.execute(_THESE, {"ids": list(ids)})]


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


def _ranked(row: Row[Any]) -> Ticket:
    try:
        return _ticket(row)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal(f"#{row.id} is damaged in the database: {error}; {RESTORE}") from error


def _ticket(row: Row[Any]) -> Ticket:
    (
        number,
        tier,
        severity,
        opened_by,
        status,
        assignee,
        received_at,
        first_response_at,
        last_response_at,
        waiting_since,
        internal,
        respond_by,
        aim_by,
        update_by,
        resolve_by,
        paused,
        defined_priority,
        because,
        declined,
        assigned_priority,
        deviation,
        facts,
        merged_into,
        zone,
    ) = row
    return Ticket(
        id=number,
        source="",
        external_id="",
        subject="",
        customer="",
        tier=tier,
        severity=severity,
        opened_by=_OPENED_BY[opened_by],
        status=_STATUSES[status],
        assignee=assignee,
        requester=_somebody_in(zone) if zone else None,
        received_at=received_at,
        first_response_at=first_response_at,
        last_response_at=last_response_at,
        waiting_since=waiting_since,
        internal=internal,
        respond_by=respond_by,
        aim_by=aim_by,
        update_by=update_by,
        resolve_by=resolve_by,
        paused=pauses_of(paused) if paused else (),
        defined_priority=defined_priority,
        because=because,
        declined=declined,
        assigned_priority=read(AssignedPriority, assigned_priority) if assigned_priority else None,
        deviation=read(Deviation, deviation) if deviation else None,
        facts=pairs_of(facts) if facts else (),
        merged_into=merged_into,
    )


@cache
def _somebody_in(zone: str) -> Requester:
    """Return whoever asks from a zone; who they are no policy asks."""
    return Requester(name="", timezone=zone)
