"""What commands tell a person: the answers of ``documents``, in words."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from policy.capacity.mode import ModeInForce
from policy.ordering.deviations import why_first
from policy.phrases import MODE_NAMES, STATUS_NAMES
from policy.roster.holders import HolderAway, Holders
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from store.queue.query import Query, Scope
from store.read_models import Card, Event, Listing, Overview
from tui.cli.render.printing import Printer, TableColumn
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.engineering_facts import (
    checklist_lines,
    checklist_title,
    is_begun,
    standing_lines,
)
from tui.phrasing.forecast_words import answer_spans
from tui.phrasing.holder_words import marked, next_step, why_away
from tui.phrasing.ready_replies import reply_of
from tui.phrasing.text import left_aligned, plain_block, plain_line, width
from tui.phrasing.ticket_facts import (
    DEVIATION_SIGN,
    FACTS_LABEL,
    NOBODY_WAITS,
    SOON,
    Span,
    carried_facts,
    due,
    due_label,
    facts,
    until,
)

if TYPE_CHECKING:  # it knows the rulebook, which is heavy
    from policy.ordering.explanation import Explanation
    from policy.waits.forecast import AnswerForecast

_LABEL = 12
WIDE_LABEL = 16
LISTED_AT_MOST = 20
"""How many of many tickets are listed, and how many more there are beside them."""

_COLUMNS = (
    TableColumn(right=True),  # position
    TableColumn(right=True),  # number
    TableColumn(),  # priority
    TableColumn(),  # tier
    TableColumn(at_least=8),  # customer
    TableColumn(at_least=12),  # subject
    TableColumn(right=True),  # the answer due
    TableColumn(at_least=4),  # assignee
)

NOBODY_FIRST = ("nobody: the queue is empty", "")


def tell_number_one(out: Printer, overview: Overview) -> None:
    """Print the number one with its deadline and its why, or that nobody waits."""
    ticket = overview.number_one
    if ticket is None:
        for sentence in NOBODY_WAITS:
            out.say(sentence)
        if overview.mode.by_hand is not None:
            out.say(overview.mode.why)
    else:
        out.line(*headline(ticket, out.words))
        whose = _whose(ticket, overview.holders.away(ticket), overview.now, out.zone)
        out.line(*_deadline(ticket, overview.now, out.zone), (" · ", "dim"), whose)
        for sentence in _why(ticket, overview, out.zone):
            out.say(sentence)
    mode = MODE_NAMES[overview.mode.mode]
    level = overview.capacity.level
    out.line((f"{overview.queue:,} in the queue · level {level} · {mode}", "dim"))


def _why(ticket: Ticket, overview: Overview, zone: tzinfo) -> Sequence[str]:
    """Return the why, with the end of a deviation as the reader's clock shows it."""
    if ticket.deviation is None or overview.without_deviation is None:
        return overview.why
    first = why_first(ticket.deviation, until(ticket.deviation.until, overview.now, zone))
    return (first, *overview.why[1:])


def tell_list(out: Printer, query: Query, listing: Listing, holders: Holders) -> None:
    """Print tickets in columns, and how many there are."""
    rows = [_row(ticket, position, holders, out) for ticket, position in listing.tickets]
    out.table(_COLUMNS, rows)
    out.line((_how_many(query, listing.total, len(rows)), "dim" if rows else ""))


