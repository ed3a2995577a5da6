"""A lively desk on which everybody who wrote anything wrote something hostile."""

from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final

from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.refusal import Refusal
from store.desk import Desk
from tests.databases import address_of
from tests.examples import SEVERITIES, TIERS, WORDS
from tests.tui.boards import NOW
from tests.tui.fuzz.sent import HOSTILE
from tui.demo.filling import fill
from tui.demo.parts import LEAD

_TICKETS: Final = 40


def hostile_desk(path: Path, chance: Random) -> Path:
    """Make a desk in ``path``: the demonstration's, and tickets, people and comments on top."""
    fill(address_of(path), NOW)
    with closing(Desk.open(address_of(path), actor=LEAD, clock=lambda: NOW)) as desk:
        members = [
            entry.replaced(name=chance.choice(_LINES), region=chance.choice(_LINES))
            for entry in desk.team.entries()
        ]
        desk.team.import_members(members)
        desk.transfer.take_in([_ticket(number, chance) for number in range(_TICKETS)])
        _write(desk, chance)
    return path


_LINES: Final = tuple(text[:60] for text in HOSTILE if text.isprintable())


def _ticket(number: int, chance: Random) -> IncomingTicket:
    """Return a ticket with a hostile text in each field that takes it."""
    fields: dict[str, Any] = {
        "source": "test",
        "external_id": str(number),
        "subject": f"ticket {number}",
        "customer": "Acme",
        "tier": chance.choice(list(TIERS)),
        "severity": chance.choice(list(SEVERITIES)),
        "received_at": NOW - timedelta(minutes=chance.randint(1, 3000)),
    }
    for name in ("subject", "customer", "body", "requester_name", "assignee", "url", "tags"):
        text = chance.choice(HOSTILE)
        wanted: object = (text,) if name == "tags" else text
        if name == "url":
            wanted = f"https://x.example/{text}"
        try:
            incoming_ticket({**fields, name: wanted}, WORDS)
        except Refusal:
            continue  # the field takes no such text
        fields[name] = wanted
    return incoming_ticket(fields, WORDS)


def _write(desk: Desk, chance: Random) -> None:
    """Do to the tickets what takes a text, as far as the policy lets it."""
    for number in range(_TICKETS):
        ticket = desk.tickets.resolve(f"test:{number}")
        said = chance.choice(_LINES)
        doings = [
            partial(desk.tickets.comment, ticket, said),
            partial(desk.engineering.fill_context, ticket, {"logs": said}),
            partial(desk.engineering.escalate, ticket, cannot_wait=True, because=said),
        ]
        for doing in doings:
            with suppress(Refusal):  # not of this ticket, or no such text
                doing()
