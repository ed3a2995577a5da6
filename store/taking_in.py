"""Takes in what another help desk says of its tickets: the new ones, and what differs of the old.

What a source said last is kept beside each ticket. The next time only what the source itself has
changed since is taken over, so that importing a file twice changes nothing, and what people did
here in the meantime stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.clocks import waiting_since
from policy.incoming import IncomingTicket
from policy.intake import decide
from policy.rulebook import Rulebook
from policy.ticket import Requester, Ticket
from policy.words import Status
from store.changes import Change
from store.outcome import Outcome
from store.rows import by_ids
from store.tables import TicketRow

_PLAIN = frozenset(
    [
        "subject",
        "customer",
        "tier",
        "severity",
        "opened_by",
        "assignee",
        "received_at",
        "url",
        "tags",
    ]
)
"""The fields that a ticket takes over as they are."""

_REQUESTER = frozenset({"requester_name", "requester_email", "requester_timezone"})
_TIMES = frozenset({"received_at", "first_response_at", "last_customer_message_at"})

Key = tuple[str, str]
"""The source and the id that a ticket has there."""


def changes_for(connection: Connection, batch: Sequence[IncomingTicket]) -> list[Change | None]:
    """Return what each incoming ticket changes here, None where it changes nothing."""
    known = _known(connection, batch)
    tickets = {
        ticket.id: ticket for ticket in by_ids(connection, [row[0] for row in known.values()])
    }
    changes: list[Change | None] = []
    for incoming in batch:
        row = known.get((incoming.source, incoming.external_id))
        if row is None:
            changes.append(_arrival(incoming))
        else:
            changes.append(_renewal(incoming, tickets[row[0]], row[1] or {}))
    return changes


def new_ticket(incoming: IncomingTicket) -> Ticket:
    """Return the ticket that an incoming one becomes; its id and its times come when written."""
    return Ticket(
        id=0,
        source=incoming.source,
        external_id=incoming.external_id,
        subject=incoming.subject,
        customer=incoming.customer,
        tier=incoming.tier,
        severity=incoming.severity,
        opened_by=incoming.opened_by,
        status=incoming.starting_status,
        assignee=incoming.assignee,
        requester=_requester(incoming),
        received_at=incoming.received_at,
        first_response_at=incoming.first_response_at,
        waiting_since=waiting_since(
            incoming.received_at, incoming.first_response_at, incoming.last_customer_message_at
        ),
        because="",
        url=incoming.url,
        tags=incoming.tags,
    )


def _known(
    connection: Connection, batch: Sequence[IncomingTicket]
) -> dict[Key, tuple[int, Mapping[str, Any] | None]]:
    """Return the id and what the source said last of each ticket of the batch that is here."""
    by_source: dict[str, list[str]] = {}
    for incoming in batch:
        by_source.setdefault(incoming.source, []).append(incoming.external_id)
    number, external_id = col(TicketRow.id), col(TicketRow.external_id)
    found: dict[Key, tuple[int, Mapping[str, Any] | None]] = {}
    for source, external_ids in by_source.items():
        rows = connection.execute(
            select(number, external_id, col(TicketRow.imported)).where(
                col(TicketRow.source) == source, external_id.in_(external_ids)
            )
        )
        found.update({(source, row.external_id): (row.id, row.imported) for row in rows})
    return found


def _arrival(incoming: IncomingTicket) -> Change:
    return Change(
        before=None,
        after=new_ticket(incoming),
        kind="imported",
        body=incoming.body,
        imported=_said(incoming),
    )


def _renewal(
    incoming: IncomingTicket, ticket: Ticket, said_last: Mapping[str, Any]
) -> Change | None:
    said = _said(incoming)
    differing = {name for name in said.keys() | said_last if said.get(name) != said_last.get(name)}
    if not differing:
        return None
    return Change(
        before=ticket,
        after=_renewed(ticket, incoming, differing),
        kind="updated",
        note=f"{incoming.source} says otherwise: {', '.join(sorted(differing))}",
        body=incoming.body if "body" in differing else None,
        imported=said,
    )


def _renewed(ticket: Ticket, incoming: IncomingTicket, differing: set[str]) -> Ticket:
    renewed = replace(ticket, **{name: getattr(incoming, name) for name in _PLAIN & differing})
    if differing & _REQUESTER:
        renewed = replace(renewed, requester=_requester(incoming))
    if "status" in differing:
        renewed = replace(renewed, status=incoming.starting_status)
    if differing & _TIMES:
        renewed = _with_times(renewed, incoming)
    return renewed


def _with_times(ticket: Ticket, incoming: IncomingTicket) -> Ticket:
    """Return the ticket with the source's times; "further messages do not reset" its waiting.

    A first response that was given here counts where the source knows of none.
    """
    answered = incoming.first_response_at or ticket.first_response_at
    since = waiting_since(incoming.received_at, answered, incoming.last_customer_message_at)
    waited = ticket.waiting_since
    if answered and answered == ticket.first_response_at and since and waited:
        since = min(since, waited)
    first_reply = answered is not None and ticket.status is Status.NEW
    return replace(
        ticket,
        first_response_at=answered,
        waiting_since=since,
        status=Status.OPEN if first_reply and incoming.status is None else ticket.status,
    )


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


def outcomes(changes: Sequence[Change | None], rulebook: Rulebook) -> list[Outcome]:
    """Return what each change amounts to under the policy."""
    return [_outcome(change, rulebook) for change in changes]


def _outcome(change: Change | None, rulebook: Rulebook) -> Outcome:
    if change is None:
        return Outcome.UNCHANGED
    if change.before is not None:
        return Outcome.UPDATED
    new = change.after
    decision = decide(rulebook, new.tier, new.severity, new.opened_by)
    return Outcome.ADMITTED if decision.declined is None else Outcome.DECLINED
