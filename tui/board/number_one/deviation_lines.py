"""The lines of a number one that a person put first: by whom, until when, why, and before what."""

from datetime import datetime, tzinfo
from typing import Final

from policy.ordering.deviations import UNTIL_ANSWERED, without_it
from policy.ticket import Deviation, Ticket
from policy.vocabulary import Vocabulary
from tui.board.number_one.first_ticket import NumberOne
from tui.board.widgets.styles import Span, cut, spread
from tui.phrasing import times
from tui.phrasing.text import plain_line, shortened, width
from tui.phrasing.ticket_facts import DEVIATION_SIGN

_GAP: Final = 3
_INDENT: Final = 2


def deviation_lines(first: NumberOne, ticket: Ticket, cells: int) -> list[list[Span]]:
    """Return who put it first, until when and why, and what would be first without; else none.

    "The banner shows that it is first by deviation, by whom, why, until when, and what would be
    first without it."
    """
    without = first.overview.without_deviation
    if ticket.deviation is None or without is None:
        return []
    said = _without(ticket, without, first.overview.words)
    first_line = cut(_put_first(ticket.deviation, first.now, cells, first.zone), cells)
    reason = f"“{plain_line(ticket.deviation.reason)}”"
    if _INDENT + width(reason) + _GAP + width(said[0]) <= cells:
        return [first_line, spread([(" " * _INDENT + reason, "block")], [said], cells)]
    # All of a long reason stands beside the ticket.
    told: Span = (" " * _INDENT + reason, "block")
    return [first_line, cut([told], cells), cut([(" " * _INDENT, ""), said], cells)]


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
