"""What the board says of time in passing: a timer left running, and protected time, each once."""

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from policy.phrases import span
from tui import times
from tui.board.prompt_bar import Said
from tui.board.time_view import TimeView
from tui.text import plain_line, shortened

if TYPE_CHECKING:
    from policy.time_entries import TimeEntry

_SUBJECT = 48


class TimePrompts:
    """Remembers what was said, so that what a person dismissed does not come back.

    A timer left running is told once, protected time is offered once a day.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._told: set[object] = set()
        self._saying: tuple[object, Said] | None = None

    def see(self, time: TimeView, now: datetime, said: Said | None) -> Said | None:
        """Return what to say, when ``said`` is said now: the same, something else, or nothing.

        What level and mode ask for is never talked over.
        """
        current = dict(self._worth_saying(time, now))
        if self._saying is not None and said is self._saying[1]:
            if self._saying[0] in current:
                return said
            said = None
        if said is not None:
            return said
        new = next((key for key in current if key not in self._told), None)
        if new is None:
            return None
        self._told.add(new)
        self._saying = new, current[new]
        return current[new]

    def _worth_saying(self, time: TimeView, now: datetime) -> "list[tuple[object, Said]]":
        mine = time.mine
        found: list[tuple[object, Said]] = []
        if mine.running is not None and mine.left_running is not None:
            since = times.at(mine.left_running, now, self._zone)
            key = ("left", mine.running.id)
            found.append((key, _left_running(mine.running, mine.on, since, now)))
        if mine.suggestion is not None:
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


def _left_running(entry: "TimeEntry", on: str, since: str, now: datetime) -> Said:
    return Said(
        f"The timer still runs, since {span(entry.length(now))}",
        f"On {spent_on(entry, on)}. It looks left running: it can be stopped as of {since}.",
        worse=None,
        offers=(("timer", f"stop at {since}"),),
    )


def spent_on(entry: "TimeEntry", subject: str = "") -> str:
    """Return what an entry went to, in a few harmless words."""
    if entry.ticket is None:
        return f"{entry.work} work"
    said = shortened(plain_line(subject), _SUBJECT)
    return f"#{entry.ticket} {said}".rstrip()
