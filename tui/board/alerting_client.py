"""Alerts to where people are, told while the board is open, in one named thread."""

from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.screen import Screen

from tui.board.client import Answered, Client, GoOn
from tui.board.context import BoardContext

if TYPE_CHECKING:
    from connections.delivery.alerting import Alerting
    from store.desk import Desk

_EVERY: Final = 2.0
_AFTER_TROUBLE: Final = 30.0


class AlertingEnded(Answered["Alerting"]):
    """Everybody was told what was due, or telling failed."""


class AlertingClient:
    """Tells who is to be alerted by this board what is due, for one screen.

    What fails is written down in the database, where ``numberone doctor`` finds it: whoever is at
    the board sees the same things on it.
    """

    def __init__(self, screen: Screen[None], context: BoardContext) -> None:
        self._context = context
        self._alerting: Alerting | None = None
        self._from = 0.0
        self._telling: Client[Desk, Alerting] = Client(
            screen,
            self._tell,
            AlertingEnded,
            name="alerting",
            fault_folder=context.state_folder,
            sentence="alerting failed; {told}",
        )

    def look(self, desk: "Desk", *, may_send: bool) -> None:
        """Tell what is due, every few seconds; only who ``may_send`` sends."""
        is_idle = self._alerting is not None and not self._alerting.is_set_up
        if may_send and not is_idle and not self._telling.reading and monotonic() >= self._from:
            self._telling.ask(desk)

    def came(self, message: AlertingEnded) -> None:
        """Take note that the thread is through."""
        self._telling.came(message)
        self._alerting = message.found or self._alerting
        self._from = monotonic() + (_AFTER_TROUBLE if message.trouble else _EVERY)

    def _tell(self, desk: "Desk", _: GoOn) -> "Alerting":
        alerting = self._alerting or self._context.alerting()
        for _alerted in alerting.tell(desk):
            pass
        return alerting
