"""What is to become of a recorded entry: when it began and ended, what it went to, its note."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Input

from policy.clocks.typed_time import typed_past
from policy.refusal import Refusal
from policy.words import Work
from tui.board.widgets.form import Form, labelled
from tui.phrasing.text import plain_line
from tui.phrasing.times import LocalZone

if TYPE_CHECKING:
    from policy.time.entries import TimeEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnswer:
    """What is to change, None where it stays; times are UTC.

    ``reference`` names the ticket that it went to, ``work`` the kind of work where it was none.
    """

    started_at: datetime | None
    stopped_at: datetime | None
    reference: str | None
    work: Work | None
    note: str | None


class EntryForm(Form[EntryAnswer]):
    """Asks how an entry is to be; what a person types is in ``zone`` (None: the terminal's)."""

    verb = "change"

    def __init__(
        self, entry: "TimeEntry", *, now: Callable[[], datetime], zone: tzinfo | None
    ) -> None:
        super().__init__(f"Entry {entry.id}")
        self._clock = now
        self._zone = zone
        self._before = {
            "from": self._shown(entry.started_at),
            "until": self._shown(entry.stopped_at),
            "on": entry.work.value if entry.ticket is None else f"#{entry.ticket}",
            "note": plain_line(entry.note),
        }
        placeholders = {
            "from": "09:00, Fri 09:00, 2h ago as 2h",
            "until": "it runs still",
            "on": "a ticket's number, customer or internal",
            "note": "optional",
        }
        self._inputs = {
            name: Input(value, placeholder=placeholders[name], compact=True, id=f"entry-{name}")
            for name, value in self._before.items()
        }

    def fields(self) -> ComposeResult:
        """Yield the fields as they stand."""
        for name, field in self._inputs.items():
            yield labelled(name, field)

    def on_mount(self) -> None:
        """Say how times may be written."""
        self.say(("09:30, Fri 09:30 or 2h: the last time it was that, or 2 hours ago.", "dim"))

    def answer(self) -> EntryAnswer:
        """Return what was changed.

        Raises:
            Refusal: something in the fields is no time.
        """
        reference, work = self._spent_on()
        return EntryAnswer(
            started_at=self._time("from"),
            stopped_at=self._time("until", end=True),
            reference=reference,
            work=work,
            note=self._changed("note"),
        )

    def _changed(self, name: str) -> str | None:
        typed = self._inputs[name].value.strip()
        return None if typed == self._before[name] else typed

    def _time(self, name: str, *, end: bool = False) -> datetime | None:
        typed = self._changed(name)
        if not typed:
            if typed is None:
                return None
            raise Refusal(f"{name}: missing; expected a time such as 09:30 or Fri 09:30")
        try:
            return typed_past(typed, self._clock(), self._zone or LocalZone(), end=end)
        except Refusal as refusal:
            self._inputs[name].focus()
            raise Refusal(f"{name}: {refusal.reason}") from None

    def _spent_on(self) -> tuple[str | None, Work | None]:
        typed = self._changed("on")
        if typed is None:
            return None, None
        work = next((each for each in Work if each == typed.casefold()), None)
        return (None, work) if work is not None else (typed, None)

    def _shown(self, moment: datetime | None) -> str:
        return "" if moment is None else f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}"
