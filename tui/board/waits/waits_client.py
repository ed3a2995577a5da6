"""Who waits, read beside the board's own reading, and notices sent while the board is open.

Walking the queue may take long, so it never is on the way from a key to the screen: one thread
reads at a time, and rests some times as long as a reading took. Another one sends what is due.
"""

from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.screen import Screen

from policy.words import NoticeState
from tui.board.client import Answered, Client, GoOn
from tui.board.context import BoardContext

if TYPE_CHECKING:
    from connections.delivery.outbox import Outbox
    from policy.waits.forecast import AnswerForecast
    from store.desk import Desk
    from store.notices.notice_models import Notice, Waits

_REST_TIMES: Final = 5
_REST_AT_LEAST: Final = 2.0
"""How many seconds it rests where others change much: what it says goes by minutes."""

_REST_WHEN_LOOKED_FOR: Final = 0.2
"""How many where something was done here, whose effect is looked for."""

_AFTER_TROUBLE: Final = 10.0
ON_THEIR_WAY: Final = frozenset({NoticeState.QUEUED, NoticeState.SENDING})
"""The states of a notice that will change by itself."""


@dataclass(frozen=True, slots=True)
class WaitsState:
    """Who waits, None until it is read, and how notices go out, or else ``why_not``.

    ``trouble`` is why sending failed the last time, empty when it did not.
    """

    why_not: str
    waits: "Waits | None" = None
    outbox: "Outbox | None" = None
    trouble: str = ""

    def forecast(self, ticket: int) -> "AnswerForecast | None":
        """Return when a ticket can expect its answer, None where that is not known."""
        return None if self.waits is None else self.waits.forecasts.get(ticket)

    @property
    def on_their_way(self) -> "list[Notice]":
        """The notices that are queued or being sent."""
        ledger = self.waits.ledger if self.waits is not None else ()
        return [notice for notice in ledger if notice.state in ON_THEIR_WAY]


class WaitsRead(Answered["Waits"]):
    """Who waits was read, or the database did not answer."""


class OutboxKnown(Answered["Outbox | None"]):
    """How notices go out is known, or why there is no way."""


class DeliveringEnded(Answered[None]):
    """Nothing more is due, or sending failed."""


class WaitsClient:
    """Reads who waits and delivers what is due, for one screen, in two named threads."""

    def __init__(self, screen: Screen[None], context: BoardContext) -> None:
        self.state = WaitsState(why_not=_not_set_up(context))
        self._screen = screen
        self._context = context
        folder = context.state_folder
        self._waits: Client[Desk, Waits] = Client(
            screen, _read, WaitsRead, name="waits", fault_folder=folder
        )
        self._ways: Client[BoardContext, Outbox | None] = Client(
            screen,
            _way,
            OutboxKnown,
            name="outbox",
            fault_folder=folder,
            sentence="notices cannot be sent; {told}",
        )
        self._sending: Client[tuple[Desk, Outbox], None] = Client(
            screen,
            self._deliver,
            DeliveringEnded,
            name="delivering",
            fault_folder=folder,
            sentence="sending failed; {told}",
        )
        self._read_at: object = None
        self._rests_from = self._took = self._delivers_from = 0.0
        self._is_looked_for = False

    def find_outbox(self) -> None:
        """Find out how notices go out; ``OutboxKnown`` follows."""
        self._ways.ask(self._context)

    def look(self, desk: "Desk", at: object, *, may_send: bool) -> None:
        """Read who waits and send what is due, as far as there is something to do.

        ``at`` is the revision and the minute: another one is reason to read again, and so are
        notices on their way. Only who ``may_send`` sends.
        """
        due = self.state.on_their_way
        stale = at != self._read_at or bool(due)
        if stale and not self._waits.reading and self._has_rested:
            self._read_at, self._is_looked_for = at, False
            self._waits.ask(desk)
        outbox = self.state.outbox if may_send else None
        if outbox is not None and not self._sending.reading and self._is_due(due):
            self._sending.ask((desk, outbox))

    def read_again(self) -> None:
        """Take note that something was done here, which not every revision tells of."""
        self._read_at, self._is_looked_for = None, True

    @property
    def _has_rested(self) -> bool:
        rest = _REST_WHEN_LOOKED_FOR if self._is_looked_for else _REST_AT_LEAST
        return monotonic() >= self._rests_from + max(rest, _REST_TIMES * self._took)

    def came(self, message: WaitsRead | OutboxKnown | DeliveringEnded) -> WaitsState:
        """Take note of what a thread says, and return how things stand since."""
        if isinstance(message, WaitsRead):
            self._waits.came(message)
            self._rests_from, self._took = monotonic(), message.took
            self.state = replace(self.state, waits=message.found or self.state.waits)
        elif isinstance(message, OutboxKnown):
            self._ways.came(message)
            why_not = message.trouble or _not_set_up(self._context)
            self.state = replace(self.state, outbox=message.found, why_not=why_not)
        else:
            self._sending.came(message)
            self._is_looked_for = True
            if message.trouble:
                self._delivers_from = monotonic() + _AFTER_TROUBLE
            self.state = replace(self.state, trouble=message.trouble)
        return self.state

    def _is_due(self, notices: "list[Notice]") -> bool:
        now = self._context.clock()
        rested = monotonic() >= self._delivers_from
        return rested and any(notice.next_attempt_at <= now for notice in notices)

    def _deliver(self, wanted: "tuple[Desk, Outbox]", _: GoOn) -> None:
        """Send what is due, for as long as the board is there; a lease brings back what fails."""
        desk, outbox = wanted
        with outbox:
            while self._screen.is_attached and outbox.send_next(desk.waits, self._context.worker):
                pass


def _read(desk: "Desk", _: GoOn) -> "Waits":
    return desk.waits.read()


def _way(context: BoardContext, _: GoOn) -> "Outbox | None":
    return context.outbox()


def _not_set_up(context: BoardContext) -> str:
    return f"no mail and no chat is set up: [mail], [chat] or [webhook] in {context.config}"
