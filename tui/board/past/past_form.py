"""Which time of the past to look at."""

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final

from textual.app import ComposeResult
from textual.widgets import Input

from policy.clocks.typed_time import typed_past
from policy.refusal import Refusal
from tui.board.widgets.form import Form, labelled
from tui.board.widgets.styles import Span
from tui.phrasing import times
from tui.phrasing.times import LocalZone

_DAY: Final = timedelta(days=1)
_YESTERDAY: Final = re.compile(r"yesterday\b", re.IGNORECASE)
_EXAMPLES: Final = "3h for three hours ago, 17:00 or Fri 17:00 for the last one, yesterday 9:30"


class PastForm(Form[datetime]):
    """Asks for a time that is past, at ``now``; ``first`` is what it begins with (both UTC)."""

    verb = "look"
    keeps_draft = False

    def __init__(self, first: datetime, now: datetime, zone: tzinfo | None) -> None:
        super().__init__("Look at the desk as it was")
        self._now = now
        self._zone = zone or LocalZone()
        typed = f"{first.astimezone(self._zone):%Y-%m-%d %H:%M}"
        self._time = Input(typed, placeholder="yesterday 17:00", compact=True, id="time")

    def fields(self) -> ComposeResult:
        """Yield the time."""
        yield labelled("time", self._time)

    def keys(self) -> list[Span]:
        """Return the keys that the last line names."""
        return [("⏎", "key"), (f" {self.verb}   ", "dim"), ("esc", "key"), (" leave", "dim")]

    def on_input_changed(self) -> None:
        """Say which time that is."""
        if not self._time.value.strip():
            self.say((_EXAMPLES, "dim"))
            return
        try:
            time = self.answer()
        except Refusal as refusal:
            self.say((refusal.reason, "dim"))
        else:
            local = time.astimezone(self._zone)
            ago = times.ago(time, self._now)
            self.say((f"{local:%A} {local.day} {local:%B %Y %H:%M}", ""), (f", {ago}", "dim"))

    def answer(self) -> datetime:
        """Return the time in UTC.

        Raises:
            Refusal: it is no time, or not past.
        """
        time = typed_moment(self._time.value, self._now, self._zone)
        if time > self._now:
            raise Refusal("time: that is still to come; expected one that is past")
        return time


def typed_moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the time (UTC) of the past that a person in ``zone`` means at ``now``.

    As all times of the past are typed, and ``yesterday`` before a time of day, or alone for this
    time yesterday.

    Raises:
        Refusal: it is no time.
    """
    typed = text.strip()
    if typed.lower() == "yesterday":
        return now - _DAY
    weekday = f"{now.astimezone(zone) - _DAY:%a}"
    try:
        return typed_past(_YESTERDAY.sub(weekday, typed), now, zone)
    except Refusal as refusal:
        raise Refusal(f"time: {refusal.reason}") from None
