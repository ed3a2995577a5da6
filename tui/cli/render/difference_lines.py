"""What another policy would do, for whoever asks before it is adopted."""

import json
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from store.policies.policy_difference import LatenessChange, Move, PolicyDifference
from tui.cli.render.forecast_text import tell_changes
from tui.cli.render.printing import Printer, TableColumn
from tui.cli.render.ticket_lines import (
    NOBODY_FIRST,
    WIDE_LABEL,
    headline,
    tell_warnings,
)
from tui.phrasing import times
from tui.phrasing.text import plain_line, shortened
from tui.phrasing.ticket_facts import (
    Span,
)

if TYPE_CHECKING:  # it knows the rulebook, which is heavy
    pass


_MOVE_COLUMNS = (
    TableColumn(right=True),  # number
    TableColumn(right=True),  # place now
    TableColumn(),
    TableColumn(right=True),  # place then
    TableColumn(),  # up or down
    TableColumn(at_least=20),  # why
)


_KEY_COLUMNS = (
    TableColumn(at_least=12),  # key
    TableColumn(at_least=8),  # its value now
    TableColumn(),
    TableColumn(at_least=8),  # its value then
)


_LATENESS_COLUMNS = (
    TableColumn(right=True),  # number
    TableColumn(),  # respond by, now
    TableColumn(),
    TableColumn(),  # respond by, then
    TableColumn(at_least=12),  # customer and subject
)


_LONGEST_VALUE = 60


_SHOWN_BEFORE = 12


def tell_policy_difference(out: Printer, difference: PolicyDifference) -> None:
    """Print which keys differ, how the queue would move and why, and what becomes late or not."""
    if not difference.keys:
        out.say("It says the same as the policy in force.")
    rows = [
        [
            (plain_line(each.key), "strong"),
            (_said(each.before, each.after), ""),
            ("→", "dim"),
            (_said(each.after, each.before), ""),
        ]
        for each in difference.keys
    ]
    out.table(_KEY_COLUMNS, rows)
    tell_warnings(out, difference.warnings)
    if difference.lost.words:
        out.line((f"It cannot be adopted: {plain_line(str(difference.lost))}.", "late"))
    _tell_moves(out, difference)
    _tell_lateness(out, "would be late", difference.late, difference.now)
    _tell_lateness(out, "would be late no longer", difference.late_no_longer, difference.now)
    tell_changes(out, difference.answers)


def _tell_moves(out: Printer, difference: PolicyDifference) -> None:
    before, after = difference.number_one_before, difference.number_one_after
    if before is not None and after is not None and before.id == after.id:
        out.line(("The number one stays  ", ""), *headline(after, out.words))
    else:
        for label, ticket in (("Number one now", before), ("it would be", after)):
            out.line(
                (f"{label:<{WIDE_LABEL}}", ""),
                *(headline(ticket, out.words) if ticket else [NOBODY_FIRST]),
            )
    out.table(_MOVE_COLUMNS, [_move_row(move) for move in difference.moves])
    out.line((_how_many_move(difference), "dim"))


def _tell_lateness(
    out: Printer, what: str, changes: Sequence[LatenessChange], now: datetime
) -> None:
    if not changes:
        return
    out.line((f"{len(changes):,} {what}:", "heading"))
    rows = [
        [
            (f"#{each.ticket.id}", "strong"),
            (_respond_by(each.respond_by_before, now, out.zone), ""),
            ("→", "dim"),
            (_respond_by(each.respond_by_after, now, out.zone), ""),
            (plain_line(f"{each.ticket.customer} · {each.ticket.subject}"), "dim"),
        ]
        for each in changes
    ]
    out.table(_LATENESS_COLUMNS, rows)


def _respond_by(moment: datetime | None, now: datetime, zone: tzinfo) -> str:
    if moment is None:
        return "no answer due"
    return f"respond by {times.at(moment, now, zone)}, {times.in_words(moment, now)}"


def _said(value: object, other: object) -> str:
    """Return a value of a policy file, short: of a long one where it begins to be another."""
    if value is None:
        return "nothing"
    said, beside = (plain_line(json.dumps(each, ensure_ascii=False)) for each in (value, other))
    both = enumerate(zip(said, beside, strict=False))
    same = next((place for place, signs in both if len(set(signs)) > 1), 0) - _SHOWN_BEFORE
    return shortened(said if same < _LONGEST_VALUE // 2 else f"…{said[same:]}", _LONGEST_VALUE)


def _move_row(move: Move) -> list[Span]:
    return [
        (f"#{move.ticket.id}", "strong"),
        (_place(move.before), ""),
        ("→", "dim"),
        (_place(move.after), ""),
        (_direction(move), ""),
        (plain_line(move.why), ""),
    ]


def _place(position: int | None) -> str:
    return "out" if position is None else f"{position}"


def _direction(move: Move) -> str:
    if move.before is None:
        return "comes in"
    if move.after is None:
        return "leaves"
    steps = move.before - move.after
    return f"up {steps}" if steps > 0 else f"down {-steps}"


def _how_many_move(difference: PolicyDifference) -> str:
    if not difference.moves:
        return f"None of {difference.total:,} would move."
    return f"{len(difference.moves):,} would move; {difference.total:,} would be in the queue."
