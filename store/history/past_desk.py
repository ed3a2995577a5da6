"""The desk at a past time: everything may be looked at, and there is nothing that changes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from threading import RLock

from policy.refusal import Refusal
from store.desk import DeskReading
from store.desk_reader import DeskReader
from store.history.time_machine import TimeMachine
from store.queue.overview import number_one
from store.read_models import Event
from store.session import ReadSession
from store.stopping import ReadingStop


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """Where in the past one stands: the time (UTC), what happened last by then, and what next."""

    time: datetime
    last: Event | None
    next: Event | None


class PastDesk(DeskReading):
    """The support desk as it was, for one person to look at; its clock stands at that time.

    Whoever reads sees one time throughout: another one is gone to before or after that. ``zone``
    is in which times are said to whoever was in no team file then.
    """

    def __init__(self, past: TimeMachine, *, actor: str, zone: tzinfo = UTC) -> None:
        self._past = past
        self._reading = _PastSession(past, actor=actor, zone=zone)
        super().__init__(self._reading)

    def close(self) -> None:
        """Throw the copy away; whoever still reads from it is refused."""
        self._reading.close()

    def footing(self) -> Footing:
        """Return which time is looked at, what happened last by then, and what happens next.

        Raises:
            Refusal: it was closed.
        """
        with self._reading.standing():
            return Footing(time=self._past.time, last=self._past.last, next=self._past.next)

    def move_to(self, time: datetime) -> None:
        """Look at another time (UTC).

        Raises:
            Refusal: it was closed.
        """
        with self._reading.standing():
            self._past.move_to(time)

    def step(self, *, forward: bool) -> bool:
        """Look at the time right after the next thing that was done, or the one before.

        Returns whether there was one.

        Raises:
            Refusal: it was closed.
        """
        with self._reading.standing():
            return self._past.step(forward=forward)

    def step_to_another_number_one(
        self, *, forward: bool, go_on: Callable[[], bool] = lambda: True
    ) -> bool:
        """Look at the next time, or the one before, at which another ticket was number one.

        Returns whether there was one; if not, the time is as it was before. ``go_on`` is asked
        before each step whether to look any further.

        Raises:
            Refusal: it was closed.
        """
        position, time, first = self._past.position, self._past.time, self.number_one_id()
        while go_on() and self.step(forward=forward):
            if self.number_one_id() != first:
                return True
        with self._reading.standing():
            self._past.stand_at(position, time)
        return False

    def number_one_id(self) -> int | None:
        """Return which ticket was number one."""
        with self._reading.read() as reader:
            first = number_one(reader)
        return None if first is None else first.id


class _PastSession(ReadSession):
    """Reads a copy that may be carried to another time, but never while somebody reads it."""

    def __init__(self, past: TimeMachine, *, actor: str, zone: tzinfo) -> None:
        super().__init__(past.database, actor=actor, clock=lambda: past.time, zone=zone)
        self._past = past
        self._one_at_a_time = RLock()
        self._closed = False

    def close(self) -> None:
        """Throw the copy away."""
        with self._one_at_a_time:
            self._closed = True
            self._past.close()

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Keep the copy where it stands.

        Raises:
            Refusal: it was closed.
        """
        with self._one_at_a_time:
            if self._closed:
                raise Refusal("the past was left")
            yield

    @contextmanager
    def read(self, stop: ReadingStop | None = None) -> Iterator[DeskReader]:
        """Give what reads at one instant of the past, until a ``stop``."""
        with self.standing(), super().read(stop) as reader:
            yield reader
