"""Takes in what another help desk says of its tickets: new ones, and what differs of old ones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.clocks.deadlines import waiting_since
from policy.intake.incoming import FIELDS, IncomingTicket
from policy.intake.rules import decide
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Requester, Ticket
from policy.tickets.actions import done_with, with_status_elsewhere
from policy.words import DECIDED_STATUSES, Status
from store.schema.tables import TicketRow
from store.tickets.people import free_ticket_id
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import TicketUpdate


class Outcome(StrEnum):
    """The four ways a good line can end."""

    ADMITTED = "admitted"
    DECLINED = "declined"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


_TAKEN_OVER = frozenset(FIELDS) & {field.name for field in fields(Ticket)} - {"status"}
"""The fields that a new ticket takes over as they are."""

_PLAIN = _TAKEN_OVER - {"source", "external_id", "first_response_at"}
"""Those of them that it takes over as they are whenever they differ."""

_REQUESTER = frozenset({"requester_name", "requester_email", "requester_timezone"})
_TIMES = ("received_at", "first_response_at", "last_customer_message_at")

Key = tuple[str, str]
"""The source and the id that a ticket has there."""

Said = Mapping[str, Any]
"""What a source said of a ticket, as plain JSON values."""


def changes_for(
    connection: Connection, batch: Sequence[IncomingTicket]
) -> list[TicketUpdate | None]:
    """Return what each incoming ticket changes here, None where it changes nothing.

    Raises:
        Refusal: the same ticket occurs twice in the batch.
    """
    _refuse_repetitions(batch)
    known = _known(connection, batch)
    tickets = {
        ticket.id: ticket for ticket in by_ids(connection, [row[0] for row in known.values()])
    }
    changes: list[TicketUpdate | None] = []
    for incoming in batch:
        row = known.get(_key(incoming))
        if row is None:
            changes.append(_arrival(incoming))
        else:
            changes.append(_renewal(incoming, tickets[row[0]], row[1] or {}))
    return changes


def new_ticket(incoming: IncomingTicket) -> Ticket:
    """Return the ticket that an incoming one becomes; its id and its times come when written."""
    return Ticket(
        id=0,
        status=incoming.starting_status,
        requester=_requester(incoming),
        waiting_since=waiting_since(
            incoming.received_at, incoming.first_response_at, incoming.last_customer_message_at
        ),
        because="",
        **{name: getattr(incoming, name) for name in _TAKEN_OVER},
    )


def free_name(connection: Connection, source: str) -> str:
    """Return an id for a new ticket of our own: its number here, unless a file brought that."""
    number = str(free_ticket_id(connection))
    beginning = col(TicketRow.external_id).startswith(number, autoescape=True)
    names = select(col(TicketRow.external_id)).where(col(TicketRow.source) == source, beginning)
    taken = set(connection.scalars(names))
    attempts = (number, *(f"{number}-{again}" for again in range(2, len(taken) + 3)))
    return next(name for name in attempts if name not in taken)


def _refuse_repetitions(batch: Sequence[IncomingTicket]) -> None:
    repeated = [key for key, times in Counter(map(_key, batch)).items() if times > 1]
    if repeated:
        source, external_id = repeated[0]
        raise Refusal(f"{source}:{external_id} occurs twice; expected each ticket once")


def _key(incoming: IncomingTicket) -> Key:
    return incoming.source, incoming.external_id


def _known(
    connection: Connection, batch: Sequence[IncomingTicket]
) -> dict[Key, tuple[int, Said | None]]:
    """Return the id and what the source said last of each ticket of the batch that is here."""
    by_source: dict[str, list[str]] = {}
    for incoming in batch:
        by_source.setdefault(incoming.source, []).append(incoming.external_id)
    number, external_id = col(TicketRow.id), col(TicketRow.external_id)
    found: dict[Key, tuple[int, Said | None]] = {}
    for source, external_ids in by_source.items():
        rows = connection.execute(
            select(number, external_id, col(TicketRow.imported)).where(
                col(TicketRow.source) == source, external_id.in_(external_ids)
            )
        )
        found.update({(source, row.external_id): (row.id, row.imported) for row in rows})
    return found


def _arrival(incoming: IncomingTicket) -> TicketUpdate:
    return TicketUpdate(
        before=None,
        after=new_ticket(incoming),
        kind="imported",
        body=incoming.body,
        imported=_said(incoming),
    )


def _differing(said: Said, said_last: Said) -> set[str]:
    return {name for name in said.keys() | said_last if said.get(name) != said_last.get(name)}


def _renewal(incoming: IncomingTicket, ticket: Ticket, said_last: Said) -> TicketUpdate | None:
    said = _said(incoming)
    differing = _differing(said, said_last)
    if not differing:
        return None
    return TicketUpdate(
        before=ticket,
        after=_renewed(ticket, incoming, said, said_last),
        kind="updated",
        note=f"{incoming.source} says otherwise: {', '.join(sorted(differing))}",
        body=incoming.body if "body" in differing else None,
        imported=said,
    )


def _renewed(ticket: Ticket, incoming: IncomingTicket, said: Said, said_last: Said) -> Ticket:
    differing = _differing(said, said_last)
    renewed = replace(ticket, **{name: getattr(incoming, name) for name in _PLAIN & differing})
    if differing & _REQUESTER:
        renewed = replace(renewed, requester=_requester(incoming))
    if "status" in differing:
        renewed = with_status_elsewhere(renewed, incoming.starting_status)
    if not differing.isdisjoint(_TIMES):
        renewed = _with_times(renewed, said, said_last)
    answered = ticket.waiting_since is not None and renewed.waiting_since is None
    decided = renewed.status in DECIDED_STATUSES
    return done_with(renewed) if answered or decided else renewed


def _with_times(ticket: Ticket, said: Said, said_last: Said) -> Ticket:
    """Return the ticket with the source's times; a first response given here counts as well."""
    answered = _time(said, "first_response_at") or ticket.first_response_at
    first_reply = answered is not None and ticket.status is Status.NEW
    return replace(
        ticket,
        first_response_at=answered,
        waiting_since=_waiting(ticket, said, said_last),
        status=Status.OPEN if first_reply and "status" not in said else ticket.status,
    )


