"""What others change, read as soon as it is committed, but not so often that keys must wait.

Where much is changed, all is read now and then, and between is looked whether another ticket is the
number one, or that one stands otherwise: a few rows by their keys. If so, all is read at once, so
that a busy team sees what comes first, though the rest of the list may be two seconds old.
"""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer

from tui.board.client import Answered, Client

if TYPE_CHECKING:
    from store.desk import DeskReading
    from store.engines.changes import ChangeNotices
    from store.presence import AtTicket


class Pause(NamedTuple):
    """How long something is not done again: some times as long as it took, between two seconds."""

    times: int
    at_least: float
    at_most: float

    def after(self, took: float) -> float:
        """Return how many seconds that is after what took so many."""
        return min(max(self.at_least, self.times * took), self.at_most)


_READS_AFTER: Final = Pause(times=10, at_least=0.1, at_most=2.0)
"""From one reading of all to the next one."""

_LOOKS_AFTER: Final = Pause(times=2, at_least=0.05, at_most=0.3)
"""From a reading, or from a look at the number one, to the next look."""

_SHORTEST: Final = 0.001
"""Seconds; a timer of none never comes."""

Stands = Callable[[], bool]
"""Says in a thread whether the number one that is shown still is that, as it is shown."""


class DeskChanged(Message):
    """Somebody committed something, here or elsewhere."""


class NumberOneLookedAt(Answered[bool]):
    """Whether the number one that is shown still stands is known, or the database was silent."""


class CompanyChanged(Message):
    """Others came to a ticket, or went: who is where now."""

    def __init__(self, others: "tuple[AtTicket, ...]") -> None:
        super().__init__()
        self.others = others


class ChangeFollower:
    """Asks for a reading after each change: the first one at once, more of them together.

    ``read`` asks for one, which ends in ``came``. ``stands`` gives what says whether the number one
    does; None while none is shown.
    """

    def __init__(
        self,
        screen: Screen[Any],
        read: Callable[[], None],
        stands: Callable[[], Stands | None],
        fault_folder: Path,
    ) -> None:
        self._screen = screen
        self._read = read
        self._stands = stands
        self._looks: Client[Stands, bool] = Client(
            screen,
            lambda still_stands, _: still_stands(),
            NumberOneLookedAt,
            name="looking at the number one",
            fault_folder=fault_folder,
        )
        self._notices: ChangeNotices | None = None
        self._is_told = False
        self._looks_again = False
        self._is_reading = self._is_behind = False
        self._due: Timer | None = None
        self._look_due: Timer | None = None
        self._rests_until = self._looks_from = 0.0

    def follow(self, desk: "DeskReading") -> None:
        """Have ``DeskChanged`` posted after each change, until the screen is left.

        ``CompanyChanged`` is, too, when others come to a ticket or go.
        """
        self._notices = desk.changes(self._tell, self._tell_company)

    def be_at(self, at: "AtTicket | None", login: str) -> None:
        """Let others know where this board is; nothing of it is waited for."""
        if self._notices is not None:
            self._notices.be_at(at, login)

    def leave(self) -> None:
        """Follow no longer."""
        if self._notices is not None:
            self._notices.close()
            self._notices = None

    @property
    def silent_for(self) -> float:
        """How many seconds nothing has been heard from the database's server."""
        return 0.0 if self._notices is None else self._notices.silent_for

    def changed(self) -> None:
        """Read what has changed as soon as that is due, and look at the number one until then."""
        if self._is_reading:
            self._is_behind = True  # what is being read may be older than this change
            return
        now = monotonic()
        if now >= self._rests_until:
            self._go_on()
            return
        if self._due is None:
            self._due = self._screen.set_timer(self._rests_until - now, self._go_on)
        if self._looks.reading:
            self._looks_again = True  # what it sees may be older than this change
        elif now >= self._looks_from:
            self._look()
        else:
            self._look_later()

    def looked(self, message: NumberOneLookedAt) -> None:
        """Take note of how the number one stands: where otherwise, all is read at once."""
        self._looks.came(message)
        self._looks_from = monotonic() + _LOOKS_AFTER.after(message.took)
        if self._due is None:
            return
        if message.found is False:
            self._go_on()
        elif self._looks_again:
            self._look_later()

    def came(self, took: float) -> None:
        """Take note that a reading has come to its end, which took so many seconds."""
        now = monotonic()
        self._rests_until = now + _READS_AFTER.after(took)
        self._looks_from = now + _LOOKS_AFTER.after(took)
        self._is_reading = False
        if self._is_behind:
            self._is_behind = False
            self.changed()

    def _tell(self) -> None:
        """Tell the screen, in the thread that noticed; once is enough until it reads."""
        if not self._is_told:
            self._is_told = True
            self._screen.post_message(DeskChanged())

    def _tell_company(self, others: "tuple[AtTicket, ...]") -> None:
        self._screen.post_message(CompanyChanged(others))

    def _look_later(self) -> None:
        if self._look_due is None and self._looks_from < self._rests_until:
            pause = max(_SHORTEST, self._looks_from - monotonic())
            self._look_due = self._screen.set_timer(pause, self._look)

    def _look(self) -> None:
        self._stop(self._look_due)
        self._is_told, self._look_due, self._looks_again = False, None, False
        stands = self._stands()
        if stands is not None:
            self._looks.ask(stands)

    def _go_on(self) -> None:
        self._stop(self._due)
        self._stop(self._look_due)
        self._due = self._look_due = None
        self._is_told, self._is_reading = False, True
        self._read()

    def _stop(self, timer: Timer | None) -> None:
        if timer is not None:
            timer.stop()
