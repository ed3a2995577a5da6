"""What there is of a ticket for engineering, and from them, in words for board and ``show``."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Final

from policy.engineering import asks_to_drop_everything
from policy.engineering_words import decision, in_words
from policy.ticket import Review, Ticket
from store.views import TowardsEngineering
from tui import times
from tui.facts import Span
from tui.text import plain_block, plain_line

FILLED: Final = "✓"
MISSING: Final = "○"

Line = tuple[str, list[Span]]
"""A label and its value."""


def is_begun(ticket: Ticket, towards: TowardsEngineering) -> bool:
    """Return whether anything was filled in, handed over, asked or said."""
    return bool(
        any(text for _, text in towards.checklist)
        or ticket.handed_over
        or ticket.escalation
        or ticket.review
    )


def checklist_title(towards: TowardsEngineering) -> str:
    """Return the heading of the checklist, with how much of it there is."""
    needed = len(towards.checklist)
    there = sum(text is not None for _, text in towards.checklist)
    return f"Context for engineering, {there} of {needed}"


def checklist_lines(checklist: tuple[tuple[str, str | None], ...]) -> Iterator[Line]:
    """Yield each name of the context with its sign, and what was filled in."""
    for name, text in checklist:
        label = plain_line(in_words(name))
        if text is None:
            yield f"{MISSING} {label}", [("missing", "soon")]
        else:
            yield f"{FILLED} {label}", [(plain_block(text), "")]


def standing_lines(ticket: Ticket, now: datetime, zone: tzinfo | None) -> Iterator[Line]:
    """Yield how it stands with engineering; times are shown in ``zone`` as of ``now`` (UTC)."""
    rests, asked = ticket.handed_over, ticket.escalation
    if rests is not None:
        since = f"{times.at(rests.at, now, zone)}, {times.ago(rests.at, now)}"
        yield "with them", [(f"since {since}, from {plain_line(rests.by)}", "")]
    if asked is not None:
        yield "can it wait?", _answer(ticket)
    if ticket.review is not None:
        yield from _review_lines(ticket.review, now, zone)


def _answer(ticket: Ticket) -> list[Span]:
    asked = ticket.escalation
    if asked is None:
        return []
    role = "late-strong" if asks_to_drop_everything(ticket) else ""
    because = f", because {plain_line(asked.because)}" if asked.because else ""
    said = "it cannot wait a day" if asked.cannot_wait else "it can wait a day"
    return [(said, role), (because, ""), (f" ({plain_line(asked.by)})", "dim")]


def _review_lines(review: Review, now: datetime, zone: tzinfo | None) -> Iterator[Line]:
    who = f" ({plain_line(review.by)}, {times.at(review.at, now, zone)})"
    if review.timing is None:
        yield "they ask", [(plain_line(review.note), "strong"), (who, "dim")]
        return
    yield "they decided", [(plain_line(decision(review)), "strong"), (who, "dim")]
    if review.note:
        yield "their note", [(plain_line(review.note), "")]
    yield "customer", [("told", "dim") if review.told else ("to be told", "soon")]
