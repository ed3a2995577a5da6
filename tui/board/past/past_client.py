"""The way to the past and about in it: threads carry a copy of the desk, one move at a time."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING

from textual.message import Message
from textual.screen import Screen

from policy.refusal import Refusal
from tui.board.client import Answered, Client, GoOn
from tui.board.context import BoardContext
from tui.environment.fault_log import note_fault

if TYPE_CHECKING:
    from store.desk import Desk, DeskReading
    from store.history.past_desk import Footing, PastDesk

Move = Callable[["PastDesk", GoOn], str]
"""Goes to another time; returns why that could not be done, nothing when it was."""


class GoingBack(Message):
    """So much of the copy is made."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total


@dataclass(frozen=True, slots=True)
class Reached:
    """Where one is in the past; ``why_not`` says why it is still the time before."""

    footing: "Footing"
    why_not: str = ""


class PastReached(Answered[Reached]):
    """Another time is looked at, or why it is still the one before."""


class PastClient:
    """Makes the desk as it was for one screen, and goes about in it; what is asked for waits."""

    def __init__(
        self, screen: Screen[None], present: "Desk", context: BoardContext, time: datetime
    ) -> None:
        self._screen = screen
        self._present = present
        self._context = context
        self._time = time
        self._desk: PastDesk | None = None
        self._opening = Lock()
        self._left = Flag()
        self._stopped = Flag()
        self._waiting: deque[Move] = deque()
        self._moves: Client[tuple[PastDesk, Move], Reached] = Client(
            screen, self._move, PastReached, name="moving", fault_folder=context.state_folder
        )

    @property
    def moving(self) -> bool:
        """Whether a move is under way."""
        return self._moves.reading

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
            told = note_fault(self._context.state_folder, fault)
            raise Refusal(f"the past cannot be reached; {told}") from fault
        with self._opening:
            desk = self._desk = PastDesk(past, actor=self._present.actor, zone=self._present.zone())
            if self._left.is_set():
                desk.close()
        self._screen.post_message(PastReached(0, Reached(desk.footing()), "", 0.0))
        return desk

    def go(self, move: Move) -> None:
        """Go to another time once the moves before are done; ``PastReached`` follows."""
        self._waiting.append(move)
        if not self.moving:
            self._start_next()

    def came(self, message: PastReached) -> None:
        """Take note that a move came to its end, and begin with the next."""
        self._moves.came(message)
        if self._waiting and not self.moving:
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
            local = begins.astimezone(self._context.zone)
            raise Refusal(f"the history begins on {local:%a} {local.day} {local:%b %Y at %H:%M}")

    def _tell(self, done: int, total: int) -> None:
        if self._left.is_set():
            raise Refusal("the past was left")
        self._screen.post_message(GoingBack(done, total))

    def _start_next(self) -> None:
        desk, move = self._desk, self._waiting.popleft()
        if desk is not None:
            self._stopped.clear()
            self._moves.ask((desk, move))

    def _move(self, wanted: "tuple[PastDesk, Move]", _: GoOn) -> Reached:
        desk, move = wanted
        why_not = move(desk, lambda: not self._stopped.is_set())
        return Reached(desk.footing(), why_not)
