"""A report as sections of words: facts and tables, the same for terminal, wiki and board."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from policy.phrases import MODE_NAMES, span
from policy.refusal import one_of
from policy.report.days import ReportDay
from policy.report.exceptions import Asked, Ending, PutFirst
from policy.report.first_responses import FirstResponses, Nearness
from policy.report.report import NumberOne, Promises, Report
from policy.report.solved import SolvedFigures
from policy.time.allocation import Allocation, Split
from tui.phrasing.shares import NOTHING, customers_time, percent, priority_kind

_MINUTE: Final = timedelta(minutes=1)
_LONG: Final = 10 * _MINUTE
_NAMED_AT_MOST: Final = 12
"""So many tickets are named one by one; JSON has all."""


def length(duration: timedelta | None) -> str:
    """Return a length of time, from ten minutes on without seconds; a dash for none."""
    if duration is None:
        return NOTHING
    return span(duration - duration % _MINUTE if duration >= _LONG else duration)


def times(count: int) -> str:
    """Return how often: ``never``, ``once``, ``twice``, ``12 times``."""
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def share_of(part: int, whole: int) -> str:
    """Return a part of a whole in percent, and both: ``94.1 % (32 of 34)``; a dash of nothing."""
    return f"{percent(part / whole)} ({part:,} of {whole:,})" if whole else NOTHING


def day_in_words(day: date, *, with_year: bool) -> str:
    """Return a day as ``Mon 2 Mar``, or ``Mon 2 Mar 2026``."""
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if with_year else "")


def time_in_words(moment: datetime, zone: tzinfo, *, with_year: bool) -> str:
    """Return a time in ``zone`` as ``Mon 2 Mar 09:00`` or ``Mon 2 Mar 2026 09:00``."""
    local = moment.astimezone(zone)
    return f"{day_in_words(local.date(), with_year=with_year)} {local:%H:%M}"


EMPTY: Final = "Nothing happened in this time: no ticket came, and none was answered or solved."
"""What a report of nothing says."""

NEARNESS_NAMES: Final = {
    Nearness.HALF: "up to ½ aim",
    Nearness.AIM: "up to the aim",
    Nearness.TWICE: "up to 2 × aim",
    Nearness.FOUR_TIMES: "up to 4 × aim",
    Nearness.LATER: "later",
}
"""How long a first response took, measured by the aim, as a person reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """A heading with facts, a label and its value each, and a table of rows under ``header``.

    ``numbers`` are the columns of the table that hold numbers. Texts are as they were written by
    whoever wrote them, and not harmless yet.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    header: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    numbers: frozenset[int] = field(default_factory=frozenset)


def title_of(report: Report) -> str:
    """Return the heading of the whole: from when until when, in which zone."""
    since, until = (
        time_in_words(moment, report.zone, with_year=True) for moment in (report.start, report.end)
    )
    zone = report.end.astimezone(report.zone).tzname() or ""
    return f"Support report, {since} to {until} {zone}".rstrip()


def sections(report: Report) -> Iterator[ReportSection]:
    """Yield the sections of a report, the figures first, the days last.

    What only the history knows is left out of a time that was over before that begins.
    """
    yield from _first_responses(report.first_responses)
    yield _solved(report.solved)
    yield from _known(report)
    if not report.is_before_history:
        yield _number_one(report, report.number_one)
        yield _promises(report.promises)
    yield _allocation(report.allocation)
    if not report.is_before_history:
        yield _deviations(report, report.deviations)
        yield _by_hand(report)
        yield _dropped(report)
        yield _unanswered(report)
    yield _days(report, report.days)


def _first_responses(found: FirstResponses) -> Iterator[ReportSection]:
    yield ReportSection(
        title="First responses",
        facts=[
            ("given", f"{found.count:,}"),
            ("within contract", share_of(found.contract.within, found.contract.owed)),
            ("owed in this time and not given", f"{found.overdue:,}"),
            ("half of them within", length(found.took.median)),
            ("nine of ten within", length(found.took.most)),
            ("the longest took", length(found.took.longest)),
        ],
        header=("priority", "owed", "within contract", "share"),
        rows=[
            (priority, f"{kept.owed:,}", f"{kept.within:,}", percent(kept.share))
            for priority, kept in found.by_priority.items()
        ],
        numbers=frozenset({1, 2, 3}),
    )
    yield ReportSection(
        title=f"First responses against the aim of {length(found.aim)}",
        header=("open time to the first response", "first responses", "share"),
        rows=[
            (NEARNESS_NAMES[nearness], f"{count:,}", percent(count / found.count))
            for nearness, count in found.by_nearness.items()
            if found.count
        ],
        numbers=frozenset({1, 2}),
    )


def _solved(found: SolvedFigures) -> ReportSection:
    return ReportSection(
        title="Solved",
        facts=[
            ("solved", f"{found.count:,}"),
            ("without an answer", _without_answer(found)),
            ("half of them within", length(found.took.median)),
            ("nine of ten within", length(found.took.most)),
            ("the longest took", length(found.took.longest)),
            *([("which had no answer", which(found.without_answer))] if found.unanswered else []),
        ],
    )


def _without_answer(found: SolvedFigures) -> str:
    """Return how many were solved without an answer, and which share: ``2 (66.6 %)``."""
    share = f" ({percent(found.unanswered / found.count)})" if found.unanswered else ""
    return f"{found.unanswered:,}{share}"


def which(tickets: Sequence[int]) -> str:
    """Return the numbers of tickets, the first dozen of them by name."""
    named = [f"#{number}" for number in tickets[:_NAMED_AT_MOST]]
    more = len(tickets) - len(named)
    return f"{', '.join(named)} and {more:,} more" if more else one_of(named, "and")


def history_begins(report: Report) -> str | None:
    """Return from when on is known what no source tells of; None where it is known throughout."""
    if report.history_since is None:
        return None
    begins = _time(report, report.history_since)
    if report.is_before_history:
        return f"not known: the history begins {begins}"
    return f"known since {begins}, where the history begins"


def _known(report: Report) -> Iterator[ReportSection]:
    if report.history_since is None:
        return
    what = "number ones, promises, levels and modes, and what should be rare"
    label = "not known" if report.is_before_history else "known from then on"
    yield ReportSection(
        title="What only the history knows",
        facts=[("the history begins", _time(report, report.history_since)), (label, what)],
    )


def _number_one(report: Report, found: NumberOne) -> ReportSection:
    took, reigns = found.took, found.reigns
    longest = f" (#{found.longest_ticket})" if found.longest_ticket is not None else ""
    facts = [
        ("changed", times(reigns.changes)),
        ("picked up", times(took.count)),
        ("half of them within", length(took.median)),
        ("nine of ten within", length(took.most)),
        ("the longest waited", f"{length(took.longest)}{longest}"),
        ("overtaken before anybody had it", times(reigns.overtaken)),
    ]
    if reigns.waiting_since is not None:
        facts.append(("nobody's at the end, since", _time(report, reigns.waiting_since)))
    return ReportSection(title="Number one", facts=facts)


def _promises(found: Promises) -> ReportSection:
    return ReportSection(
        title="Promises to customers who wait",
        facts=[
            ("made", f"{found.made:,}"),
            ("kept of those due", share_of(found.kept.kept, found.kept.due)),
            ("meant to be kept", percent(found.kept.meant)),
        ],
    )


def _allocation(found: Allocation) -> ReportSection:
    kinds = [kind for kind in (found.urgent, found.usual) if kind]

    def cells(split: Split) -> tuple[str, ...]:
        went = (split.share_of(kind) for kind in kinds)
        shares = (split.customer_share, *went, split.internal_share)
        return (*(percent(share) for share in shares), length(split.recorded))

    header = ("who", "customers", *map(priority_kind, kinds), "internal", "recorded")
    return ReportSection(
        title="Time for customers and for internal work",
        facts=[
            ("meant for customers", percent(1 - found.internal_aim)),
            ("meant for internal work", percent(found.internal_aim)),
            *_of_the_customers(found),
        ],
        header=header,
        rows=[
            ("the team", *cells(found.team)),
            *((each.login, *cells(each.split)) for each in found.members if each.split.recorded),
        ]
        if found.team.recorded
        else [],
        numbers=frozenset(range(1, len(header))),
    )


def _of_the_customers(found: Allocation) -> list[tuple[str, str]]:
    went = customers_time(found)
    return [("of the customers' time", "; ".join(went))] if went else []


def _deviations(report: Report, found: Sequence[PutFirst]) -> ReportSection:
    return ReportSection(
        title="Put first by a person",
        facts=[("deviations", times(len(found)))],
        header=("ticket", "by", "from", "until", "how it ended", "reason"),
        rows=[
            (
                f"#{each.ticket}",
                each.deviation.by,
                _time(report, each.deviation.since),
                NOTHING if each.ended_at is None else _time(report, each.ended_at),
                ending_in_words(each),
                each.deviation.reason,
            )
            for each in found
        ],
    )


def _by_hand(report: Report) -> ReportSection:
    return ReportSection(
        title="Mode set by hand",
        facts=[("set", times(len(report.by_hand)))],
        header=("mode", "by", "from", "until", "ended", "reason"),
        rows=[
            (
                MODE_NAMES[setting.mode],
                setting.by,
                _time(report, setting.since),
                "without an end" if setting.until is None else _time(report, setting.until),
                "in force" if ended_at is None else _time(report, ended_at),
                setting.reason,
            )
            for setting, ended_at in report.by_hand
        ],
    )


def ending_in_words(each: PutFirst) -> str:
    """Return how a deviation ended."""
    match each.ending:
        case Ending.IN_FORCE:
            return "in force"
        case Ending.EXPIRED:
            return "its time was over"
        case Ending.ANSWERED:
            return f"answered by {each.ended_by}"
        case Ending.REPLACED:
            return f"put first anew by {each.ended_by}"
        case Ending.ENDED:
            return f"ended by {each.ended_by}"


def _dropped(report: Report) -> ReportSection:
    def rows(answers: Sequence[Asked], answer: str) -> list[Sequence[str]]:
        return [
            (
                f"#{each.ticket}",
                each.escalation.by,
                _time(report, each.escalation.at),
                answer,
                each.escalation.because,
            )
            for each in answers
        ]

    return ReportSection(
        title="Engineering asked to drop everything",
        facts=[
            ("asked to drop everything", times(len(report.drop_everything))),
            ("answered that it can wait", times(len(report.can_wait))),
        ],
        header=("ticket", "by", "at", "can it wait a day?", "because"),
        rows=rows(report.drop_everything, "no") + rows(report.can_wait, "yes"),
    )


def _unanswered(report: Report) -> ReportSection:
    return ReportSection(
        title="Ended by a person without an answer",
        facts=[("ended", times(len(report.solved_unanswered)))],
        header=("ticket", "by", "at", "why nobody needs one"),
        rows=[
            (f"#{each.ticket}", each.by, _time(report, each.at), each.reason)
            for each in report.solved_unanswered
        ],
    )


def _days(report: Report, days: Sequence[ReportDay]) -> ReportSection:
    header = ("day", "arrived", "declined", "answered", "solved", "longest queue", "worst level")
    return ReportSection(
        title="Day by day",
        facts=[("choices were hard for", _hard_choices(report))],
        header=(*header, "hard choices"),
        rows=[
            (
                day_in_words(day.day, with_year=_spans_years(report)),
                f"{day.arrived:,}",
                f"{day.declined:,}",
                f"{day.answered:,}",
                f"{day.solved:,}",
                f"{day.longest_queue:,}",
                f"{day.worst_level}" if report.knows(day) else NOTHING,
                length(day.hard_choices) if day.hard_choices and report.knows(day) else NOTHING,
            )
            for day in days
        ],
        numbers=frozenset(range(1, 8)),
    )


def _hard_choices(report: Report) -> str:
    return NOTHING if report.is_before_history else length(report.hard_choices)


def _time(report: Report, moment: datetime) -> str:
    return time_in_words(moment, report.zone, with_year=_spans_years(report))


def _spans_years(report: Report) -> bool:
    return len({each.astimezone(report.zone).year for each in (report.start, report.end)}) > 1
