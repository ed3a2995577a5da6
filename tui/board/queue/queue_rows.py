"""One line of the queue: which columns there are in a width, and what stands in them.

More room shows more: customer, subject and holder grow first, then how it stands is said in whole.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from policy.roster.holders import HolderAway
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from tui.board.widgets.styles import Span, spans_width
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.holder_words import AWAY_SIGN, marked_in
from tui.phrasing.text import left_aligned, plain_line, right_aligned
from tui.phrasing.ticket_facts import (
    DEVIATION_SIGN,
    PARKED_SIGN,
    SOLVE_SIGN,
    SOON,
    past_aim,
)

MARKED: Final = "✓"
"""The sign of a marked ticket."""

_CURSOR: Final = 1
_DUE, _DUE_ROOMY, _DUE_SHORT = 12, 17, 8
_DUE_ROOMY_FROM: Final = 100
_DUE_WITH_WORDS_FROM: Final = 60
_DUE_FROM: Final = 36
_CUSTOMER_AT_LEAST, _CUSTOMER_AT_MOST = 8, 32
_CUSTOMER_TOO_NARROW: Final = 5
_CUSTOMER_SHARE: Final = 0.36
_SUBJECT_AT_LEAST: Final = 12
_HOLDER, _HOLDER_AT_MOST = 8, 16
_HOLDER_SHARE: Final = 0.1
_HOLDER_FROM: Final = 62
_PASSED = timedelta(0)


@dataclass(frozen=True, slots=True)
class Columns:
    """How many cells each column has; none is a column that is left out."""

    position: int
    priority: int
    tier: int
    customer: int
    subject: int
    holder: int
    due: int
    ranked: bool


def columns(cells: int, total: int, words: Vocabulary, *, ranked: bool) -> Columns:
    """Return the columns for a list of ``total`` tickets in a line of ``cells``.

    Priority and tier have as much room as the badges of the policy's ``words`` take. A list that is
    not ranked, such as the declined tickets, has no positions, only marks.
    """
    position = max(2, len(str(total))) if ranked else 1
    priority, tier = words.priority_cells, words.tier_cells
    fixed = _CURSOR + position + 1 + priority + 1 + tier + 1
    due = _due_cells(cells)
    holder = 0
    if cells >= _HOLDER_FROM:
        holder = min(max(round(cells * _HOLDER_SHARE), _HOLDER), _HOLDER_AT_MOST)
    left = cells - fixed - (due + 1 if due else 0) - (holder + 1 if holder else 0)
    customer = min(max(round(left * _CUSTOMER_SHARE), _CUSTOMER_AT_LEAST), _CUSTOMER_AT_MOST)
    if left - customer - 2 < _SUBJECT_AT_LEAST:
        customer = left - _SUBJECT_AT_LEAST - 2
    if customer < _CUSTOMER_TOO_NARROW:
        customer = 0
    return Columns(
        position=position,
        priority=priority,
        tier=tier,
        customer=customer,
        subject=max(0, left - customer - (2 if customer else 0)),
        holder=holder,
        due=due,
        ranked=ranked,
    )


def _due_cells(cells: int) -> int:
    """Return the room for what is due: with a word that says how it stands, where it fits."""
    if cells >= _DUE_ROOMY_FROM:
        return _DUE_ROOMY
    if cells >= _DUE_WITH_WORDS_FROM:
        return _DUE
    return _DUE_SHORT if cells >= _DUE_FROM else 0


def heading_spans(room: Columns) -> list[Span]:
    """Return the headings of the columns, above their text; what is not there has none."""
    place = _CURSOR + room.position + 1 + room.priority
    spans = [left_aligned(" place" if room.ranked else "", place)]
    spans.append(left_aligned(" tier", room.tier + 2))
    if room.customer:
        spans.append(left_aligned("customer", room.customer) + "  ")
    spans.append(left_aligned("subject", room.subject))
    if room.holder:
        spans.append(" " + left_aligned("holder", room.holder))
    if room.due:
        spans.append(" " + right_aligned("due" if room.ranked else "", room.due))
    return [("".join(spans), "dim")]


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A ticket with what its line shows beside it; times are shown in ``zone``.

    ``here`` says that the cursor stands on it; ``marked`` puts a sign where its number was, and
    ``away`` one behind who has it and is away, or else before the subject.
    """

    ticket: Ticket
    words: Vocabulary
    position: int
    now: datetime
    zone: tzinfo | None
    here: bool
    focused: bool
    marked: bool = False
    away: HolderAway | None = None


