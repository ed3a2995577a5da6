"""The desk at a past time: everything may be looked at, nothing changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import RLock

from policy.refusal import Refusal
from policy.words import Action
from store.desk import Desk
from store.history.time_machine import TimeMachine
from store.queries import DeskReader
from store.read_models import Footing
from store.tickets.ticket_writer import Writer


class PastDesk(Desk):
    """The support desk as it was, for one person to look at; its clock stands at that time.

    Whoever reads sees one time throughout: another one is gone to before or after that.
    """

    def __init__(self, past: TimeMachine, *, actor: str) -> None:
        super().__init__(past.database, actor=actor, clock=lambda: past.time)
        self._past = past
        self._one_at_a_time = RLock()
        self._closed = False

    def close(self) -> None:
        """Throw the copy away; whoever still reads from it is refused."""
        with self._one_at_a_time:
            self._closed = True
            self._past.close()

    def footing(self) -> Footing:
        """Return which time is looked at, what happened last by then, and what happens next.

        Raises:
            Refusal: it was closed.
        """
        with self._standing():
            return Footing(time=self._past.time, last=self._past.last, next=self._past.next)

    def move_to(self, time: datetime) -> None:
        """Look at another time (UTC).

        Raises:
            Refusal: it was closed.
        """
        with self._standing():
            self._past.move_to(time)

    def step(self, *, forward: bool) -> bool:
        """Look at the time right after the next thing that was done, or the one before.

        Returns whether there was one.

        Raises:
            Refusal: it was closed.
        """
        with self._standing():
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
        with self._standing():
            self._past.stand_at(position, time)
        return False

    def number_one_id(self) -> int | None:
        """Return which ticket was number one."""
        with self._reader() as reader:
            number_one = reader.number_one()
        return None if number_one is None else number_one.id

    @contextmanager
    def _standing(self) -> Iterator[None]:
        with self._one_at_a_time:
            if self._closed:
                raise Refusal("the past was left")
            yield

    @contextmanager
    def _reader(self) -> Iterator[DeskReader]:
        with self._standing(), super()._reader() as reader:
            yield reader

    @contextmanager
    def _writer(
        self,
        *wanted: Action,  # noqa: ARG002 - nobody may, whatever is wanted
        undoable: bool = True,  # noqa: ARG002 - the same
    ) -> Iterator[tuple[Writer, DeskReader]]:
        raise Refusal("the past is for looking only; nothing of it can be changed")
        yield  # makes this what a ``with`` takes, as the one that writes is
