"""When will engineering take it up? The timing, its day, and a note for support."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from textual.app import ComposeResult
from textual.widgets import Input

from policy.engineering.handover import SCHEDULED, check_day
from policy.engineering.wording import in_words
from policy.refusal import Refusal
from policy.ticket import Ticket
from tui.board.widgets.choice import Choice
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.prose import Prose
from tui.phrasing.text import plain_line
from tui.phrasing.times import typed_day


@dataclass(frozen=True, slots=True)
class Decision:
    """A timing, the day when it is scheduled, and the note."""

    timing: str
    scheduled_for: date | None
    note: str


class DecisionForm(Form[Decision]):
    """Asks for the rest of a decision; the note may stay empty."""

    verb = "decide"
    has_prose = True
    AUTO_FOCUS = None

    def __init__(
        self,
        ticket: Ticket,
        timings: Sequence[str],
        chosen: str | None,
        clock: Callable[[], datetime],
        zone: tzinfo | None,
    ) -> None:
        super().__init__(f"#{ticket.id} {plain_line(ticket.subject)}")
        self._clock, self._zone = clock, zone
        self._asked = chosen is None
        options = [(timing, plain_line(in_words(timing))) for timing in timings]
        self._timing = Choice(options, chosen=chosen or timings[0], id="timing")
        self._day = Input(placeholder="2026-03-12, or 5d from now", compact=True, id="decision-day")
        self._note = Prose(
            placeholder="for support, e.g. with the new writer; may stay empty", id="decision-note"
        )
        self._day_line = labelled("on", self._day)

    def fields(self) -> ComposeResult:
        """Yield timing, day and note."""
        yield labelled("timing", self._timing)
        yield self._day_line
        yield labelled("note", self._note)

    def on_mount(self) -> None:
        """Go to what is to be said first."""
        self._show_day()
        if self._asked:
            self._timing.focus()
        elif self._timing.value == SCHEDULED:
            self._day.focus()
        else:
            self._note.focus()
        self.say(("Support is told, and tells the customer; no customer sees the note.", "dim"))

    def on_choice_changed(self) -> None:
        """Ask for a day only where there is one."""
        self._show_day()

    def on_choice_submitted(self) -> None:
        """Send on Enter in the choice too."""
        self.send()

    def answer(self) -> Decision:
        """Return what was decided.

        Raises:
            Refusal: it is scheduled, and the day is missing, past or none.
        """
        timing = self._timing.value
        if timing != SCHEDULED:
            return Decision(timing, None, self._note.value)
        try:
            day = self._typed_day()
            check_day(timing, day, self._clock())
        except Refusal as refusal:
            self._day.focus()
            raise Refusal(f"on: {refusal.reason.removeprefix('date: ')}") from None
        return Decision(timing, day, self._note.value)

    def _typed_day(self) -> date | None:
        typed = self._day.value.strip()
        if not typed:
            return None
        now = self._clock()
        zone = self._zone or now.astimezone().tzinfo
        if zone is None:
            raise AssertionError(now)  # what is local is aware
        day = typed_day(typed, now, zone)
        return day.astimezone(zone).date() if isinstance(day, datetime) else day

    def _show_day(self) -> None:
        self._day_line.display = self._timing.value == SCHEDULED
