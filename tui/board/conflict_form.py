"""The question when others changed what was decided on: their version and one's own, side by side.

"Two changes at once: the second is told what changed and asks."
"""

from collections.abc import Callable, Sequence
from typing import Final

from textual.app import ComposeResult
from textual.widgets import Static

from policy.refusal import one_of
from store.changed_meanwhile import ChangedMeanwhile
from store.read_models import Event
from tui.actions import timeline
from tui.board.context import BoardContext
from tui.board.widgets.key_turns import KeyTurnsApp
from tui.board.widgets.pick import Option, Pick
from tui.board.widgets.styles import Span, content
from tui.phrasing import times
from tui.phrasing.text import plain_line, shortened

_CHANGES_SHOWN: Final = 5
_LONGEST_MINE: Final = 200


class ConflictForm(Pick[bool]):
    """Shows what others did and what one was about to do, and asks which holds.

    To leave theirs comes first: who goes on typing overwrites nothing. What was typed stays in the
    form below.
    """

    def __init__(self, changed: ChangedMeanwhile, mine: str, context: BoardContext) -> None:
        numbers = sorted({event.ticket for event in changed.changes if event.ticket is not None})
        what = one_of((f"#{number}" for number in numbers or changed.now), "and") or "It"
        verb = "was" if len(numbers) < 2 else "were"  # noqa: PLR2004 - one, or several
        super().__init__(
            f"{what} {verb} changed while you decided",
            [
                Option(value=False, key="l", label="leave it", meaning="theirs stays"),
                Option(value=True, key="m", label="keep mine", meaning="do it all the same"),
            ],
        )
        self._is_meant: Callable[[], bool] = lambda: False
        self._both = Static(
            content([*theirs(changed.changes, context), ("Yours   ", "dim"), (_short(mine), "")]),
            classes="both-versions",
        )

    def on_mount(self) -> None:
        """Wait until both versions are to be seen."""
        self.call_after_refresh(self._shown)

    def _shown(self) -> None:
        self._is_meant = self.app.sight() if isinstance(self.app, KeyTurnsApp) else lambda: True

    def _pick(self, option: Option[bool]) -> None:
        """Answer; what was pressed before the question was to be seen keeps nothing."""
        if not option.value or self._is_meant():
            super()._pick(option)

    def fields(self) -> ComposeResult:
        """Yield both versions, and the two answers."""
        yield self._both
        yield from super().fields()


def theirs(changes: Sequence[Event], context: BoardContext) -> list[Span]:
    """Return what others did, a line each with when, the latest of it when there is much."""
    spans: list[Span] = []
    left_out = len(changes) - _CHANGES_SHOWN
    if left_out > 0:
        spans.append((f"        {left_out:,} changes before these\n", "dim"))
    now = context.clock()
    for place, event in enumerate(changes[-_CHANGES_SHOWN:]):
        spans += [
            ("Theirs  " if place == 0 else "        ", "dim"),
            (timeline.sentence(event, context.zone), "bright"),
            (f"  {times.ago(event.at, now)}\n", "dim"),
        ]
    return spans


def _short(mine: str) -> str:
    return shortened(plain_line(mine), _LONGEST_MINE)
