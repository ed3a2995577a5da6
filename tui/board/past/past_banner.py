"""The lines that mark the past: which time is looked at, what happened last, and what next."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tui.actions import timeline
from tui.board.widgets.styles import Span, content, cut, spread
from tui.environment.keymap import Keys, display
from tui.phrasing import times

if TYPE_CHECKING:
    from store.history.past_desk import Footing
    from store.read_models import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTime:
    """The time looked at, ``footing`` None until it is reached, and the time it is now (UTC).

    ``doing`` is what is under way, in words; empty when nothing is.
    """

    time: datetime
    now: datetime
    footing: "Footing | None" = None
    doing: str = ""


class PastLine(Widget):
    """Draws the time looked at, and under it what happened around it."""

    def __init__(self, zone: tzinfo | None, keys: Keys, past: PastTime) -> None:
        super().__init__()
        self._zone = zone
        self._keys = keys
        self._past = past

    def show(self, past: PastTime) -> None:
        """Show another time."""
        if past != self._past:
            self._past = past
            self.refresh()

    def render(self) -> Content:
        """Return the lines, as many as there is room for."""
        lines = past_lines(self._past, self._keys, self.content_size.width, self._zone)
        return Content("\n").join(content(line) for line in lines)


def past_lines(past: PastTime, keys: Keys, cells: int, zone: tzinfo | None) -> list[list[Span]]:
    """Return the lines, each at most ``cells`` wide: the time, what came last, what comes next."""
    local, now = past.time.astimezone(zone), past.now.astimezone(zone)
    year = f" {local.year}" if local.year != now.year else ""
    ago = times.ago(past.time, past.now).replace("just now", "now")
    when: list[Span] = [
        ("PAST  ", "loud"),
        (f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M}", "bright"),
        (f"  {ago}", ""),
    ]
    back: list[Span] = [(display(keys["back"][0]), "key"), (" leads to now", "dim")]
    lines = [spread(when, back, cells)]
    if past.doing:
        return [*lines, [(past.doing, "dim")]]
    if past.footing is not None:
        last = _happened("last", past.footing.last, "the history begins here", past.time, zone)
        following = _happened("next", past.footing.next, "nothing since", past.time, zone)
        lines += [cut(last, cells), cut(following, cells)]
    return lines


def _happened(
    label: str, event: "Event | None", otherwise: str, time: datetime, zone: tzinfo | None
) -> list[Span]:
    if event is None:
        return [(f"{label}  ", "dim"), (otherwise, "dim")]
    about = f"#{event.ticket} " if event.ticket is not None else ""
    return [
        (f"{label}  {times.at(event.at, time, zone)}  ", "dim"),
        (about, "strong"),
        (timeline.sentence(event, zone), ""),
    ]
