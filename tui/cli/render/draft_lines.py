"""What a person sees who writes a policy: each question, and what an answer does to the queue."""

import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Final

from policy.words import Mode
from tui.cli.render.printing import Printer, TableColumn
from tui.cli.render.ticket_lines import headline
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.text import plain_line
from tui.phrasing.ticket_facts import Span

if TYPE_CHECKING:  # both know the rulebook, which is heavy
    from policy.drafting.policy_question import Chapter, PolicyQuestion
    from policy.drafting.queue_effect import QueueEffect

_WIDEST: Final = 88
_INDENT: Final = "  "
_FIRST_OF_THE_QUEUE: Final = 5
_COLUMNS: Final = (
    TableColumn(),  # the indent
    TableColumn(right=True),  # place
    TableColumn(right=True),  # number
    TableColumn(),  # priority
    TableColumn(at_least=20),  # customer and subject
    TableColumn(right=True),  # the answer due
)


def tell_chapter(out: Printer, chapter: "Chapter", number: int, of: int) -> None:
    """Print what the next questions are about."""
    out.line()
    out.line((f"{number} of {of}  {chapter}", "heading"))


def tell_question(out: Printer, question: "PolicyQuestion") -> None:
    """Print what is asked, and an example of an answer."""
    out.line()
    _tell_wrapped(out, question.asks)
    out.line((f"{_INDENT}Such as: {plain_line(question.example)}", "dim"))


def tell_wrong(out: Printer, reason: str) -> None:
    """Print why a text is no answer."""
    _tell_wrapped(out, plain_line(reason), "late")


def tell_note(out: Printer, sentence: str) -> None:
    """Print a sentence that stands beside the questions."""
    _tell_wrapped(out, plain_line(sentence), "dim")


def tell_effect(
    out: Printer, effect: "QueueEffect", before: "QueueEffect | None", *, queue: str
) -> None:
    """Print what an answer does to the queue: each priority's share, who is late, who is first.

    ``queue`` says which it is; where nothing changes since ``before``, that is said alone.
    """
    if before is not None and _figures(effect) == _figures(before):
        out.line((f"{_INDENT}→ {queue} stays as it is.", "dim"))
        return
    words = out.words
    counts: list[Span] = []
    for priority, count in effect.by_priority.items():
        counts += [(", " if counts else "", ""), (priority, role_of(words, priority))]
        counts.append((f" {count:,}", ""))
    out.line((f"{_INDENT}→ {queue}: ", ""), *counts, *_late(effect, before), *_declined(effect))
    if effect.queue:
        out.line((f"{_INDENT}  number one ", ""), *headline(effect.queue[0], words))
        if len(effect.queue) > 1:
            _tell_wrapped(out, plain_line(effect.why), "dim", f"{_INDENT}  ")


def tell_order(out: Printer, effect: "QueueEffect", mode: Mode, now: datetime) -> None:
    """Print who comes first in a mode, and until when each is to be answered."""
    when = "when it is too much" if mode is Mode.HARD_CHOICES else "in normal times"
    out.line((f"{_INDENT}→ first {when}:", ""))
    rows = [
        [
            ("", ""),
            (str(place), "dim"),
            (f"#{ticket.id}", "strong"),
            (ticket.priority or "", role_of(out.words, ticket.priority)),
            (_what(out, place, effect), ""),
            (_due(out, ticket.respond_by, now), "dim"),
        ]
        for place, ticket in enumerate(effect.queue[:_FIRST_OF_THE_QUEUE], 1)
    ]
    out.table(_COLUMNS, rows)


def _what(out: Printer, place: int, effect: "QueueEffect") -> str:
    ticket = effect.queue[place - 1]
    tier = out.words.tier_name(ticket.tier)
    whose = f"{tier} · {ticket.customer}" if tier else ticket.customer
    return plain_line(f"{whose} · {ticket.subject}")


def _due(out: Printer, moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "no answer due"
    return f"{times.at(moment, now, out.zone)}, {times.in_words(moment, now)}"


def _figures(effect: "QueueEffect") -> tuple[object, ...]:
    """Return what is told of an effect, which is compared to see whether anything changed."""
    first = [ticket.id for ticket in effect.queue[:1]]
    told = [(ticket.tier, ticket.subject) for ticket in effect.queue[:1]]
    return (tuple(effect.by_priority.items()), effect.late, effect.declined, first, told)


def _late(effect: "QueueEffect", before: "QueueEffect | None") -> list[Span]:
    was = "" if before is None or before.late == effect.late else f" (before {before.late:,})"
    if not effect.late and not was:
        return []
    return [("; ", ""), (f"{effect.late:,} late", "late" if effect.late else ""), (was, "dim")]


def _declined(effect: "QueueEffect") -> list[Span]:
    return [(f"; {effect.declined:,} declined", "")] if effect.declined else []


def _tell_wrapped(out: Printer, text: str, role: str = "", indent: str = _INDENT) -> None:
    cells = min(out.cells or _WIDEST, _WIDEST)
    for line in textwrap.wrap(
        text, cells, initial_indent=indent, subsequent_indent=indent, break_long_words=False
    ):
        out.line((line, role))
