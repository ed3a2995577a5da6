"""The ticket under the cursor: facts, why, what to do next, what the policy says, what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from policy.phrases import STATUS_NAMES, TIER_NAMES
from policy.ticket import Ticket
from policy.words import OpenedBy
from store.views import Card, Event
from tui import happenings, times
from tui.board.banner import SOON
from tui.board.paint import Span, content
from tui.board.theme import role_of
from tui.text import plain_block, plain_line

_LABEL: Final = 12
_BODY_AT_MOST: Final = 20_000
_OPENED_BY: Final = {
    OpenedBy.CUSTOMER: "the customer",
    OpenedBy.CE: "a CE, on the customer's behalf",
    OpenedBy.SUPPORT: "support",
    OpenedBy.ENGINEERING: "engineering",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """All that the pane shows of a ticket; ``ready_reply`` only when it was declined."""

    card: Card
    ready_reply: str | None


class TicketText(VerticalScroll, can_focus=True, inherit_bindings=False):
    """The text about one ticket; it stays where it was scrolled to until another is shown."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._now = now
        self._detail: Detail | None = None
        self._text = Static("", markup=False)

    @property
    def detail(self) -> Detail | None:
        """What is shown."""
        return self._detail

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        yield self._text

    def show(self, detail: Detail | None) -> None:
        """Show a ticket, or none."""
        if detail == self._detail:
            return
        if _number(detail) != _number(self._detail):
            self.scroll_home(animate=False, immediate=True)
        self._detail = detail
        self._draw()

    def tick(self, now: datetime) -> None:
        """Show times as of ``now`` (UTC)."""
        if now != self._now:
            self._now = now
            self._draw()

    def move(self, rows: int) -> None:
        """Scroll by some lines, down when positive."""
        self.scroll_relative(y=rows, animate=False, immediate=True)

    def move_to(self, row: int) -> None:
        """Scroll to a line, or to the nearest there is."""
        self.scroll_to(y=row, animate=False, immediate=True)

    @property
    def page_height(self) -> int:
        """How many lines the screen shows."""
        return max(1, self.scrollable_content_region.height)

    def _draw(self) -> None:
        if self._detail is None:
            self._text.update("")
        else:
            self._text.update(detail_text(self._detail, self._now, self._zone))


def detail_text(detail: Detail, now: datetime, zone: tzinfo | None) -> Content:
    """Return the whole text about a ticket; times are shown in ``zone``, as of ``now`` (UTC)."""
    card = detail.card
    spans: list[Span] = [(plain_line(card.ticket.subject), "bright"), ("\n", "")]
    spans += _summary(card)
    for label, value in _facts(card.ticket, now, zone):
        spans += [(f"\n{label:<{_LABEL}}", "dim"), *value]
    if detail.ready_reply is not None:
        spans += _section("Ready reply", [(plain_block(detail.ready_reply).rstrip(), "")])
    spans += _section("Why it stands here", [(plain_block(card.why), "")])
    spans += _section("What to do next", [(plain_block(card.next_step), "")])
    spans += _section("What the policy says", _sentences(card.handling))
    spans += _section("What happened", _timeline(card.history, now, zone))
    spans += _section("Description", _description(card))
    return content(spans)


def _number(detail: Detail | None) -> int | None:
    return detail.card.ticket.id if detail else None


def _summary(card: Card) -> list[Span]:
    ticket = card.ticket
    place = f"  ·  {card.position:,} in the queue" if card.position else ""
    return [
        (plain_line(ticket.customer), ""),
        (f"  ·  {TIER_NAMES[ticket.tier]}  ·  ", "dim"),
        (ticket.priority or "declined", role_of(ticket.priority)),
        (f"{place}\n", "dim"),
    ]


def _facts(
    ticket: Ticket, now: datetime, zone: tzinfo | None
) -> Iterator[tuple[str, list[Span]]]:
    """Yield a label and its value for each fact that is known."""
    if ticket.respond_by is not None:
        yield "respond by", _due(ticket.respond_by, now, zone)
    if ticket.aim_by is not None and ticket.aim_by != ticket.respond_by:
        yield "we aim for", _due(ticket.aim_by, now, zone)
    yield "assignee", [(plain_line(ticket.assignee) if ticket.assignee else "nobody", "")]
    yield "status", [(STATUS_NAMES[ticket.status], "")]
    yield "severity", _severity(ticket)
    yield "received", _moment(ticket.received_at, now, zone)
    if ticket.waiting_since is not None and ticket.waiting_since != ticket.received_at:
        yield "waiting", _moment(ticket.waiting_since, now, zone)
    if ticket.first_response_at is not None:
        yield "answered", _moment(ticket.first_response_at, now, zone)
    yield "opened by", [(_OPENED_BY[ticket.opened_by], "")]
    yield from _origin(ticket)


def _origin(ticket: Ticket) -> Iterator[tuple[str, list[Span]]]:
    if ticket.requester is not None:
        email = f" <{plain_line(ticket.requester.email)}>" if ticket.requester.email else ""
        yield "requester", [(plain_line(ticket.requester.name), ""), (email, "dim")]
    yield "reference", [(plain_line(f"{ticket.source}:{ticket.external_id}"), "")]
    if ticket.url:
        yield "address", [(plain_line(ticket.url), "")]
    if ticket.tags:
        yield "tags", [(plain_line(", ".join(ticket.tags)), "")]


def _severity(ticket: Ticket) -> list[Span]:
    spans = [(f"{ticket.severity}", "")]
    if ticket.assigned_priority is not None:
        spans.append((f", by definition {ticket.defined_priority}", "dim"))
    return spans


def _due(deadline: datetime, now: datetime, zone: tzinfo | None) -> list[Span]:
    role = "late" if times.until(deadline, now) <= SOON else "strong"
    clock = f"{times.at(deadline, now, zone)}, "
    return [(clock, ""), (times.in_words(deadline, now), role)]


def _moment(moment: datetime, now: datetime, zone: tzinfo | None) -> list[Span]:
    return [(times.at(moment, now, zone), ""), (f", {times.ago(moment, now)}", "dim")]


def _section(title: str, spans: list[Span]) -> list[Span]:
    if not any(text.strip() for text, _ in spans):
        return []
    return [(f"\n\n{title}\n", "heading"), *spans]


def _sentences(sentences: tuple[str, ...]) -> list[Span]:
    return [("\n".join(plain_line(sentence) for sentence in sentences), "")]


def _timeline(history: tuple[Event, ...], now: datetime, zone: tzinfo | None) -> list[Span]:
    spans: list[Span] = []
    for event in history:
        spans.append((f"{times.at(event.at, now, zone):<{_LABEL}}", "dim"))
        spans.append((f"{happenings.sentence(event)}\n", ""))
    return [*spans[:-1], (spans[-1][0].rstrip(), "")] if spans else []


def _description(card: Card) -> list[Span]:
    body = card.body[:_BODY_AT_MOST]
    more = len(card.body) - len(body)
    spans = [(plain_block(body).strip(), "")]
    if more > 0:
        told = f"\n… and {more:,} more characters: numberone show {card.ticket.id}"
        spans.append((told, "dim"))
    return spans