def row_spans(row: QueueRow, room: Columns) -> list[Span]:
    """Return the line of one ticket."""
    ticket, quiet = row.ticket, "dim"
    text = ("bright" if row.focused else "strong") if row.here else ""
    cursor = ("▌", "mark" if row.focused else "dim") if row.here else (" ", "")
    spans: list[Span] = [cursor, _number(row, room, text or quiet)]
    spans += [
        (
            left_aligned(row.words.priority_badge(ticket.priority) or "–", room.priority),
            role_of(row.words, ticket.priority),
        ),
        *_tier(row, room),
    ]
    if room.customer:
        spans.append((left_aligned(plain_line(ticket.customer), room.customer) + "  ", text))
    spans += _subject(row, room, text)
    if room.holder:
        holder = marked_in(ticket.assignee, row.away, room.holder) if ticket.assignee else ""
        role = quiet if row.away is None else "soon"
        spans.append((" " + left_aligned(holder, room.holder), role))
    if room.due:
        due = _due(row, room.due)
        spans += [(" " * (1 + room.due - spans_width(due)), ""), *due]
    return spans


def _subject(row: QueueRow, room: Columns, role: str) -> list[Span]:
    """Return the subject, before it the sign of a holder who is away and has no column."""
    sign = f"{AWAY_SIGN} " if row.away is not None and not room.holder else ""
    if len(sign) > room.subject:
        sign = ""
    subject = left_aligned(plain_line(row.ticket.subject), room.subject - len(sign))
    return [(sign, "soon"), (subject, role)] if sign else [(subject, role)]


def _number(row: QueueRow, room: Columns, role: str) -> Span:
    """Return the first column: the place in the queue, or the sign of a marked ticket."""
    if row.marked:
        return (f"{right_aligned(MARKED, room.position)} ", "mark")
    place = f"{row.position}" if room.ranked else ""
    return (f"{right_aligned(place, room.position)} ", role)


def _tier(row: QueueRow, room: Columns) -> list[Span]:
    """Return the tier, with the sign before it of a ticket put first, or parked though owed."""
    ticket = row.ticket
    tier = f"{left_aligned(row.words.tier_badge(ticket.tier), room.tier)} "
    if ticket.deviation:
        return [(DEVIATION_SIGN, "mark"), (tier, "dim")]
    return [(PARKED_SIGN, "mark"), (tier, "dim")] if ticket.parked else [(f" {tier}", "dim")]


def _due(row: QueueRow, cells: int) -> list[Span]:
    """Return the last column: how it stands in a word, and the time left while somebody waits.

    "Owed-and-parked, answered, late, and past the couple of hours that the team strives for" are
    told apart by word; with less room the word that matters most stays, then the time alone.
    """
    ticket, now = row.ticket, row.now
    if ticket.declined is not None:
        return [(times.age_in_column(ticket.received_at, now), "dim")]
    if not ticket.actionable:
        return [(ticket.status.replace("_", " "), "dim")]
    if ticket.respond_by is None:
        if ticket.resolve_by is not None:
            return [_to_be_solved(ticket.resolve_by, now)]
        return [("–" if ticket.waiting_since else "answered", "dim")]
    left = times.until(ticket.respond_by, now)
    role = "late" if left < _PASSED else "soon" if left <= SOON else ""
    said = times.in_column(ticket.respond_by, now)
    words = [
        *(["parked"] if ticket.parked else []),
        *(["past aim"] if past_aim(ticket, now) else []),
    ]
    short = said if left < _PASSED else times.largest_unit(left)
    for shown, time in ((words, said), (words[:1], said), (words[:1], short)):
        before = f"{', '.join(shown)} " if shown else ""
        if len(before) + len(time) <= cells:
            return [(before, "dim"), (time, role)]
    return [(said, role)]


def _to_be_solved(deadline: datetime, now: datetime) -> Span:
    """Return until when a ticket is to be solved to which no answer is due."""
    left = times.until(deadline, now)
    if left < _PASSED:
        return (f"{SOLVE_SIGN}overdue", "late")
    return (f"{SOLVE_SIGN}{times.in_column(deadline, now)}", "soon" if left <= SOON else "dim")
