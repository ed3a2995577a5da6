"""The numbers of a report as the screen shows them first: a label, a number, and what is beside."""

from collections.abc import Iterator, Sequence
from typing import Final

from policy.phrases import MODE_NAMES
from policy.report.first_responses import Nearness
from policy.report.report import Report
from tui.board.widgets.styles import Span
from tui.phrasing.shares import NOTHING, customers_time, percent
from tui.phrasing.text import plain_line
from tui.report.report_sections import (
    ending_in_words,
    history_begins,
    length,
    time_in_words,
    times,
    which,
)

Numbers = tuple[str, Sequence[Span]]
"""A label, and the number with what is beside it."""

_GOAL: Final = 0.95
"""Time to first response within contract, "95 % and better"."""


def numbers(report: Report) -> Iterator[Numbers]:
    """Yield the lines of numbers."""
    yield "Within contract", _within_contract(report)
    yield "First response", _first_response(report)
    yield "Number one", _number_one(report)
    yield "Promises", _promises(report)
    yield "Time", _time(report)
    if went := customers_time(report.allocation):
        first, *others = map(plain_line, went)
        yield "Customers' time", [(first, "bright"), *((f"  {each}", "") for each in others)]
    yield "Solved", _solved(report)
    yield "Tickets", _tickets(report)
    yield "Hard choices", _hard_choices(report)
    yield "Exceptions", _exceptions(report)


def exceptions(report: Report) -> Iterator[tuple[str, Sequence[Span]]]:
    """Yield what should be rare, one by one: when and whose, and why."""
    for each in report.deviations:
        when = time_in_words(each.deviation.since, report.zone, with_year=False)
        who = plain_line(each.deviation.by)
        ended = plain_line(ending_in_words(each))
        said: list[Span] = [(f"#{each.ticket} put first by {who}, {when}; {ended}: ", "")]
        yield "first", [*said, (plain_line(each.deviation.reason), "dim")]
    for setting, _ in report.by_hand:
        when = time_in_words(setting.since, report.zone, with_year=False)
        end = ", without an end"
        if setting.until is not None:
            end = f" until {time_in_words(setting.until, report.zone, with_year=False)}"
        mode, who = MODE_NAMES[setting.mode], plain_line(setting.by)
        said = [(f"{mode} by {who}, {when}{end}: ", "")]
        yield "by hand", [*said, (plain_line(setting.reason), "dim")]
    for asked in (*report.drop_everything, *report.can_wait):
        answer = "cannot wait" if asked.escalation.cannot_wait else "can wait"
        when = time_in_words(asked.escalation.at, report.zone, with_year=False)
        who = plain_line(asked.escalation.by)
        said = [(f"#{asked.ticket} {answer}, said {who}, {when}: ", "")]
        yield "drop all", [*said, (plain_line(asked.escalation.because), "dim")]

    for unanswered in report.solved_unanswered:
        when, who = (
            time_in_words(unanswered.at, report.zone, with_year=False),
            plain_line(unanswered.by),
        )
        said = [(f"#{unanswered.ticket} ended without an answer by {who}, {when}: ", "")]
        yield "unanswered", [*said, (plain_line(unanswered.reason), "dim")]


def _within_contract(report: Report) -> list[Span]:
    found = report.first_responses
    kept = found.contract
    short = kept.share is not None and kept.share < _GOAL
    spans: list[Span] = [(percent(kept.share), "late-strong" if short else "bright")]
    if kept.owed:
        spans.append((f"  {kept.within:,} of {kept.owed:,} owed", ""))
    if short:
        spans.append((f", below {percent(_GOAL)}", "late"))
    if found.overdue:
        spans.append((f"  {found.overdue:,} owed and not given", "late"))
    return spans


def _first_response(report: Report) -> list[Span]:
    found = report.first_responses
    if not found.count:
        return [(NOTHING, "bright"), ("  none was given", "dim")]
    near = found.by_nearness[Nearness.HALF] + found.by_nearness[Nearness.AIM]
    return [
        (f"{percent(near / found.count)}", "bright"),
        (f"  within the aim of {length(found.aim)}", ""),
        (f"  half in {length(found.took.median)}", "dim"),
        (f", nine of ten in {length(found.took.most)}", "dim"),
    ]


