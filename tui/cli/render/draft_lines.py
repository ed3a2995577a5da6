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
    TableColumn(right=True),  # place, indented
    TableColumn(right=True),  # number
    TableColumn(),  # priority
    TableColumn(at_least=16),  # customer and subject
    TableColumn(at_least=8),  # the group
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
    out: Printer, effect: "QueueEffect", before: "QueueEffect | None", *, queue: str, now: datetime
) -> None:
    """Print what an answer does to the queue: each priority's share, who is late, who is first.

    ``queue`` says which it is; where nothing of it changes since ``before``, that is said alone,
    and how many tickets have another time where only that does.
    """
    if before is not None and _figures(effect) == _figures(before):
        out.line((f"{_INDENT}→ {queue}: {_other_times(effect, before)}", "dim"))
        return
    words = out.words
    counts: list[Span] = []
    for priority, count in effect.by_priority.items():
        counts += [(", " if counts else "", ""), (priority, role_of(words, priority))]
        counts.append((f" {count:,}", ""))
    out.line((f"{_INDENT}→ {queue}: ", ""), *counts, *_late(effect, before), *_declined(effect))
    if effect.queue:
        first = effect.queue[0]
        out.line((f"{_INDENT}  number one ", ""), *headline(first, words))
        why = effect.why if len(effect.queue) > 1 else ""
        _tell_wrapped(out, f"{_due(out, first.respond_by, now)}. {plain_line(why)}", "dim", "    ")


def _other_times(effect: "QueueEffect", before: "QueueEffect") -> str:
    from policy.drafting.queue_effect import due_otherwise  # noqa: PLC0415 - heavy, and help is not

    number = due_otherwise(effect, before)
    if not number:
        return "nothing changes"
    return f"{'1 has another time' if number == 1 else f'{number:,} have other times'}, none moves"


def tell_order(
    out: Printer, effect: "QueueEffect", before: "QueueEffect | None", mode: Mode, now: datetime
) -> None:
    """Print who comes first in a mode, and by which group, or else until when each is due.

    Where that is as it was shown ``before``, that is said alone.
    """
    when = "when it is too much" if mode is Mode.HARD_CHOICES else "in normal times"
    if before is not None and _order_shown(effect) == _order_shown(before):
        out.line((f"{_INDENT}→ first {when}: nothing changes", "dim"))
        return
    out.line((f"{_INDENT}→ first {when}:", ""))
    rows = [
        [
            (f"    {place}", "dim"),
            (f"#{ticket.id}", "strong"),
            (ticket.priority or "", role_of(out.words, ticket.priority)),
            (_what(out, place, effect), ""),
            (plain_line(effect.groups.get(ticket.id, "")), "strong"),
            ("" if effect.groups else _due(out, ticket.respond_by, now), "dim"),
        ]
        for place, ticket in enumerate(effect.queue[:_FIRST_OF_THE_QUEUE], 1)
    ]
    out.table(_COLUMNS, rows)


def _order_shown(effect: "QueueEffect") -> list[tuple[object, ...]]:
    return [
        (each.id, each.subject, each.respond_by, effect.groups.get(each.id))
        for each in effect.queue[:_FIRST_OF_THE_QUEUE]
    ]


def _what(out: Printer, place: int, effect: "QueueEffect") -> str:
    ticket = effect.queue[place - 1]
    tier = out.words.tier_name(ticket.tier)
    whose = f"{tier} · {ticket.customer}" if tier else ticket.customer
    return plain_line(f"{whose} · {ticket.subject}")


def _due(out: Printer, moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "no answer due"
    return f"answer by {times.at(moment, now, out.zone)}, {times.in_words(moment, now)}"


def _figures(effect: "QueueEffect") -> tuple[object, ...]:
    """Return what is told of an effect, which is compared to see whether anything changed."""
    shown = [(ticket.id, ticket.tier, ticket.subject) for ticket in effect.queue[:1]]
    return (tuple(effect.by_priority.items()), effect.late, effect.declined, shown)


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
