"""The board at a past time: the same board on a copy of the desk as it was, for looking only."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult

from policy.refusal import Refusal
from tui.board.past.past_banner import PastLine, PastTime
from tui.board.past.past_client import GoingBack, Move, PastClient, PastReached
from tui.board.screen import BoardScreen

if TYPE_CHECKING:
    from store.desk import Desk
    from store.history.past_desk import Footing

_ALL: Final = 100
_LINE_EVERY: Final = 1.0


class _PastClock:
    """Stands at the time that is looked at, in UTC."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time


class PastScreen(BoardScreen):
    """Shows the desk of a board as it was; the board itself goes on below, in the present."""

    def __init__(self, board: BoardScreen, desk: "Desk", time: datetime) -> None:
        self._clock = _PastClock(time)
        self._present = board.context
        self._way = PastClient(self, desk, board.context, time)
        context = replace(board.context, open_desk=self._way.open, clock=self._clock)
        super().__init__(context, board.handlers)
        self._footing: Footing | None = None
        self._doing = "going back …"
        self._line = PastLine(self.context.zone, self.context.keys, self._past_time())
        self.add_class("-past")

    @property
    def past(self) -> datetime:
        """The time that is looked at (UTC)."""
        return self._clock.time

    def present(self) -> datetime:
        """Return the time it is now (UTC)."""
        return self._present.clock()

    def compose(self) -> ComposeResult:
        """Lay out the screen: as every board, with the line that marks the past."""
        header, *others = super().compose()
        yield from (header, self._line, *others)

    def on_mount(self) -> None:
        """Keep saying how long ago it was."""
        self.set_interval(_LINE_EVERY, self._draw_line)

    def on_unmount(self) -> None:
        """Throw the copy away, in a thread."""
        self._way.leave()
        if self.app.is_running:
            self.app.run_worker(self._way.close, name="leaving", group="leaving", thread=True)
        else:
            self._way.close()

    def go(self, move: Move, doing: str = "") -> None:
        """Go to another time; ``doing`` is said meanwhile where that may take long."""
        self._doing = doing
        self._way.go(move)
        self._draw_line()

    def leave(self, refusal: Refusal | None = None) -> None:
        """Go back to now; where the past could not be reached, say why."""
        self._way.leave()
        if self not in self.app.screen_stack:
            return
        while self.app.screen is not self:
            self.app.pop_screen()
        self.dismiss()
        if refusal is not None:
            self.refuse(refusal.reason)

    def dismiss_advice(self) -> bool:
        """Give up a move that is under way; return whether there was any."""
        return self._way.stop() or super().dismiss_advice()

    @on(GoingBack)
    def _going_back(self, message: GoingBack) -> None:
        part = f" {_ALL * message.done // message.total} %" if message.done < message.total else ""
        self._doing = f"going back …{part}"
        self._draw_line()

    @on(PastReached)
    def _reached(self, message: PastReached) -> None:
        reached = message.found
        if reached is not None:
            self._footing = reached.footing
            self._clock.time = reached.footing.time
        why_not = message.trouble if reached is None else reached.why_not
        if why_not:
            self.refuse(why_not)
        self._doing = ""
        self._way.came(message)
        self._tick()
        self._draw_line()
        super()._ask()

    def _ask(self) -> None:
        if not self._way.moving:
            super()._ask()

    def _draw_line(self) -> None:
        self._line.show(self._past_time())

    def _past_time(self) -> PastTime:
        return PastTime(
            time=self._clock.time, now=self.present(), footing=self._footing, doing=self._doing
        )
