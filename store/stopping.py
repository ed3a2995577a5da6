"""How a thread ends a reading of another one that nobody waits for any more."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from policy.refusal import Refusal


class ReadingStop:
    """Stops the reading that it is given to, whatever its statement takes, or before it begins."""

    def __init__(self) -> None:
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

    @contextmanager
    def over(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Have ``interrupt`` called where the reading inside the ``with`` is to stop.

        Raises:
            Refusal: that was wanted before it began.
        """
        with self._lock:
            self._interrupt = interrupt
            if self._is_wanted:
                raise Refusal("nobody waits for this any more")
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = None
