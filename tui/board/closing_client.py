"""Solved tickets that closed by themselves, written down while the board is open.

"The next change or an open board writes the event": after an upgrade that can be thousands, so a
thread writes a few at a time, and rests between as long as that took. Whoever reads sees them
closed from that instant on all the same.
"""

from typing import TYPE_CHECKING, Final

from textual.screen import Screen

from tui.board.client import Answered, Client, GoOn
from tui.board.context import BoardContext

if TYPE_CHECKING:
    from datetime import datetime

    from store.desk import Desk

AT_ONCE: Final = 25
"""How many are written in one transaction: whoever takes a ticket meanwhile does not notice."""

_REST_AT_LEAST: Final = 0.05


class TicketsClosed(Answered[int]):
    """So many tickets were written down as closed, or the database did not answer."""


class ClosingClient:
    """Closes what is due beside one screen, in a thread: when it opens, and then every minute."""

    def __init__(self, screen: Screen[None], context: BoardContext) -> None:
        self._screen = screen
        self._client: Client[Desk, int] = Client(
            screen, _close, TicketsClosed, name="closing", fault_folder=context.state_folder
        )
        self._looked_at: datetime | None = None

    def look(self, desk: "Desk", minute: "datetime") -> None:
        """Close what is due at a minute (UTC), unless that was looked at or is under way."""
        if minute != self._looked_at and not self._client.reading:
            self._looked_at = minute
            self._client.ask(desk)

    def came(self, message: TicketsClosed, desk: "Desk") -> None:
        """Take note of what was written, and go on where there may be more.

        Where the database did not answer, the next minute tries it again.
        """
        self._client.came(message)
        if message.found == AT_ONCE:
            rest = max(_REST_AT_LEAST, message.took)
            self._screen.set_timer(rest, lambda: self._client.ask(desk))


def _close(desk: "Desk", _: GoOn) -> int:
    return desk.tickets.close_due(AT_ONCE)
