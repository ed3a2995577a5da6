"""A ticket put first: why and until when, with what that would do said before it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from policy.clocks.typed_time import typed_time
from policy.ordering.deviations import UNTIL_ANSWERED
from policy.refusal import Refusal
from policy.ticket import Ticket
from tui.board.client import NOT_FORESEEN, Answered, Client
from tui.board.context import BoardContext
from tui.board.widgets.choice import Choice
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.prose import Prose
from tui.board.widgets.styles import Span
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import until
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from store.tickets.deviation_desk import IfDeviated

_ANSWERED: Final = frozenset({"", UNTIL_ANSWERED, f"until {UNTIL_ANSWERED}"})


@dataclass(frozen=True, slots=True)
class DeviationAnswer:
    """Why a ticket is first and until when (UTC), None until it is answered; or that it ends."""

    reason: str = ""
    until: datetime | None = None
    ends: bool = False


class DeviationForeseen(Answered["IfDeviated"]):
    """What it would do came back, or why that is not known."""


class DeviationForm(Form[DeviationAnswer]):
    """Asks why a ticket is put first and until when, or whether it still is.

    ``foresee`` is asked in a thread what that would do. What a person types is in the zone of the
    ``context``.
    """

    has_prose = True

    def __init__(
        self, ticket: Ticket, foresee: "Callable[[], IfDeviated]", context: BoardContext
    ) -> None:
        super().__init__(
            f"Put #{ticket.id} first" if ticket.deviation is None else f"#{ticket.id} was put first"
        )
        self._ticket = ticket
        self._clock = context.clock
        self._zone = context.zone
        self._foresight: Client[None, IfDeviated] = Client(
            self,
            lambda _, __: foresee(),
            DeviationForeseen,
            name="foresight",
            fault_folder=context.state_folder,
            sentence=NOT_FORESEEN,
        )
        self.verb = "put first" if ticket.deviation is None else "do it"
        self._foreseen: IfDeviated | None = None
        self._trouble = ""
        self._ends = Choice(
            [(True, "end the deviation"), (False, "put it first anew")],
            chosen=ticket.deviation is not None,
            id="ends",
        )
        self._reason = Prose(placeholder="e.g. their contract ends today", id="reason")
        self._until = Input(
            placeholder="until answered; or 3h, 17:00, Fri 17:00, 2026-03-06T17:00",
            compact=True,
            id="until",
        )

    def fields(self) -> ComposeResult:
        """Yield what is to become of a deviation that there is, reason and end."""
        if self._ticket.deviation is not None:
            yield labelled("do", self._ends)
        yield labelled("reason", self._reason)
        yield labelled("until", self._until)

    def on_mount(self) -> None:
        """Ask what it would do."""
        self._say()
        self._foresight.ask(None)

    @on(DeviationForeseen)
    def _came(self, message: DeviationForeseen) -> None:
        """Say what it would do."""
        self._foresight.came(message)
        self._foreseen, self._trouble = message.found, message.trouble
        self._say()

    def on_input_changed(self) -> None:
        """Say until when that is."""
        self._say()

    def on_choice_changed(self) -> None:
        """Say what the other choice would do."""
        self._say()

    def on_choice_submitted(self) -> None:
        """Send on Enter in the choice too."""
        self.send()

    def answer(self) -> DeviationAnswer:
        """Return what is to be done.

        Raises:
            Refusal: it may not be put first, there is no reason, or the end is no time to come.
        """
        if self._ending:
            return DeviationAnswer(ends=True)
        if self._foreseen is not None and self._foreseen.refusal is not None:
            raise Refusal(self._foreseen.refusal)
        end = self._end()
        reason = self._reason.value
        if not reason:
            self._reason.focus()
            raise Refusal("reason: missing; say in a sentence why it goes first")
        return DeviationAnswer(reason=reason, until=end)

    @property
    def _ending(self) -> bool:
        return self._ticket.deviation is not None and self._ends.value

    def _end(self) -> datetime | None:
        """Return until when a person typed, None for until it is answered."""
        typed = self._until.value.strip()
        if typed.lower() in _ANSWERED:
            return None
        now = self._clock()
        try:
            end = typed_time(typed, now, self._zone or LocalZone(), end=True)
        except Refusal as refusal:
            raise Refusal(f"until: {refusal.reason}") from None
        if end <= now:
            raise Refusal(f"until: {typed} is over already; expected a time after now")
        return end

    def _say(self) -> None:
        for field in (self._reason, self._until):
            field.disabled = self._ending
        foreseen = self._foreseen
        if foreseen is None:
            self.say((f"! {plain_line(self._trouble)}" if self._trouble else "", "late"))
        elif self._ending:
            self.say((plain_line(foreseen.ended or ""), "bright"))
        elif foreseen.refusal is not None:
            self.say(("! ", "late"), (plain_line(foreseen.refusal), "late"))
        else:
            self.say((plain_line(foreseen.first), "bright"), *self._said_end())

    def _said_end(self) -> list[Span]:
        """Return the end as the clock shows it, or what is wrong with it."""
        try:
            end = self._end()
        except Refusal as refusal:
            return [("\n! ", "late"), (plain_line(refusal.reason), "late")]
        return [(f"\nIt is first {until(end, self._clock(), self._zone)}.", "dim")]
