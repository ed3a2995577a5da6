"""One line of the queue: which columns there are in a width, and what stands in them."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from policy.roster.holders import HolderAway
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from tui.board.widgets.styles import Span
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.holder_words import AWAY_SIGN, marked_in
from tui.phrasing.text import left_aligned, plain_line, right_aligned
from tui.phrasing.ticket_facts import DEVIATION_SIGN, PARKED_SIGN, SOLVE_SIGN, SOON

MARKED: Final = "✓"
"""The sign of a marked ticket."""

_CURSOR, _DUE = 1, 8
_CUSTOMER_AT_LEAST, _CUSTOMER_AT_MOST = 8, 24
_CUSTOMER_TOO_NARROW: Final = 5
_CUSTOMER_SHARE: Final = 0.32
_SUBJECT_AT_LEAST = 12
_ASSIGNEE = 8
_ASSIGNEE_FROM = 72
_DUE_FROM = 36
_PASSED = timedelta(0)


@dataclass(frozen=True, slots=True)
class Columns:
    """How many cells each column has; none is a column that is left out."""

    position: int
    priority: int
    tier: int
    customer: int
    subject: int
    assignee: int
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
    due = _DUE if cells >= _DUE_FROM else 0
    assignee = _ASSIGNEE if cells >= _ASSIGNEE_FROM else 0
    left = cells - fixed - (due + 1 if due else 0) - (assignee + 1 if assignee else 0)
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
        assignee=assignee,
        due=due,
        ranked=ranked,
    )


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
    if room.assignee:
        holder = marked_in(ticket.assignee, row.away, room.assignee) if ticket.assignee else ""
        role = quiet if row.away is None else "soon"
        spans.append((" " + left_aligned(holder, room.assignee), role))
    if room.due:
        due, role = _due(row)
        spans.append((" " + right_aligned(due, room.due), role))
    return spans


def _subject(row: QueueRow, room: Columns, role: str) -> list[Span]:
    """Return the subject, before it the sign of a holder who is away and has no column."""
    sign = f"{AWAY_SIGN} " if row.away is not None and not room.assignee else ""
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


def _due(row: QueueRow) -> Span:
    """Return the last column: the time left while somebody waits, else what stands instead."""
    ticket = row.ticket
    if ticket.declined is not None:
        return (times.age_in_column(ticket.received_at, row.now), "dim")
    if not ticket.actionable:
        return (ticket.status.replace("_", " "), "dim")
    if ticket.respond_by is None:
        if ticket.resolve_by is not None:
            return _to_be_solved(ticket.resolve_by, row.now)
        return ("–" if ticket.waiting_since else "answered", "dim")
    left = times.until(ticket.respond_by, row.now)
    role = "late" if left < _PASSED else "soon" if left <= SOON else ""
    return (times.in_column(ticket.respond_by, row.now), role)


def _to_be_solved(deadline: datetime, now: datetime) -> Span:
    """Return until when a ticket is to be solved to which no answer is due."""
    left = times.until(deadline, now)
    if left < _PASSED:
        return (f"{SOLVE_SIGN}overdue", "late")
    return (f"{SOLVE_SIGN}{times.in_column(deadline, now)}", "soon" if left <= SOON else "dim")
