"""How a thread ends a reading, or a change, of another one that nobody waits for any more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, local
from time import sleep
from typing import Final

from policy.refusal import Refusal

UNCHANGED: Final = "nothing was changed"
TAKEN_BACK: Final = "it was given up before the database answered"


class NotKnownYet(Refusal):
    """Whether a change was done cannot be said yet; it is never done later.

    ``is_done`` asks again, and may be called from any thread: None while it is not known.
    """

    def __init__(self, reason: str, is_done: Callable[[], bool | None]) -> None:
        super().__init__(reason)
        self.is_done = is_done


class Stopped(Refusal):
    """Nobody waits for what was read any more."""

    def __init__(self) -> None:
        super().__init__("nobody waits for this any more")


class ReadingStop:
    """Stops the reading that it is given to, whatever its statement takes, or before it begins."""

    def __init__(self) -> None:
        self.given_up = Event()
        """Set where nobody waits for a database that says nothing, not even that it stops."""
        self._lock = Lock()
        self._interrupt: Callable[[], None] | None = None
        self._is_wanted = False

    @property
    def is_wanted(self) -> bool:
        """Whether nobody waits for the reading any more."""
        return self._is_wanted

    def stop(self) -> None:
        """End the reading soon, with a Refusal there; may be called from any thread."""
        with self._lock:
            self._is_wanted = True
            if self._interrupt is not None:
                self._interrupt()

    def check(self) -> None:
        """Let a reading of many statements end between two of them.

        Raises:
            Stopped: nobody waits for it any more.
        """
        if self._is_wanted:
            raise Stopped

    @contextmanager
    def over(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Have ``interrupt`` called where the reading inside the ``with`` is to stop.

        Raises:
            Stopped: that was wanted before it began.
        """
        with self._lock:
            self._interrupt = interrupt
            self.check()
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = None


class _OfThisThread(local):
    given_up: Event | None = None


_HERE = _OfThisThread()


@contextmanager
def waited_for(given_up: Event | None) -> Iterator[None]:
    """Let all that this thread waits for in a database end soon once this is set.

    None lets it wait to the end whatever is set outside: to learn how a change ended.
    """
    outside, _HERE.given_up = _HERE.given_up, given_up
    try:
        yield
    finally:
        _HERE.given_up = outside


def is_given_up() -> bool:
    """Return whether nobody waits any more for what this thread does."""
    return _HERE.given_up is not None and _HERE.given_up.is_set()


def pause(seconds: float) -> None:
    """Leave the database alone for so long, or until nobody waits any more."""
    if _HERE.given_up is None:
        sleep(seconds)
    else:
        _HERE.given_up.wait(seconds)
