"""The number one: the only filled block on the screen."""

from datetime import datetime, tzinfo

from textual.content import Content
from textual.widget import Widget

from policy.phrases import TIER_NAMES
from policy.ticket import Ticket
from store.views import Overview
from tui import times
from tui.board.paint import Span, content, cut, spread
from tui.board.theme import role_of
from tui.facts import NOBODY_WAITS, SOON
from tui.text import plain_line, width


class Banner(Widget):
    """Draws the number one with its why, who has it, and its deadline counting down."""

    def __init__(self, zone: tzinfo | None) -> None:
        super().__init__()
        self._zone = zone
        self._overview: Overview | None = None
        self._now: datetime | None = None

    def show(self, overview: Overview | None, now: datetime) -> None:
        """Show how the queue stands at ``now`` (UTC)."""
        if (overview, now) != (self._overview, self._now):
            self._overview, self._now = overview, now
            self.refresh()

    def render(self) -> Content:
        """Return the lines, as many as there is room for."""
        if self._overview is None or self._now is None:
            return content([("NUMBER ONE", "block-dim")])
        lines = banner_lines(self._overview, self._now, self.content_size.width, self._zone)
        return Content("\n").join(content(line) for line in lines)


def banner_lines(
    overview: Overview, now: datetime, cells: int, zone: tzinfo | None
) -> list[list[Span]]:
    """Return the banner's lines, each at most ``cells`` wide; the why comes last."""
    ticket = overview.number_one
    if ticket is None:
        return [
            [("NUMBER ONE", "block-dim")],
            [(NOBODY_WAITS[0], "block-strong")],
            [(NOBODY_WAITS[1], "block-dim")],
        ]
    badge = (f" {ticket.priority} ", role_of(ticket.priority, "block-"))
    left = [("NUMBER ONE  ", "block-dim"), (f"#{ticket.id}  ", "block"), badge]
    tier = (f"  {TIER_NAMES[ticket.tier]}", "block")
    whose = _assignee(ticket)
    why = _why(overview.why, cells - width(whose[0]) - 1)
    subject = f"{plain_line(ticket.customer)} · {plain_line(ticket.subject)}"
    return [
        spread([*left, tier], _deadline(ticket, now, zone), cells),
        cut([(subject, "block-strong")], cells),
        spread([(why, "block-dim")], [whose], cells),
    ]


def _why(sentences: tuple[str, ...], cells: int) -> str:
    """Return as many whole sentences as fit, and the first one in any case."""
    said = ""
    for sentence in sentences:
        longer = f"{said} {plain_line(sentence)}".strip()
        if said and width(longer) > cells:
            break
        said = longer
    return said


def _assignee(ticket: Ticket) -> Span:
    return (plain_line(ticket.assignee), "block") if ticket.assignee else ("unassigned", "block")


def _deadline(ticket: Ticket, now: datetime, zone: tzinfo | None) -> list[Span]:
    if ticket.respond_by is None:
        return [("no answer due", "block-dim")]
    left = times.until(ticket.respond_by, now)
    role = "block-late" if left <= SOON else "block-strong"
    sign = "! " if left <= SOON else ""
    return [
        (f"respond by {times.at(ticket.respond_by, now, zone)}, ", "block"),
        (sign + times.in_words(ticket.respond_by, now), role),
    ]
