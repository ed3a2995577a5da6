"""What waits for engineering, and what they decided, told to a person."""

from datetime import datetime

from policy.engineering.wording import to_tell
from policy.vocabulary import Vocabulary
from store.engineering.engineering_models import AtEngineering, Engineering, EscalationCount
from store.read_models import Card
from tui.cli.render import ticket_lines
from tui.cli.render.printing import Printer, TableColumn
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.text import plain_block, plain_line
from tui.phrasing.ticket_facts import Span

_COLUMNS = (
    TableColumn(right=True),  # number
    TableColumn(),  # priority
    TableColumn(at_least=8),  # customer
    TableColumn(at_least=12),  # subject
    TableColumn(right=True),  # since when
    TableColumn(),  # urgent
)


def tell_engineering(out: Printer, found: Engineering, now: datetime) -> None:
    """Print what waits for an engineer, what cannot wait first, then the oldest first."""
    if not found.total:
        out.say("Nothing waits for engineering.")
    out.table(_COLUMNS, [_row(each, found.words, now) for each in found.waiting])
    if found.total:
        shown = len(found.waiting)
        first = f"the first {shown:,} of " if shown < found.total else ""
        out.line((f"{first}{found.total:,} with engineering", "dim"))
    out.line((escalations_in_words(found.escalations), "dim"))


def escalations_in_words(count: EscalationCount) -> str:
    """Return how often both answers were given in the last seven days."""
    asked, can = _times(count.cannot_wait), _times(count.can_wait)
    return f"In 7 days: asked to drop everything {asked}, could wait {can}"


def tell_review(out: Printer, card: Card) -> None:
    """Print what engineering said, and the drafted answer to the customer."""
    ticket, review = card.ticket, card.ticket.review
    out.line(*ticket_lines.headline(ticket, out.words))
    if review is None:
        return
    said = to_tell(review)
    if said is None:
        out.say(f"Back to support: {review.note}")
        return
    out.say(f"Tell the customer: {said}.")
    if review.note:
        out.say(f"For us: {review.note}")
    out.line()
    for line in plain_block(card.engineering.draft or "").splitlines():
        out.line((line, ""))


def _row(each: AtEngineering, words: Vocabulary, now: datetime) -> list[Span]:
    ticket = each.ticket
    since = ticket.with_engineering_since
    return [
        (f"#{ticket.id}", ""),
        (ticket.priority or "–", role_of(words, ticket.priority)),
        (plain_line(ticket.customer), ""),
        (plain_line(ticket.subject), "strong" if each.urgent else ""),
        ("" if since is None else times.ago(since, now), "dim"),
        ("drop everything" if each.urgent else "", "late-strong"),
    ]


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")
