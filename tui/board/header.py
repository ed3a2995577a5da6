"""The line at the top: how the desk stands, in a few words, and the time."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from textual.content import Content
from textual.widget import Widget

from policy.phrases import MODE_NAMES, span
from policy.words import Mode
from store.views import Overview
from tui import times
from tui.board.paint import Span, content, spans_width, spread
from tui.board.team_view import NO_TEAM, TeamView
from tui.text import plain_line, shortened, width

_ROOMY = 100
_SPACIOUS = 120
_NAME = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the header says; ``trouble`` is why the database does not answer, if it does not."""

    place: str
    now: datetime
    overview: Overview | None = None
    team: TeamView = NO_TEAM
    trouble: str | None = None


class Header(Widget):
    """Draws the heading in one line."""

    def __init__(self, heading: Heading, zone: tzinfo | None) -> None:
        super().__init__()
        self._heading = heading
        self._zone = zone

    def show(self, heading: Heading) -> None:
        """Show another heading."""
        if heading != self._heading:
            self._heading = heading
            self.refresh()

    def render(self) -> Content:
        """Return the line."""
        return content(heading_line(self._heading, self.size.width, self._zone))


def heading_line(heading: Heading, cells: int, zone: tzinfo | None) -> list[Span]:
    """Return the header's spans in exactly ``cells`` cells; times are shown in ``zone``."""
    left = [(" numberone", "name"), ("   ", "")]
    if heading.trouble is not None:
        left.append((f"! no answer from the database, trying again: {heading.trouble}", "late"))
    elif heading.overview is None:
        left.append(("opening …", "dim"))
    else:
        left += _standing(heading, heading.overview, cells, zone)
    clock = [("   ", ""), (f"{heading.now.astimezone(zone):%H:%M}", "strong"), (" ", "")]
    room = cells - spans_width(left) - spans_width(clock) - 1
    return spread(left, [*_place(heading.place, room), *clock], cells)


def _place(place: str, cells: int) -> list[Span]:
    """Return where the database is: all of it, or its name, or nothing where that is too long."""
    whole = plain_line(place)
    name = whole.replace("\\", "/").rpartition("/")[2]
    return next(([(shown, "dim")] for shown in (whole, name) if width(shown) <= cells), [])


def _standing(heading: Heading, overview: Overview, cells: int, zone: tzinfo | None) -> list[Span]:
    hard = overview.mode.mode is Mode.HARD_CHOICES
    mode = MODE_NAMES[overview.mode.mode].upper()
    level = f"LEVEL {overview.capacity.level} · {mode}"
    spans = [(level, "loud" if hard else "dim"), ("   ", "")]
    if heading.team.people:
        spans += _who_is_in(heading, overview, zone)
        if cells < _SPACIOUS:
            return spans
        spans.append(("   ", ""))
    roomy = cells >= _ROOMY
    spans += [(f"{overview.queue:,}", "strong"), (" in the queue" if roomy else " queued", "dim")]
    if overview.declined:
        spans += [("   ", ""), (f"{overview.declined:,}", "strong"), (" declined", "dim")]
    return spans


def _who_is_in(heading: Heading, overview: Overview, zone: tzinfo | None) -> list[Span]:
    """Return ``5 of 9 in, next Gabe +2 h 10 m``, or until when the desk is closed."""
    capacity, now = overview.capacity, heading.now
    if capacity.closed_until is not None:
        opens = times.at(capacity.closed_until, now, zone)
        return [("closed", "strong"), (f" until {opens}", "dim")]
    available = set(capacity.available)
    said: list[Span] = [
        (f"{len(available)} of {len(capacity.scheduled)}", "strong"),
        (" in", "dim"),
    ]
    coming = next((turn for turn in capacity.next_arrivals if turn.login not in available), None)
    if coming is not None:
        name, wait = heading.team.name(coming.login), times.until(coming.at, now)
        said += [(f", next {shortened(name, _NAME)} +{span(wait)}", "dim")]
    return said
