"""What a command says of tickets that it changed: as they stand now, and where in the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policy.roster.holders import HolderAway
from policy.ticket import Ticket
from tui.cli.invocation import Invocation
from tui.cli.render import printing, ticket_lines
from tui.cli.render.ticket_documents import Document, ticket_document

if TYPE_CHECKING:
    from policy.contract.ticket_clocks import Targets
    from policy.waits.forecast import AnswerForecast
    from store.desk import DeskReading


@dataclass(frozen=True, slots=True)
class PlacedTicket:
    """A ticket, its 1-based place in the queue, None outside it, and why its holder is away.

    ``targets`` are until when what the policy promises is due, ``forecast`` when an answer is
    expected; None where none is owed, or nobody asks for JSON.
    """

    ticket: Ticket
    position: int | None
    away: HolderAway | None
    targets: "Targets"
    forecast: "AnswerForecast | None"

    @property
    def document(self) -> Document:
        """The ticket as JSON."""
        return ticket_document(self.ticket, self.position, self.away, self.targets, self.forecast)


def placed(invocation: Invocation, desk: "DeskReading", ticket: Ticket) -> PlacedTicket:
    """Return a ticket with its place, to be read in the transaction that changed it."""
    return placed_each(invocation, desk, [ticket])[0]


def placed_each(
    invocation: Invocation, desk: "DeskReading", tickets: Sequence[Ticket]
) -> list[PlacedTicket]:
    """Return tickets with their places, to be read in the transaction that changed them."""
    holders, targets_of = desk.team.holders(), desk.policy.targets_of()
    owed = {each.id for each in tickets if each.owed} if invocation.json else set()
    forecasts = desk.waits.forecasts(owed)
    return [
        PlacedTicket(
            each,
            desk.queue.position(each.id),
            holders.away(each),
            targets_of(each),
            forecasts.get(each.id),
        )
        for each in tickets
    ]


def tell_placed(invocation: Invocation, found: PlacedTicket, done: str = "") -> None:
    """Print what was done to a ticket, once it is so."""
    if invocation.json:
        printing.print_json({"ticket": found.document})
    else:
        ticket_lines.tell_done(invocation.printer(), found.ticket, found.position, done)


def tell_each(invocation: Invocation, found: Sequence[PlacedTicket], done: str = "") -> None:
    """Print what was done to one ticket, or to each of several; in JSON these are a list."""
    if len(found) == 1:
        tell_placed(invocation, found[0], done)
    elif invocation.json:
        printing.print_json({"tickets": [each.document for each in found]})
    else:
        for each in found:
            tell_placed(invocation, each, done)
