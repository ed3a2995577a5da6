"""The line at the top: how the desk stands, in a few words, and the time."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from textual.content import Content
from textual.widget import Widget

from policy.phrases import MODE_NAMES
from policy.words import Mode
from store.views import Overview
from tui.board.paint import Span, content, spans_width, spread
from tui.text import plain_line, width

_ROOMY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the header says; ``trouble`` is why the database does not answer, if it does not."""

    place: str
    now: datetime
    overview: Overview | None = None
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
        left += _standing(heading.overview, roomy=cells >= _ROOMY)
    clock = [("   ", ""), (f"{heading.now.astimezone(zone):%H:%M}", "strong"), (" ", "")]
    room = cells - spans_width(left) - spans_width(clock) - 1
    return spread(left, [*_place(heading.place, room), *clock], cells)


def _place(place: str, cells: int) -> list[Span]:
    """Return where the database is: all of it, or its name, or nothing where that is too long."""
    whole = plain_line(place)
    name = whole.replace("\\", "/").rpartition("/")[2]
    return next(([(shown, "dim")] for shown in (whole, name) if width(shown) <= cells), [])


def _standing(overview: Overview, *, roomy: bool) -> list[Span]:
    hard = overview.mode.mode is Mode.HARD_CHOICES
    mode = MODE_NAMES[overview.mode.mode].upper()
    spans = [(f"LEVEL {overview.level} · {mode}", "loud" if hard else "dim"), ("   ", "")]
    spans += [(f"{overview.queue:,}", "strong"), (" in the queue" if roomy else " queued", "dim")]
    if overview.declined:
        spans += [("   ", ""), (f"{overview.declined:,}", "strong"), (" declined", "dim")]
    return spans
