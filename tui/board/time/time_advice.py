"""What the board says of time in passing: a timer left running, and protected time, each once."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from store.time.time_models import MyTime
from tui.board.advice_bar import Said
from tui.board.time.time_model import TimeView
from tui.phrasing import times
from tui.phrasing.text import plain_line, shortened

if TYPE_CHECKING:
    from policy.time.entries import TimeEntry

_SUBJECT = 48


class TimeAdvice:
    """Remembers what was said, so that what a person dismissed does not come back.

    A timer left running is told once. Protected time is offered once a day, while no timer runs:
    between one piece of work and the next.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._told: set[object] = set()
        self._saying: tuple[object, Said | None] | None = None

    def see(self, time: TimeView, now: datetime, said: Said | None) -> Said | None:
        """Return what to say, when ``said`` is said now: the same, something else, or nothing.

        What level and mode ask for is never talked over.
        """
        current = dict(self._worth_saying(time, now))
        key, saying = self._saying or (None, None)
        if said is not None and said is not saying:
            return said
        if said is None or key not in current:
            key = next((each for each in current if each not in self._told), None)
        if key is None:
            return None
        self._told.add(key)
        if current[key] != said:
            said = current[key]
        self._saying = key, said
        return said

    def _worth_saying(self, time: TimeView, now: datetime) -> "list[tuple[object, Said]]":
        mine = time.mine
        found: list[tuple[object, Said]] = []
        if mine.running is not None and mine.left_running is not None:
            key = ("left", mine.running.id)
            found.append((key, self._left_running(mine, mine.running, mine.left_running, now)))
        if mine.suggestion is not None and mine.running is None:
            ticket = mine.suggestion.ticket
            subject = shortened(plain_line(ticket.subject), _SUBJECT)
            offer = Said(
                f"Protected time: #{ticket.id} {subject}",
                mine.suggestion.why,
                worse=None,
                offers=(("allocation", "show"),),
            )
            found.append((("offer", now.astimezone(self._zone).date()), offer))
        return found

    def _left_running(
        self, mine: MyTime, entry: "TimeEntry", since: datetime, now: datetime
    ) -> Said:
        began = times.at(entry.started_at, now, self._zone)
        return Said(
            f"The timer still runs, since {began}",
            f"It is on {spent_on(entry, mine.on)}, and looks left running.",
            worse=None,
            offers=(("timer", f"stop at {times.at(since, now, self._zone)}"),),
        )


def spent_on(entry: "TimeEntry", subject: str = "") -> str:
    """Return what an entry went to, in a few harmless words."""
    if entry.ticket is None:
        return f"{entry.work} work"
    said = shortened(plain_line(subject), _SUBJECT)
    return f"#{entry.ticket} {said}".rstrip()
