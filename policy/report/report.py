"""The report: "what the shift looked like", put together from what happened in a span of time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from policy.capacity.hard_choices import QueueCount
from policy.clocks.calendar import Interval
from policy.clocks.intervals import joined
from policy.report.days import Instants, ReportDay, days_of
from policy.report.exceptions import Asked, PutFirst, asked, deviations
from policy.report.first_responses import (
    FirstResponse,
    FirstResponses,
    Spread,
    first_response,
    first_responses,
)
from policy.report.levels_held import (
    Circumstances,
    ModeHeld,
    ModeSpan,
    mode_spans,
    modes_by_hand,
    time_in,
)
from policy.report.number_ones import Reigns, reigns
from policy.report.overdue import overdue
from policy.report.queue_length import queue_lengths
from policy.report.solved import (
    EndedUnanswered,
    SolvedFigures,
    SolvedTicket,
    ended_unanswered,
    solved_between,
    solved_figures,
)
from policy.report.ticket_changes import TicketChange, value_at, values_between
from policy.ticket import Ticket
from policy.time.allocation import Allocation, Recorded, allocation
from policy.time.entries import TimeEntry
from policy.waits.promises import Promise, PromisesKept, promises_kept
from policy.words import Mode, Priority


class ReportStage(StrEnum):
    """What is done for a report, one after the other."""

    HISTORY = "the history"
    TICKETS = "the tickets as they were"
    LEVELS = "levels and modes"
    NUMBER_ONES = "number ones"
    FIRST_RESPONSES = "first responses"
    EXCEPTIONS = "promises and exceptions"
    DAYS = "the days"


Step = Callable[[ReportStage], None]
"""Told what is done next; whoever no longer wants the report raises out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPast:
    """What happened from ``start`` to before ``end`` (UTC), as far as the report needs it.

    ``tickets`` are the tickets as they stood at ``start`` that changed since or can have come
    first, ``changes`` what happened to them, in order. ``answered`` are the tickets whose first
    response came in that time, each with ``respond_by`` as it stood then, where known; ``solved``
    those that are solved since a time in it. ``arrived`` and ``declined`` are when tickets were
    received, in order; ``untouched_overdue`` counts those that did not change, and whose first
    response was owed in that time and had not come by its end. ``promises`` are all whose time can
    have come in it, ``entries`` the time that was recorded in it, ``priorities`` those of the
    tickets that it went to, by number.
    """

    start: datetime
    end: datetime
    zone: tzinfo
    circumstances: Circumstances
    tickets: Sequence[Ticket]
    changes: Sequence[TicketChange]
    answered: Sequence[tuple[Ticket, datetime | None]]
    arrived: Sequence[datetime]
    declined: Sequence[datetime]
    untouched_overdue: int
    promises: Sequence[Promise]
    entries: Sequence[TimeEntry]
    priorities: Mapping[int, Priority] = field(default_factory=dict)
    solved: Sequence[Ticket] = ()
    afterwards: Sequence[TicketChange] = ()
    history_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """The promises made to customers who wait: made in the time, and kept of those then due."""

    made: int
    kept: PromisesKept


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOne:
    """How often the number one changed, and how long a number one that was nobody's waited."""

    reigns: Reigns
    took: Spread
    longest_ticket: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the time from ``start`` to before ``end`` (UTC) looked like; days are of ``zone``.

    ``drop_everything`` are the times that engineering was asked to drop everything, ``can_wait``
    the times that somebody answered that it can wait a day, ``solved_unanswered`` what persons
    ended while its customer waited. ``queue`` is how long the queue was from when on, as far as the
    source's times tell it, ``modes`` which level and mode there was when, and ``by_hand`` the modes
    that somebody had set. ``history_since`` is when the history begins, where that is after
    ``start``: of the time before it number ones, levels, modes, promises and exceptions are not
    known, as no source tells of them.
    """

    start: datetime
    end: datetime
    zone: tzinfo
    history_since: datetime | None
    first_responses: FirstResponses
    solved: SolvedFigures
    number_one: NumberOne
    promises: Promises
    allocation: Allocation
    deviations: tuple[PutFirst, ...]
    drop_everything: tuple[Asked, ...]
    can_wait: tuple[Asked, ...]
    solved_unanswered: tuple[EndedUnanswered, ...]
    days: tuple[ReportDay, ...]
    queue: tuple[QueueCount, ...]
    modes: tuple[ModeSpan, ...]
    by_hand: tuple[ModeHeld, ...]
    hard_choices: timedelta

    @property
    def is_before_history(self) -> bool:
        """Whether all of the time is before the history: the source's times are all there is."""
        return self.history_since is not None and self.history_since >= self.end

    def knows(self, day: ReportDay) -> bool:
        """Return whether the history had begun before a day was over."""
        return self.history_since is None or self.history_since < day.end

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened: no ticket came, was answered, or stood in the queue."""
        return not any(
            day.arrived or day.declined or day.answered or day.solved or day.longest_queue
            for day in self.days
        )


def report(past: ReportedPast, step: Step = lambda _: None) -> Report:
    """Return the report of what happened."""
    step(ReportStage.LEVELS)
    modes = mode_spans(past.circumstances, past.start, past.end)
    step(ReportStage.NUMBER_ONES)
    reigned = reigns(past.tickets, past.changes, modes, past.circumstances.rulebooks)
    step(ReportStage.FIRST_RESPONSES)
    given = _given(past)
    solved = solved_between(past.changes, past.solved, past.start, past.end)
    step(ReportStage.EXCEPTIONS)
    answers = tuple(asked(past.changes))
    at_the_end = value_at(past.circumstances.rulebooks, past.end)
    put_first = deviations(past.tickets, past.changes, past.start, past.end)
    late = past.untouched_overdue + len(_overdue(past))
    step(ReportStage.DAYS)
    queue = queue_lengths(
        past.circumstances.counts,
        past.tickets,
        (*past.changes, *past.afterwards),
        past.start,
        past.end,
    )
    happened = _instants(past, given, solved)
    return Report(
        start=past.start,
        end=past.end,
        zone=past.zone,
        history_since=_history_since(past, happened, queue),
        first_responses=first_responses(
            given, at_the_end.vocabulary, at_the_end.response.aim, late
        ),
        solved=solved_figures(solved, past.circumstances.rulebooks),
        number_one=_number_one(reigned),
        promises=_promises(past),
        allocation=_allocation(past, modes),
        deviations=tuple(put_first),
        drop_everything=tuple(each for each in answers if each.escalation.cannot_wait),
        can_wait=tuple(each for each in answers if not each.escalation.cannot_wait),
        solved_unanswered=tuple(ended_unanswered(past.changes)),
        days=tuple(days_of(past.zone, happened, queue, modes)),
        queue=tuple(queue),
        modes=tuple(modes),
        by_hand=tuple(modes_by_hand(past.circumstances.settings, past.start, past.end)),
        hard_choices=time_in(Mode.HARD_CHOICES, modes, past.start, past.end),
    )


def _history_since(
    past: ReportedPast, happened: Instants, queue: Sequence[QueueCount]
) -> datetime | None:
    """Return when the history begins, where the sources tell of anything before it."""
    since = past.history_since
    if since is None or since <= past.start:
        return None
    kinds = (happened.arrived, happened.declined, happened.answered, happened.solved)
    told = any(kind and kind[0] < since for kind in kinds)
    stood = any(each.tickets and each.at < since for each in queue)
    return since if told or stood else None


def _overdue(past: ReportedPast) -> list[int]:
    changes = (*past.changes, *past.afterwards)
    changed = {change.ticket_id for change in changes}
    return overdue(
        {ticket.id: ticket for ticket in past.tickets if ticket.id in changed},
        changes,
        past.circumstances.rulebooks,
        past.start,
        past.end,
    )


def _given(past: ReportedPast) -> list[FirstResponse]:
    found = (
        first_response(ticket, owed, past.circumstances.rulebooks) for ticket, owed in past.answered
    )
    return [each for each in found if each is not None]


def _instants(
    past: ReportedPast, given: Sequence[FirstResponse], solved: Sequence[SolvedTicket]
) -> Instants:
    return Instants(
        arrived=past.arrived,
        declined=past.declined,
        answered=sorted(each.answered_at for each in given),
        solved=[each.at for each in solved],
    )


def _number_one(reigned: Reigns) -> NumberOne:
    longest = max(reigned.pick_ups, key=lambda each: each.took, default=None)
    return NumberOne(
        reigns=reigned,
        took=Spread.of(each.took for each in reigned.pick_ups),
        longest_ticket=None if longest is None else longest.ticket,
    )


def _promises(past: ReportedPast) -> Promises:
    due = [each for each in past.promises if _is_due(each, past.start, past.end)]
    return Promises(
        made=sum(past.start <= each.made_at < past.end for each in past.promises),
        kept=promises_kept(
            due, past.end, value_at(past.circumstances.rulebooks, past.end).waits.sure
        ),
    )


def _allocation(past: ReportedPast, modes: Sequence[ModeSpan]) -> Allocation:
    """Return how time was split: "80% customer work, 20% internal", the paused time left out."""
    rulebooks, rosters = past.circumstances.rulebooks, past.circumstances.rosters
    busy = joined(
        Interval(span.start, span.end)
        for span in modes
        if span.level >= value_at(rulebooks, span.start).capacity.hard_choices_from
    )
    rulebook = value_at(rulebooks, past.end)
    whole = rulebook.allocation.replaced(window=past.end - past.start)
    return allocation(
        whole,
        values_between(rosters, past.start, past.end),
        Recorded(entries=past.entries, priorities=past.priorities),
        past.end,
        words=rulebook.vocabulary,
        busy=busy,
    )


def _is_due(promise: Promise, start: datetime, end: datetime) -> bool:
    return promise.expect_by is not None and start <= promise.expect_by < end
