"""The mode set by hand: which, why and until when; or left to the level again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from textual.app import ComposeResult
from textual.widgets import Input

from policy.capacity.mode import ModeInForce, set_by_hand
from policy.clocks.typed_time import typed_time
from policy.phrases import MODE_NAMES
from policy.refusal import Refusal
from policy.words import Mode
from tui.board.widgets.choice import Choice
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.styles import Span
from tui.phrasing import times
from tui.phrasing.text import plain_line
from tui.phrasing.times import LocalZone

_AUTOMATIC: Final = "by the level"


@dataclass(frozen=True, slots=True)
class ModeAnswer:
    """The mode that a lead wants, why and until when (UTC); None leaves it to the level."""

    mode: Mode | None
    reason: str = ""
    until: datetime | None = None


class ModeForm(Form[ModeAnswer]):
    """Asks for the mode, as ``in_force`` is; what a person types is in ``zone``.

    "A lead may set the mode by hand, which needs a reason and an end."
    """

    verb = "set"

    def __init__(
        self,
        in_force: ModeInForce,
        clock: Callable[[], datetime],
        zone: tzinfo | None,
        stay: Callable[[ModeAnswer], None],
    ) -> None:
        super().__init__("The mode", stay)
        self._in_force = in_force
        self._clock = clock
        self._zone = zone or LocalZone()
        by_hand = in_force.by_hand is not None
        first = (None, _AUTOMATIC)
        modes = [(each, MODE_NAMES[each]) for each in (Mode.HARD_CHOICES, Mode.NORMAL)]
        self._mode: Choice[Mode | None] = Choice(
            [first, *modes] if by_hand else [*modes, first],
            chosen=None if by_hand else _other(in_force.mode),
            id="mode",
        )
        self._reason = Input(placeholder="a sentence", compact=True, id="reason")
        self._until = Input(
            placeholder="3h, 17:00, Fri 17:00, 2026-03-06T17:00", compact=True, id="until"
        )

    def fields(self) -> ComposeResult:
        """Yield which mode, the reason and the end."""
        yield labelled("mode", self._mode)
        yield labelled("reason", self._reason)
        yield labelled("until", self._until)

    def on_mount(self) -> None:
        """Say what is in force."""
        self._say()

    def on_input_changed(self) -> None:
        """Say until when that is."""
        self._say()

    def on_choice_changed(self) -> None:
        """Say what the other choice needs."""
        self._say()

    def on_choice_submitted(self) -> None:
        """Send on Enter in the choice too."""
        self.send()

    def answer(self) -> ModeAnswer:
        """Return what is wanted.

        Raises:
            Refusal: a mode without a reason, or without an end that is to come.
        """
        mode, reason = self._mode.value, self._reason.value
        if mode is None:
            return ModeAnswer(None, reason)
        until, now = self._end(), self._clock()
        try:
            setting = set_by_hand(mode, by="", reason=reason, until=until, now=now, zone=self._zone)
        except Refusal as refusal:
            (self._reason if refusal.reason.startswith("reason") else self._until).focus()
            raise
        return ModeAnswer(mode, setting.reason, until)

    def _end(self) -> datetime | None:
        """Return until when a person typed, None for nothing."""
        typed = self._until.value.strip()
        if not typed:
            return None
        try:
            return typed_time(typed, self._clock(), self._zone, end=True)
        except Refusal as refusal:
            raise Refusal(f"until: {refusal.reason}") from None

    def _say(self) -> None:
        automatic = self._mode.value is None
        self._until.disabled = automatic
        stands = f"{MODE_NAMES[self._in_force.mode].capitalize()} now. {self._in_force.why}"
        self.say((plain_line(stands), "bright"), *([] if automatic else self._said_end()))

    def _said_end(self) -> list[Span]:
        """Return the end as the clock shows it, or what is wrong with it."""
        try:
            end, now = self._end(), self._clock()
        except Refusal as refusal:
            return [("\n! ", "late"), (plain_line(refusal.reason), "late")]
        if end is None:
            return [("\nIt needs a reason and an end.", "dim")]
        when = f"{times.at(end, now, self._zone)}, {times.in_words(end, now)}"
        return [(f"\nIt holds until {when}; then the level decides again.", "dim")]


def _other(mode: Mode) -> Mode:
    return Mode.NORMAL if mode is Mode.HARD_CHOICES else Mode.HARD_CHOICES
