"""The steps of a person that the database has not answered yet: shown, and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Timer
from time import monotonic
from typing import Final

from store.stopping import waited_for
from tui.board.widgets.styles import Span

_SHOWN_AFTER: Final = 2.0
"""How many seconds a step waits until that is said: nearly all are answered long before."""

_PATIENCE_AT_THE_END: Final = 3.0
"""How many seconds whoever leaves waits for an answer to a step."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step, what it is called, and when it began, by the clock that only goes on."""

    name: str
    began: float = field(default_factory=monotonic)
    given_up: Event = field(default_factory=Event)

    @property
    def waits(self) -> float:
        """How many seconds it has waited for an answer."""
        return monotonic() - self.began


class StepsUnderWay:
    """What one board has asked of its database, as long as that has not answered.

    ``parting_words`` are what is known of steps only after the board was left.
    """

    def __init__(self) -> None:
        self.left = Event()
        self.parting_words = list[str]()
        self._under_way = list[Step]()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Let what a thread does inside the ``with`` be a step, which can be taken back."""
        step = Step(name)
        self._under_way.append(step)
        try:
            with waited_for(step.given_up):
                yield
        finally:
            self._under_way.remove(step)

    @property
    def waiting(self) -> Step | None:
        """The step that has waited for longest, None while none has waited for long."""
        first = next(iter(tuple(self._under_way)), None)
        return None if first is None or first.waits < _SHOWN_AFTER else first

    def take_back(self) -> bool:
        """Give up what waits; how each ended is told as soon as it is known. False: none waits."""
        if self.waiting is None:
            return False
        self._give_up()
        return True

    def leave(self) -> None:
        """Give up, after a little while, whatever has no answer: the board is left."""
        self.left.set()
        if self._under_way:
            last = Timer(_PATIENCE_AT_THE_END, self._give_up)
            last.daemon = True
            last.start()

    def _give_up(self) -> None:
        for step in tuple(self._under_way):
            step.given_up.set()


def waiting_spans(step: Step, title: str, undo_key: str) -> list[Span]:
    """Return the line about a step that the database has not answered yet."""
    spans: list[Span] = [
        ("◷ ", "soon"),
        (f"{title}: no answer from the database yet, for {step.waits:.0f} s", ""),
    ]
    if step.given_up.is_set():
        return [*spans, (", it is being taken back", "")]
    return [*spans, (", ", ""), (undo_key, "key"), (" takes it back", "")]