def _not_known(report: Report) -> list[Span]:
    """Return why nothing is said, where the history begins only after all of the time."""
    said = history_begins(report) if report.is_before_history else None
    return [] if said is None else [(NOTHING, "bright"), (f"  {said}", "dim")]


def _as_known(report: Report) -> list[Span]:
    said = history_begins(report)
    return [] if said is None else [(f"  {said}", "dim")]


def _number_one(report: Report) -> list[Span]:
    if unknown := _not_known(report):
        return unknown
    found = report.number_one
    spans: list[Span] = [("changed ", ""), (times(found.reigns.changes), "bright")]
    if found.took.count:
        spans.append((f"  half picked up in {length(found.took.median)}", ""))
        spans.append((f", nine of ten in {length(found.took.most)}", "dim"))
        spans.append((f", longest {length(found.took.longest)}: #{found.longest_ticket}", "dim"))
    return [*spans, *_as_known(report)]


def _promises(report: Report) -> list[Span]:
    if unknown := _not_known(report):
        return unknown
    found = report.promises
    if not found.kept.due:
        return [(NOTHING, "bright"), (f"  {found.made:,} made, none due yet", "dim")]
    broken = found.kept.kept < found.kept.due
    return [
        (percent(found.kept.share), "late-strong" if broken else "bright"),
        (f"  {found.kept.kept:,} of {found.kept.due:,} due were kept", ""),
        (f"  {percent(found.kept.meant)} meant", "dim"),
        (f"  {found.made:,} made", "dim"),
    ]


def _time(report: Report) -> list[Span]:
    team = report.allocation.team
    if team.customer_share is None or team.internal_share is None:
        return [(NOTHING, "bright"), ("  nobody recorded any", "dim")]
    return [
        (percent(team.customer_share), "bright"),
        (" customers  ", ""),
        (percent(team.internal_share), "bright"),
        (f" internal, of {percent(report.allocation.internal_aim)} meant", ""),
        (f"  {length(team.recorded)} recorded", "dim"),
    ]


def _solved(report: Report) -> list[Span]:
    found = report.solved
    spans: list[Span] = [(f"{found.count:,}", "bright"), (" solved", "")]
    if found.unanswered:
        share = percent(found.unanswered / found.count)
        spans.append((f", {found.unanswered:,} without an answer ({share})", "late"))
        spans.append((f": {which(found.without_answer)}", ""))
    if found.took.count:
        spans.append((f"  half in {length(found.took.median)}", "dim"))
        spans.append((f", nine of ten in {length(found.took.most)}", "dim"))
        spans.append((f", longest {length(found.took.longest)}", "dim"))
    return spans


def _tickets(report: Report) -> list[Span]:
    days = report.days
    arrived, declined = sum(each.arrived for each in days), sum(each.declined for each in days)
    longest = max(each.longest_queue for each in days)
    return [
        (f"{arrived:,}", "bright"),
        (f" arrived, {declined:,} declined", ""),
        (f"  {longest:,} in the queue at most", "dim"),
    ]


def _hard_choices(report: Report) -> list[Span]:
    if unknown := _not_known(report):
        return unknown
    worst = max(span.level for span in report.modes)
    role = "loud" if report.hard_choices else "bright"
    hours = length(report.hard_choices) if report.hard_choices else "none"
    return [(hours, role), (f"  level {worst} at worst", ""), *_as_known(report)]


def _exceptions(report: Report) -> list[Span]:
    if unknown := _not_known(report):
        return unknown
    return [
        (f"{len(report.deviations):,}", "bright"),
        (" put first  ", ""),
        (f"{len(report.drop_everything):,}", "bright"),
        (" drop everything  ", ""),
        (f"{len(report.can_wait):,}", "bright"),
        (" could wait", ""),
    ]
