"""What happened to tickets, as the report looks at it: one change, before and after."""

from dataclasses import dataclass
from datetime import datetime

from policy.ticket import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """What one event did to a ticket; ``at`` is UTC.

    ``before`` is None for a new ticket, ``after`` for one that is no longer there. ``kind`` is the
    event's. ``taken_back`` is whether it was undone, or takes back another: it moved the ticket,
    and counts for nothing else.
    """

    at: datetime
    actor: str
    kind: str
    before: Ticket | None
    after: Ticket | None
    taken_back: bool = False

    @property
    def ticket_id(self) -> int:
        """The number of the ticket."""
        ticket = self.after or self.before
        if ticket is None:
            raise ValueError("a change of a ticket needs the ticket before or after it")
        return ticket.id

    @property
    def answers(self) -> bool:
        """Whether the customer got an answer with it."""
        if self.taken_back or self.before is None or self.after is None:
            return False
        waited = self.before.waiting_since is not None
        return self.kind == "replied" or (waited and self.after.waiting_since is None)
