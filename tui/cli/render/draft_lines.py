"""What a person sees who writes a policy: each question, and what an answer does to the queue."""

import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Final

from tui.cli.render.printing import Printer, TableColumn
from tui.cli.render.ticket_lines import headline
from tui.phrasing import times
from tui.phrasing.badges import role_of
from tui.phrasing.text import plain_line, shortened, width
from tui.phrasing.ticket_facts import Span

if TYPE_CHECKING:  # both know the rulebook, which is heavy
    from policy.drafting.policy_question import Chapter, PolicyQuestion
    from policy.drafting.queue_effect import QueueEffect

_WIDEST: Final = 88
_INDENT: Final = "  "
_FIRST_OF_THE_QUEUE: Final = 5
_FEWEST_CELLS: Final = 12
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
    _tell_wrapped(out, f"Such as: {plain_line(question.example)}", "dim")


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

    ``queue`` says which it is; where only times change since ``before``, it is told of how many.
    """
    if before is not None and _figures(effect) == _figures(before):
        out.line((f"{_INDENT}→ {queue}: {_other_times(effect, before)}", "dim"))
        return
    counts: list[Span] = []
    for priority, count in effect.by_priority.items():
        counts += [(", " if counts else "", ""), (priority, role_of(out.words, priority))]
        counts.append((f" {count:,}", ""))
    out.line((f"{_INDENT}→ {queue}: ", ""), *counts, *_late(effect, before), *_declined(effect))
    if effect.queue:
        first = effect.queue[0]
        out.line(*_fitting(out, [(f"{_INDENT}  number one ", ""), *headline(first, out.words)]))
        why = effect.why if len(effect.queue) > 1 else ""
        _tell_wrapped(out, f"{_due(out, first.respond_by, now)}. {plain_line(why)}", "dim", "    ")


def tell_order(out: Printer, effect: "QueueEffect", *, which: str, now: datetime) -> None:
    """Print who comes first in a mode, and by which group, or else until when each is due.

    ``which`` says what order it is.
    """
    out.line((f"{_INDENT}→ {which}:", ""))
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


def tell_nothing(out: Printer, what: str) -> None:
    """Print that nothing changes of what is shown."""
    out.line((f"{_INDENT}→ {what}: nothing changes", "dim"))


def changes(effect: "QueueEffect", before: "QueueEffect | None", *, order: bool) -> bool:
    """Return whether there is anything to tell of an effect, or of its order alone."""
    if before is None:
        return True
    if order:
        return _order_shown(effect) != _order_shown(before)
    return _figures(effect) != _figures(before) or _moved_times(effect, before) > 0


def _moved_times(effect: "QueueEffect", before: "QueueEffect") -> int:
    from policy.drafting.queue_effect import due_otherwise  # noqa: PLC0415 - heavy, and help is not

    return due_otherwise(effect, before)


def _other_times(effect: "QueueEffect", before: "QueueEffect") -> str:
    number = _moved_times(effect, before)
    return f"{'1 has another time' if number == 1 else f'{number:,} have other times'}, none moves"


def _order_shown(effect: "QueueEffect") -> list[tuple[object, ...]]:
    return [
        (each.id, each.subject, each.respond_by, effect.groups.get(each.id))
        for each in effect.queue[:_FIRST_OF_THE_QUEUE]
    ]


def _fitting(out: Printer, spans: list[Span]) -> list[Span]:
    """Return a line of which the last piece is shortened to the terminal's width."""
    if out.cells is None:
        return spans
    *others, (text, role) = spans
    left = out.cells - sum(width(said) for said, _ in others)
    return [*others, (shortened(text, max(left, _FEWEST_CELLS)), role)]


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
