"""Whom the steps of a ticket are for, and what became of them: as it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from policy.conversation.steps import RefusedStep, StepKind
from policy.ticket import OWN_SOURCE, Ticket
from store.quick.reads import Read, Reads
from store.tickets.ticket_mapping import by_ids

_ORIGIN = Read("origin")
_COMMON = Read("common values")
_REFUSED_OF = Read("refused steps")


@dataclass(frozen=True, slots=True)
class Origin:
    """The ticket at its connection that a ticket's steps are for, and what is known of it there.

    ``ticket`` is the number here of the one that came from there, ``said`` what it says by now.
    """

    ticket: int
    connection: str
    external_id: str
    said: Mapping[str, Any]
    settings: Mapping[str, Any]


def origin_of(reads: Reads, ticket: Ticket) -> Origin | None:
    """Return whom a ticket's steps are for, None where it comes from no connection.

    Where a ticket goes on that was closed here, they are for the closed one, which lives on there.
    """
    there = ticket
    while there.source == OWN_SOURCE and there.split_from is not None:
        before = by_ids(reads, [there.split_from])
        if not before or before[0].continued_in != there.id:
            return None
        there = before[0]
    if there.source == OWN_SOURCE:
        return None
    row = _ORIGIN.first(reads, {"of_ticket": there.id})
    if row is None:
        return None
    said = {**(row.imported or {}), **common_values(reads, there.id)}
    return Origin(there.id, row.name, row.external_id, said, row.settings)


def refused_steps(reads: Reads, ticket: int) -> tuple[RefusedStep, ...]:
    """Return what of a ticket's fields was refused for good, of each the latest, latest first.

    "What is refused for good stays, is shown on the ticket, and a person decides." What was
    written, and refused, is of its conversation.
    """
    found: dict[str, RefusedStep] = {}
    for kind, name, outcome in _REFUSED_OF.rows(reads, {"of_ticket": ticket}):
        found.setdefault(kind, RefusedStep(kind=StepKind(kind), connection=name, outcome=outcome))
    return tuple(found.values())


def common_values(reads: Reads, ticket: int) -> dict[str, str | None]:
    """Return what was written there of the fields of a ticket and not said back yet."""
    rows = _COMMON.rows(reads, {"of_ticket": ticket})
    return {row.field: row.value for row in rows}