def _waiting(ticket: Ticket, said: Said, said_last: Said) -> datetime | None:
    """Return since when the customer waits, after what happened here and what the source says.

    Where the source says nothing new of it, it stays; a message that only we know of keeps the
    customer waiting; and "further messages do not reset it".
    """
    waited = ticket.waiting_since
    before, since = (_source_waits_since(each, ticket) for each in (said_last, said))
    answered = _time(said, "first_response_at") or ticket.first_response_at
    if since == before:
        return waited
    if waited is None or answered is None or waited <= answered:
        return since
    if since is None:
        return None if waited == before else waited
    return min(since, waited)


def _source_waits_since(said: Said, ticket: Ticket) -> datetime | None:
    """Return since when the customer waits by what a source said and by our first response."""
    received_at = _time(said, "received_at") or ticket.received_at
    answered = _time(said, "first_response_at") or ticket.first_response_at
    return waiting_since(received_at, answered, _time(said, "last_customer_message_at"))


def _time(said: Said, name: str) -> datetime | None:
    return datetime.fromisoformat(said[name]) if said.get(name) else None


def _requester(incoming: IncomingTicket) -> Requester | None:
    name = incoming.requester_name or incoming.requester_email
    if name is None:
        return None
    return Requester(
        name=name, email=incoming.requester_email, timezone=incoming.requester_timezone
    )


def _said(incoming: IncomingTicket) -> dict[str, Any]:
    """Return what the source says, as plain JSON values; of a long body only its digest."""
    said = incoming.model_dump(mode="json", exclude_defaults=True)
    if incoming.body:
        said["body"] = sha256(incoming.body.encode()).hexdigest()
    return said


def outcomes(changes: Sequence[TicketUpdate | None], rulebook: Rulebook) -> list[Outcome]:
    """Return what each change amounts to under the policy."""
    return [_outcome(change, rulebook) for change in changes]


def _outcome(change: TicketUpdate | None, rulebook: Rulebook) -> Outcome:
    if change is None:
        return Outcome.UNCHANGED
    if change.before is not None:
        return Outcome.UPDATED
    new = change.after
    decision = decide(rulebook, new.tier, new.severity, new.opened_by)
    return Outcome.ADMITTED if decision.declined is None else Outcome.DECLINED
