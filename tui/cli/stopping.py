"""How a command that runs until it is told to stop is told so."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def stopped_by_signals(
    wake: Callable[[], None] = lambda: None,
) -> Iterator[threading.Event]:
    """Give what is set when the process is told to stop; the second time it stops at once.

    ``wake`` is called then, too, for a command that waits for something else.
    """
    stop = threading.Event()

    def told(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        wake()

    before = {each: signal.signal(each, told) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
