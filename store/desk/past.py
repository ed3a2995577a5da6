"""The desk at a past time: everything may be looked at, nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from policy.refusal import Refusal
from policy.words import Action
from store.changes import Writer
from store.desk import Desk
from store.past import Past
from store.reading import Reader
from store.views import Footing


class PastDesk(Desk):
    """The support desk as it was, for one person to look at; its clock stands at that time."""

    def __init__(self, past: Past, *, actor: str) -> None:
        super().__init__(past.database, actor=actor, clock=lambda: past.time)
        self._past = past

    def close(self) -> None:
        """Throw the copy away."""
        self._past.close()

    def footing(self) -> Footing:
        """Return which time is looked at, what happened last by then, and what happens next."""
        return Footing(time=self._past.time, last=self._past.last, next=self._past.next)

    def move_to(self, time: datetime) -> None:
        """Look at another time (UTC)."""
        self._past.move_to(time)

    def step(self, *, forward: bool) -> bool:
        """Look at the time right after the next thing that was done, or the one before.

        Returns whether there was one.
        """
        return self._past.step(forward=forward)

    def step_to_another_number_one(self, *, forward: bool, at_most: int = 2_000) -> bool:
        """Look at the next time, or the one before, at which another ticket was number one.

        Returns whether there was one, as far as ``at_most`` things that were done.
        """
        first = self.number_one_id()
        for _ in range(at_most):
            if not self.step(forward=forward):
                return False
            if self.number_one_id() != first:
                return True
        return False

    def number_one_id(self) -> int | None:
        """Return which ticket was number one."""
        with self._reader() as reader:
            number_one = reader.number_one()
        return None if number_one is None else number_one.id

    @contextmanager
    def _writer(
        self,
        *wanted: Action,  # noqa: ARG002 - nobody may, whatever is wanted
        undoable: bool = True,  # noqa: ARG002 - the same
    ) -> Iterator[tuple[Writer, Reader]]:
        raise Refusal("the past is for looking only; nothing of it can be changed")
        yield  # makes this what a ``with`` takes, as the one that writes is
