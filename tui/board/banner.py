"""The number one: the only filled block on the screen."""

from datetime import datetime, tzinfo
from typing import Final

from textual.content import Content
from textual.geometry import Size
from textual.reactive import var
from textual.widget import Widget

from policy.ordering.deviations import UNTIL_ANSWERED, without_it
from policy.ticket import Deviation, Ticket
from policy.vocabulary import Vocabulary
from store.read_models import Overview
from tui.board.snapshot import BoardState
from tui.board.widgets.styles import Span, content, cut, spread
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.holder_words import marked, why_away
from tui.phrasing.text import plain_line, shortened, width
from tui.phrasing.ticket_facts import DEVIATION_SIGN, NOBODY_WAITS, SOON, due_label
from tui.phrasing.times import NOT_YET

_LINES: Final = 3
_REASON_LINES: Final = 2
_GAP: Final = 3
_INDENT: Final = 2


class Banner(Widget):
    """Draws the number one with its why, who has it, and its deadline counting down."""

    now: var[datetime] = var(NOT_YET, init=False)
    state: var[BoardState | None] = var(None, init=False, always_update=True)

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._overview: Overview | None = None
        self.set_reactive(Banner.now, now)

    def watch_now(self) -> None:
        """Show how the queue stands at another time."""
        self.refresh(layout=True)

    def watch_state(self) -> None:
        """Show how the queue stands when that has changed."""
        overview = self.state.overview if self.state is not None else None
        if overview != self._overview:
            self._overview = overview
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Return how many lines there are to say: a deviation takes more of them."""
        return max(_LINES, len(self._lines(width)))

    def render(self) -> Content:
        """Return the lines, as many as there is room for."""
        lines = self._lines(self.content_size.width)
        return Content("\n").join(content(line) for line in lines)

    def _lines(self, cells: int) -> list[list[Span]]:
        if self._overview is None:
            return [[("NUMBER ONE", "block-dim")]]
        return banner_lines(self._overview, self.now, cells, self._zone)


def banner_lines(
    overview: Overview, now: datetime, cells: int, zone: tzinfo | None
) -> list[list[Span]]:
    """Return the banner's lines, each at most ``cells`` wide; the why comes last.

    "The banner shows that it is first by deviation, by whom, why, until when, and what would be
    first without it."
    """
    ticket = overview.number_one
    if ticket is None:
        return [
            [("NUMBER ONE", "block-dim")],
            [(NOBODY_WAITS[0], "block-strong")],
            [(NOBODY_WAITS[1], "block-dim")],
        ]
    words = overview.words
    badge = (f" {ticket.priority} ", role_of(words, ticket.priority, "block-"))
    left = [("NUMBER ONE  ", "block-dim"), (f"#{ticket.id}  ", "block"), badge]
    tier = (f"  {words.tier_name(ticket.tier)}", "block")
    subject = f"{plain_line(ticket.customer)} · {plain_line(ticket.subject)}"
    return [
        spread([*left, tier], _deadline(ticket, now, zone), cells),
        cut([(subject, "block-strong")], cells),
        *(
            _deviation_lines(overview, now, cells, zone)
            or [_why_line(overview, ticket, now, cells, zone)]
        ),
    ]


def _why_line(
    overview: Overview, ticket: Ticket, now: datetime, cells: int, zone: tzinfo | None
) -> list[Span]:
    whose = _assignee(overview, ticket, now, zone)
    why = _why(overview, cells - width(whose[0]) - 1)
    return spread([(why, "block-dim")], [whose], cells)


def _deviation_lines(
    overview: Overview, now: datetime, cells: int, zone: tzinfo | None
) -> list[list[Span]]:
    """Return who put it first, until when and why, and what would be first without; else none."""
    ticket, first = overview.number_one, overview.without_deviation
    if ticket is None or ticket.deviation is None or first is None:
        return []
    whose, without = _assignee(overview, ticket, now, zone), _without(ticket, first, overview.words)
    room = cells - width(whose[0]) - 1
    said = [*_put_first(ticket.deviation, now, room, zone)]
    first_line = spread(said, [whose], cells)
    reason = f"“{plain_line(ticket.deviation.reason)}”"
    if _INDENT + width(reason) + _GAP + width(without[0]) <= cells:
        return [first_line, spread([(" " * _INDENT + reason, "block")], [without], cells)]
    return [first_line, *_wrapped(reason, cells), cut([(" " * _INDENT, ""), without], cells)]


def _wrapped(reason: str, cells: int) -> list[list[Span]]:
    """Return a reason in at most two lines; all of it stands beside the ticket."""
    room = max(1, cells - _INDENT)
    lines = [line.plain.rstrip() for line in content([(reason, "")]).wrap(room)]
    shown = lines[:_REASON_LINES]
    if len(lines) > _REASON_LINES:
        shown[-1] = shortened(f"{shown[-1]} {lines[_REASON_LINES]}", room)
    return [[(" " * _INDENT + line, "block")] for line in shown]


def _put_first(deviation: Deviation, now: datetime, cells: int, zone: tzinfo | None) -> list[Span]:
    """Return by whom and until when; how long that is only where there is room for it."""
    until, left = UNTIL_ANSWERED, ""
    if deviation.until is not None:
        until = times.at(deviation.until, now, zone)
        left = f", {times.in_words(deviation.until, now)}"
    first, then = f"{DEVIATION_SIGN} First by deviation: ", " put it first until "
    by = plain_line(deviation.by)
    room = cells - width(first) - width(then) - width(until)
    spans: list[Span] = [
        (first, "block-strong"),
        (shortened(by, room) + then, "block"),
        (until, "block-strong"),
    ]
    return [*spans, (left, "block")] if width(by) + width(left) <= room else spans


def _without(ticket: Ticket, first: Ticket, words: Vocabulary) -> Span:
    """Return what would be first without the deviation.

    That it is held up warns if it is of the first priority.
    """
    said = without_it(ticket, first)
    held_up = first.priority == words.first_priority != ticket.priority
    return (f"! {said}", "block-late") if held_up else (said, "block-dim")


def _why(overview: Overview, cells: int) -> str:
    """Return as many whole sentences as fit, and the first one in any case.

    Where there is no room for all of that, it says what decides, and not what is alike before it.
    """
    first = next(iter(overview.why), "")
    if width(plain_line(first)) > cells:
        return plain_line(overview.why_in_short or first)
    said = ""
    for each in overview.why:
        longer = f"{said} {plain_line(each)}".strip()
        if said and width(longer) > cells:
            break
        said = longer
    return said


def _assignee(overview: Overview, ticket: Ticket, now: datetime, zone: tzinfo | None) -> Span:
    """Return who has it, which warns when they are away."""
    if ticket.assignee is None:
        return ("unassigned", "block")
    away = overview.holders.away(ticket)
    if away is None:
        return (plain_line(ticket.assignee), "block")
    return (f"! {marked(ticket.assignee, away)} is {why_away(away, now, zone)}", "block-late")


def _deadline(ticket: Ticket, now: datetime, zone: tzinfo | None) -> list[Span]:
    deadline = ticket.respond_by or ticket.resolve_by
    if deadline is None:
        return [("no answer due", "block-dim")]
    left = times.until(deadline, now)
    role = "block-late" if left <= SOON else "block-strong"
    sign = "! " if left <= SOON else ""
    return [
        (f"{due_label(ticket)} {times.at(deadline, now, zone)}, ", "block"),
        (sign + times.in_words(deadline, now), role),
    ]
