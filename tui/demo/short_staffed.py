"""What happens while somebody looks at the demonstration: people go out, and one comes back."""

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self

from policy.refusal import Refusal
from store.desk import Desk
from tui.demo.parts import LEAD


@dataclass(frozen=True, slots=True)
class ScriptedTurn:
    """What happens ``after`` so many seconds: ``do`` it at the desk, at a time in UTC."""

    after: float
    do: Callable[[Desk, datetime], object]


TURNS: Final = (
    ScriptedTurn(
        10, lambda desk, now: desk.team.mark_out("tomasz", None, now + timedelta(hours=20), "fever")
    ),
    ScriptedTurn(
        25,
        lambda desk, now: desk.team.mark_out(
            "ayodele", None, now + timedelta(hours=3), "power cut"
        ),
    ),
    ScriptedTurn(100, lambda desk, _: desk.team.mark_back("ayodele")),
)
"""Level 2, level 3 with hard choices and customers to tell, and a better level after that."""


class ShortStaffed:
    """Lets the turns happen in a thread while the ``with`` statement lasts.

    A turn that the person at the board made needless, or impossible, is left out.
    """

    def __init__(
        self, address: str, clock: Callable[[], datetime], turns: tuple[ScriptedTurn, ...] = TURNS
    ) -> None:
        self._address = address
        self._clock = clock
        self._turns = turns
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._happen, daemon=True)

    def __enter__(self) -> Self:
        """Begin to count the seconds."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let nothing more happen."""
        self._over.set()
        self._thread.join()

    def _happen(self) -> None:
        passed = 0.0
        with suppress(Refusal), closing(self._opened()) as desk:
            for turn in self._turns:
                if self._over.wait(turn.after - passed):
                    return
                passed = turn.after
                with suppress(Refusal):
                    turn.do(desk, desk.now())

    def _opened(self) -> Desk:
        return Desk.open(self._address, actor=LEAD, clock=self._clock)
