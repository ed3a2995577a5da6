"""The way to the past and about in it: threads carry a copy of the desk, one move at a time."""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from policy.refusal import Refusal
from tui.board.context import BoardContext
from tui.environment.fault_log import note_fault

if TYPE_CHECKING:
    from store.desk import Desk, DeskReading
    from store.history.past_desk import PastDesk
    from store.read_models import Footing

GoOn = Callable[[], bool]
"""Says whether a long move is still wanted."""

Move = Callable[["PastDesk", GoOn], str]
"""Goes to another time; returns why that could not be done, nothing when it was."""


class GoingBack(Message):
    """So much of the copy is made."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total


class PastReached(Message):
    """Another time is looked at; ``why_not`` says why it is still the one before."""

    def __init__(self, footing: "Footing | None", why_not: str = "") -> None:
        super().__init__()
        self.footing = footing
        self.why_not = why_not


class PastLink:
    """Makes the desk as it was for one screen, and goes about in it; what is asked for waits."""

    def __init__(
        self, screen: Screen[None], present: "Desk", setting: BoardContext, time: datetime
    ) -> None:
        self._screen = screen
        self._present = present
        self._setting = setting
        self._time = time
        self._desk: PastDesk | None = None
        self._opening = Lock()
        self._left = Flag()
        self._stopped = Flag()
        self._waiting: deque[Move] = deque()
        self.moving = False

    def open(self) -> "DeskReading":
        """Return the desk as it was, for a thread: all of it is copied and carried back.

        Raises:
            Refusal: the time is before the history begins, the screen was left meanwhile, or the
                copy cannot be made.
        """
        from store.history.past_desk import PastDesk  # noqa: PLC0415 - not before the first frame

        try:
            self._refuse_before_the_history()
            past = self._present.history.as_of(self._time, self._tell)
        except Refusal:
            raise
        except Exception as fault:  # the board below goes on without it
            told = note_fault(self._setting.state_folder, fault)
            raise Refusal(f"the past cannot be reached; {told}") from fault
        with self._opening:
            desk = self._desk = PastDesk(past, actor=self._present.actor)
            if self._left.is_set():
                desk.close()
        self._screen.post_message(PastReached(desk.footing()))
        return desk

    def go(self, move: Move) -> None:
        """Go to another time once the moves before are done; ``PastReached`` follows."""
        self._waiting.append(move)
        if not self.moving:
            self._start_next()

    def reached(self) -> None:
        """Take note that a move came to its end, and begin with the next."""
        self.moving = False
        if self._waiting:
            self._start_next()

    def stop(self) -> bool:
        """Give up the move that is under way, and what waits; return whether there was any."""
        self._waiting.clear()
        self._stopped.set()
        return self.moving

    def close(self) -> None:
        """Throw the copy away, for a thread: it waits for what is being read."""
        self._left.set()
        self._stopped.set()
        with self._opening:
            if self._desk is not None:
                self._desk.close()

    def leave(self) -> None:
        """Want nothing more: what is under way ends soon."""
        self.stop()
        self._left.set()

    def _refuse_before_the_history(self) -> None:
        begins = self._present.history.begins_at()
        if begins is None:
            raise Refusal("nothing has happened yet, so there is no past to look at")
        if self._time < begins:
            local = begins.astimezone(self._setting.zone)
            raise Refusal(f"the history begins on {local:%a} {local.day} {local:%b %Y at %H:%M}")

    def _tell(self, done: int, total: int) -> None:
        if self._left.is_set():
            raise Refusal("the past was left")
        self._screen.post_message(GoingBack(done, total))

    def _start_next(self) -> None:
        desk, move = self._desk, self._waiting.popleft()
        if desk is None:
            return
        self.moving = True
        self._stopped.clear()
        self._screen.run_worker(
            lambda: self._move(desk, move), name="moving", group="moving", thread=True
        )

    def _move(self, desk: "PastDesk", move: Move) -> None:
        try:
            why_not = move(desk, lambda: not self._stopped.is_set())
            message = PastReached(desk.footing(), why_not)
        except Refusal as refusal:
            message = PastReached(None, refusal.reason)
        except Exception as fault:  # a board outlives a bad moment
            told = note_fault(self._setting.state_folder, fault)
            message = PastReached(None, f"that did not work; {told}")
        self._screen.post_message(message)
