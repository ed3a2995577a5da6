"""The figures of a rehearsal, side by side: as it is, and under what is rehearsed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.rehearsal.play import DaysPlayed, Outcome
from policy.report.first_responses import Kept
from policy.waits.promises import Promise, PromisesKept

_NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LongestWait:
    """The customer who waits longest for a first answer, of those who came in the days.

    ``answered_at`` (UTC) is None where they still wait at the end; then ``waited`` is until there.
    """

    ticket: int
    customer: str
    waited: timedelta
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayFigures:
    """What one of the two columns says.

    ``tickets`` came in those days and were taken, ``declined`` were not. ``contract`` is of the
    first responses that were owed by the end of the days, ``late`` how many of those came late or
    had not come, and ``unanswered`` how many customers had none by the end, due or not.
    ``promises_made`` are the wait notices that named a time, ``promises`` those of them that came
    due.
    """

    tickets: int
    declined: int
    contract: Kept
    late: int
    unanswered: int
    promises_made: int
    promises: PromisesKept
    hard_choices: timedelta
    longest_wait: LongestWait | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """Both columns for the days from ``start`` to before ``end`` (UTC).

    ``policy`` and ``team`` name what is rehearsed, the file; None where it is the one in force.
    """

    start: datetime
    end: datetime
    policy: str | None
    team: str | None
    as_it_is: PlayFigures
    rehearsed: PlayFigures


def play_figures(days: DaysPlayed, sure: float) -> PlayFigures:
    """Return the figures of days that were played; ``sure`` is the share of promises to be kept.

    Of the first responses those count that came, or whose contract time had run out by the end. A
    promise "is kept when the answer came by then".
    """
    customers = [each for each in days.outcomes if not each.ticket.internal]
    owed = [each for each in customers if _is_owed(each, days.end)]
    within = sum(map(_is_within, owed))
    made = [each for each in days.promises if each.expect_by is not None]
    due = [each for each in made if each.expect_by is not None and each.expect_by < days.end]
    kept = sum(_is_kept(each, days.answers) for each in due)
    return PlayFigures(
        tickets=len(days.outcomes),
        declined=days.declined,
        contract=Kept(within=within, owed=len(owed)),
        late=len(owed) - within,
        unanswered=sum(each.answered_at is None for each in customers),
        promises_made=len(made),
        promises=PromisesKept(kept=kept, due=len(due), meant=sure),
        hard_choices=sum((each.end - each.start for each in days.hard), _NO_TIME),
        longest_wait=_longest_wait(customers, days.end),
    )


def _is_kept(promise: Promise, answers: Mapping[int, datetime]) -> bool:
    by = promise.expect_by
    return by is not None and all(
        each.ticket in answers and answers[each.ticket] <= by for each in promise.answers
    )


def _is_owed(outcome: Outcome, end: datetime) -> bool:
    respond_by = outcome.ticket.respond_by
    return respond_by is not None and (outcome.answered_at is not None or respond_by < end)


def _is_within(outcome: Outcome) -> bool:
    answered_at, respond_by = outcome.answered_at, outcome.ticket.respond_by
    return answered_at is not None and respond_by is not None and answered_at <= respond_by


def _longest_wait(customers: list[Outcome], end: datetime) -> LongestWait | None:
    """Return the longest wait; of two that are as long the one of the ticket that came first."""
    longest = max(
        customers,
        key=lambda each: (_waited(each, end), -each.ticket.id),
        default=None,
    )
    if longest is None:
        return None
    return LongestWait(
        ticket=longest.ticket.id,
        customer=longest.ticket.customer,
        waited=_waited(longest, end),
        answered_at=longest.answered_at,
    )


def _waited(outcome: Outcome, end: datetime) -> timedelta:
    return (outcome.answered_at or end) - outcome.ticket.received_at