def tell_card(
    out: Printer,
    card: Card,
    history: Sequence[Event],
    now: datetime,
    forecast: "AnswerForecast | None" = None,
) -> None:
    """Print all about one ticket, its ``history`` as it comes; ``forecast`` is of its answer."""
    ticket = card.ticket
    out.line(*headline(ticket, out.words))
    if answer := answer_spans(ticket, forecast, now, out.zone):
        out.line((f"{'answer':<{_LABEL}}", "dim"), *answer)
    for label, spans in facts(card, now, out.zone):
        out.line((f"{label:<{_LABEL}}", "dim"), *spans)
    if carried := carried_facts(card):
        out.line((f"{FACTS_LABEL:<{_LABEL}}", "dim"), *carried)
    out.line((f"{'version':<{_LABEL}}", "dim"), (str(ticket.version), ""))
    if ticket.declined is not None:
        _section(out, "Ready reply", plain_block(reply_of(card) or "").splitlines())
    else:
        _section(out, "Why it stands here", [*filter(None, [card.why_behind]), card.why])
    _section(out, "What to do next", [next_step(card, now, out.zone)])
    if card.engineering.draft is not None:
        _section(out, "Drafted answer", plain_block(card.engineering.draft).splitlines())
    _section(out, "What the policy says", card.handling)
    if is_begun(ticket, card.engineering):
        out.line()
        tell_context(out, card, now)
    _tell_history(out, history, now)
    _section(out, "Description", plain_block(card.body).splitlines())


def tell_context(out: Printer, card: Card, now: datetime) -> None:
    """Print the context for engineering with what is missing, and how it stands with them."""
    out.line((checklist_title(card.engineering), "heading"))
    lines = [
        *standing_lines(card.ticket, out.words, now, out.zone),
        *checklist_lines(card.engineering.checklist, card.engineering.thin),
    ]
    label_cells = max((width(label) for label, _ in lines), default=0) + 2
    for label, spans in lines:
        first, *further = "".join(text for text, _ in spans).split("\n")
        whole = [(first, "")] if further else spans
        out.line((left_aligned(label, label_cells), "dim"), *whole)
        for line in further:
            out.line((" " * label_cells + line, ""))


def tell_explanation(out: Printer, explanation: "Explanation") -> None:
    """Print which of two tickets comes first, and why."""
    ticket, versus = explanation.ticket, explanation.versus
    if versus is not None and explanation.criterion is not None:
        side = "before" if explanation.before else "behind"
        out.line((f"#{ticket.id} stands {side} #{versus.id}.", "strong"))
    out.say(explanation.why)


def tell_mode(out: Printer, mode: ModeInForce, now: datetime) -> None:
    """Print the mode in force, until when, and why: of one set by hand by whom, too."""
    until = f", until {times.at(mode.until, now, out.zone)}" if mode.until else ""
    out.line((f"{MODE_NAMES[mode.mode].capitalize()}{until}.", "strong"))
    out.say(mode.why)


def tell_done(out: Printer, ticket: Ticket, position: int | None, done: str) -> None:
    """Print what was done to a ticket, and where it stands now."""
    out.line(*headline(ticket, out.words))
    place = "not in the queue" if position is None else f"number {position:,} in the queue"
    out.say(f"{done} It is {STATUS_NAMES[ticket.status]}, {place}.".lstrip())


def tell_warnings(out: Printer, warnings: Sequence[str]) -> None:
    """Print what a policy's times mean where that is not plain."""
    for warning in warnings:
        out.line(("Mind: ", "late"), (plain_line(warning), ""))


def headline(ticket: Ticket, words: Vocabulary) -> list[Span]:
    """Return a ticket in one line: number, priority, tier, customer and subject."""
    return [
        (f"#{ticket.id}", "strong"),
        ("  ", ""),
        _badge(ticket, words),
        (f"  {_tier(ticket, words)}{plain_line(ticket.customer)} · ", ""),
        (plain_line(ticket.subject), "strong"),
    ]


def _tier(ticket: Ticket, words: Vocabulary) -> str:
    name = words.tier_name(ticket.tier)
    return f"{name}  " if name else ""


def _badge(ticket: Ticket, words: Vocabulary) -> Span:
    return (ticket.priority or "declined", role_of(words, ticket.priority))


def _whose(ticket: Ticket, away: HolderAway | None, now: datetime, zone: tzinfo) -> Span:
    if ticket.assignee is None:
        return ("unassigned", "")
    if away is None:
        return (plain_line(ticket.assignee), "")
    return (f"{marked(ticket.assignee, away)} is {why_away(away, now, zone)}", "late")


