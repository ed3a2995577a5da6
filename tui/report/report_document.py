"""A report as plain JSON values: lengths of time in seconds, shares from 0 to 1, times in UTC."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from policy.report.days import ReportDay
from policy.report.exceptions import Asked, PutFirst
from policy.report.first_responses import FirstResponses, Kept, Spread
from policy.report.levels_held import ModeHeld
from policy.report.report import Report
from policy.report.solved import EndedUnanswered, SolvedFigures
from policy.time.allocation import Allocation, Split
from tui.cli.render.ticket_documents import Document, instant


def report_document(report: Report) -> Document:
    """Return all of a report; what only the history knows is null of the time before it."""
    return {
        "from": instant(report.start),
        "until": instant(report.end),
        "history_since": instant(report.history_since),
        "first_responses": _first_responses(report.first_responses),
        "solved": _solved(report.solved),
        "number_one": _number_one(report),
        "promises": _promises(report),
        "allocation": _allocation(report.allocation),
        "deviations": [_put_first(each) for each in report.deviations],
        "modes_by_hand": [_by_hand(each) for each in report.by_hand],
        "drop_everything": [_asked(each) for each in report.drop_everything],
        "can_wait": [_asked(each) for each in report.can_wait],
        "solved_unanswered": [_unanswered(each) for each in report.solved_unanswered],
        "hard_choices_seconds": _known(report, _seconds(report.hard_choices)),
        "days": [_day(report, each) for each in report.days],
    }


def figures(document: Document) -> Iterator[Sequence[object]]:
    """Yield each value of a report's document with where it stands: section, item and figure."""
    for section, value in document.items():
        for path, figure in _leaves(value, ()):
            item = "/".join(path[:-1])
            yield (section, item, path[-1] if path else "", figure)


def _leaves(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, str(name)))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(inner, (*path, str(number)))
    else:
        yield path, value


def _first_responses(found: FirstResponses) -> Document:
    return {
        "count": found.count,
        **_kept(found.contract),
        "overdue": found.overdue,
        "aim_seconds": _seconds(found.aim),
        **_spread(found.took),
        "by_priority": {str(priority): _kept(kept) for priority, kept in found.by_priority.items()},
        "by_nearness": {str(nearness): count for nearness, count in found.by_nearness.items()},
    }


def _solved(found: SolvedFigures) -> Document:
    return {
        "count": found.count,
        "unanswered": found.unanswered,
        "unanswered_share": found.unanswered / found.count if found.count else None,
        "unanswered_tickets": list(found.without_answer),
        **_spread(found.took),
    }


def _unanswered(each: EndedUnanswered) -> Document:
    said = {"by": each.by, "at": instant(each.at), "reason": each.reason}
    return {"ticket": each.ticket, **said}


def _known(report: Report, figure: object) -> object:
    return None if report.is_before_history else figure


def _number_one(report: Report) -> Document:
    found, reigns = report.number_one, report.number_one.reigns
    return {
        "changes": _known(report, reigns.changes),
        "picked_up": _known(report, found.took.count),
        **_spread(found.took),
        "longest_ticket": found.longest_ticket,
        "overtaken": _known(report, reigns.overtaken),
        "waiting_since": instant(reigns.waiting_since),
        "timeline": [
            {"from": instant(each.start), "until": instant(each.end), "ticket": each.ticket}
            for each in (() if report.is_before_history else reigns.spans)
        ],
    }


def _promises(report: Report) -> Document:
    made, kept = report.promises.made, report.promises.kept
    figures = {"made": made, "due": kept.due, "kept": kept.kept, "share": kept.share}
    known = {name: _known(report, figure) for name, figure in figures.items()}
    return {**known, "meant": kept.meant}


def _allocation(found: Allocation) -> Document:
    return {
        "internal_aim": found.internal_aim,
        **_split(found, found.team),
        "members": [{"login": each.login, **_split(found, each.split)} for each in found.members],
    }


def _split(found: Allocation, split: Split) -> Document:
    return {
        "customer_seconds": _seconds(split.customer),
        "internal_seconds": _seconds(split.internal),
        "customer": split.customer_share,
        "internal": split.internal_share,
        **of_the_customers(found, split),
    }


def of_the_customers(found: Allocation, split: Split) -> Document:
    """Return how the customers' share went to priorities, from 0 to 1; null of nothing recorded.

    ``urgent`` are those that are "meant to be rare", ``usual`` those between them and the last.
    """
    return {
        "urgent": split.share_of(found.urgent),
        "usual": split.share_of(found.usual),
        "by_priority": {str(priority): split.share_of([priority]) for priority in found.priorities},
    }


def _put_first(each: PutFirst) -> Document:
    deviation = each.deviation
    return {
        "ticket": each.ticket,
        "by": deviation.by,
        "reason": deviation.reason,
        "since": instant(deviation.since),
        "until": instant(deviation.until),
        "ended": each.ending,
        "ended_at": instant(each.ended_at),
        "ended_by": each.ended_by,
    }


def _by_hand(each: ModeHeld) -> Document:
    setting = each.setting
    return {
        "mode": setting.mode,
        "by": setting.by,
        "reason": setting.reason,
        "since": instant(setting.since),
        "until": instant(setting.until),
        "ended_at": instant(each.ended_at),
    }


def _asked(each: Asked) -> Document:
    said = each.escalation
    return {"ticket": each.ticket, "by": said.by, "at": instant(said.at), "because": said.because}


def _day(report: Report, day: ReportDay) -> Document:
    known = report.knows(day)
    return {
        "day": day.day.isoformat(),
        "arrived": day.arrived,
        "declined": day.declined,
        "answered": day.answered,
        "solved": day.solved,
        "longest_queue": day.longest_queue,
        "worst_level": day.worst_level if known else None,
        "hard_choices_seconds": _seconds(day.hard_choices) if known else None,
    }


def _kept(kept: Kept) -> Document:
    return {"owed": kept.owed, "within_contract": kept.within, "share": kept.share}


def _spread(took: Spread) -> Document:
    return {
        "median_seconds": _seconds(took.median),
        "nine_of_ten_seconds": _seconds(took.most),
        "longest_seconds": _seconds(took.longest),
    }


def _seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else round(duration.total_seconds())
