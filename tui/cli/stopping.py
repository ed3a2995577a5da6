"""How a command is told to stop: one that runs until then, and one that takes long."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from store.stopping import ReadingStop, waited_for

Found = TypeVar("Found")

_LOOK_EVERY: Final = 0.2


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


def done_beside(read: Callable[[ReadingStop], Found]) -> Found:
    """Return what ``read`` gives, which another thread does, so that Ctrl-C ends it at any time.

    In the thread that gets the signal Python would wait for the database's own work to end first.
    Whatever is raised there is raised here.
    """
    stop = ReadingStop()
    answers: SimpleQueue[tuple[Found] | BaseException] = SimpleQueue()

    def work() -> None:
        try:
            with waited_for(stop.given_up):
                answers.put((read(stop),))
        except BaseException as error:  # it is raised where it was asked for
            answers.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        answer = _first(answers)
    except KeyboardInterrupt:
        stop.given_up.set()
        stop.stop()
        answers.get()
        raise
    if isinstance(answer, BaseException):
        raise answer
    return answer[0]


def _first(answers: "SimpleQueue[Found]") -> Found:
    """Return what comes first; a signal just before it begins to wait would not be seen."""
    while True:
        with suppress(Empty):
            return answers.get(timeout=_LOOK_EVERY)