def _deadline(ticket: Ticket, now: datetime, zone: tzinfo) -> Sequence[Span]:
    deadline = ticket.respond_by or ticket.resolve_by
    if deadline is None:
        return [("no answer due", "")]
    return [(f"{due_label(ticket)} ", ""), *due(deadline, now, zone)]


def _row(ticket: Ticket, position: int | None, holders: Holders, out: Printer) -> list[Span]:
    return [
        (_position(ticket, position), "dim"),
        (f"#{ticket.id}", ""),
        (ticket.priority or "–", role_of(out.words, ticket.priority)),
        (out.words.tier_name(ticket.tier), ""),
        (plain_line(ticket.customer), ""),
        (plain_line(ticket.subject), "strong" if position == 1 else ""),
        _standing(ticket, holders.now),
        _holder(ticket, holders, out.zone),
    ]


def _holder(ticket: Ticket, holders: Holders, zone: tzinfo) -> Span:
    """Return who has it; that they are away is a sign and words, as nothing explains a sign."""
    away = holders.away(ticket)
    if ticket.assignee is None or away is None:
        return (plain_line(ticket.assignee or ""), "dim")
    return (f"{marked(ticket.assignee, away)} {why_away(away, holders.now, zone)}", "soon")


def tell_left_behind(out: Printer, tickets: Sequence[Ticket], holders: Holders) -> None:
    """Print the tickets of whoever is no longer there for them, as many as one looks at."""
    if not tickets:
        return
    count = "1 ticket counts" if len(tickets) == 1 else f"{len(tickets):,} tickets count"
    out.line((f"{count} as nobody's now; list --all is:away finds them:", "late"))
    out.table(_COLUMNS, [_row(each, None, holders, out) for each in tickets[:LISTED_AT_MOST]])
    if len(tickets) > LISTED_AT_MOST:
        out.line((f"and {len(tickets) - LISTED_AT_MOST:,} more", "dim"))


def _position(ticket: Ticket, position: int | None) -> str:
    if position is None:
        return ""
    return f"{DEVIATION_SIGN} {position}" if ticket.deviation else f"{position}"


def _standing(ticket: Ticket, now: datetime) -> Span:
    """Return the time left while somebody waits, else what stands in its place."""
    if ticket.declined is not None:
        return ("declined", "dim")
    if not ticket.actionable:
        return (STATUS_NAMES[ticket.status], "dim")
    if ticket.respond_by is None:
        if ticket.resolve_by is not None:
            return (f"resolve {times.in_words(ticket.resolve_by, now)}", "dim")
        return ("none due" if ticket.waiting_since else "answered", "dim")
    role = "late" if times.until(ticket.respond_by, now) <= SOON else ""
    return (times.in_words(ticket.respond_by, now), role)


def _how_many(query: Query, total: int, shown: int) -> str:
    if not total:
        return " ".join(NOBODY_WAITS) if query.whole_queue else "Nothing matches."
    what = {Scope.QUEUE: "in the queue", Scope.ALL: "in all", Scope.DECLINED: "declined"}
    found = f"{total:,} {what[query.scope] if query.unfiltered else 'found'}"
    return found if shown == total else f"the first {shown:,} of {found}"


def _section(out: Printer, title: str, lines: Sequence[str]) -> None:
    if any(lines):
        out.line()
        out.line((title, "heading"))
        for line in lines:
            out.say(line)


def _tell_history(out: Printer, history: Sequence[Event], now: datetime) -> None:
    from tui.actions import timeline  # noqa: PLC0415 - the words for all that can happen

    out.line()
    out.line(("What happened", "heading"))
    whens = [times.at(event.at, now, out.zone) for event in history]
    cells = times.column(whens, _LABEL)
    for when, event in zip(whens, history, strict=True):
        out.line((f"{when:<{cells}}", "dim"), (timeline.sentence(event, out.zone), ""))
