"""The queue as one policy ranks it, of tickets that are assessed under it already."""

from collections.abc import Sequence

from policy.ordering.order import Order
from policy.ticket import Ticket


class Ranking:
    """Tickets by their ids, those of them that are actionable in their order, and their places."""

    def __init__(self, tickets: Sequence[Ticket], order: Order) -> None:
        self.order = order
        self.tickets = {ticket.id: ticket for ticket in tickets}
        self.queue = sorted((each for each in tickets if each.actionable), key=order.key)
        self._places = {ticket.id: place for place, ticket in enumerate(self.queue, 1)}

    @property
    def first(self) -> Ticket | None:
        """The number one, None in an empty queue."""
        return self.queue[0] if self.queue else None

    def place(self, ticket_id: int) -> int | None:
        """Return where a ticket stands, from 1 on; None for one that is not in the queue."""
        return self._places.get(ticket_id)
