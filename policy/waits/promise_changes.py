"""What another policy, or another roster, does to answers that are foreseen and were promised.

Told before it is done: "3 promises would break".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from policy.phrases import span
from policy.refusal import one_of
from policy.waits.forecast import NOT_FORESEEN, AnswerForecast
from policy.waits.promises import Asker, Promise

_NAMED = 3
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesMoved:
    """How many times would move, by how much at most, and of which ticket that is.

    ``gone`` are the tickets whose time could be named before and could not be then, as the roster
    does not reach that far, and ``come`` the other way round.
    """

    later: int = 0
    later_at_most: timedelta = timedelta(0)
    latest_ticket: int | None = None
    earlier: int = 0
    earlier_at_most: timedelta = timedelta(0)
    earliest_ticket: int | None = None
    gone: tuple[int, ...] = ()
    come: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseChanges:
    """What would become of promises made, and how expected and safe times would move."""

    would_break: tuple[Promise, ...]
    would_hold_again: tuple[Promise, ...]
    expected: TimesMoved
    safe: TimesMoved


def promise_changes(
    before: Mapping[int, AnswerForecast],
    after: Mapping[int, AnswerForecast],
    promises: Iterable[Promise],
    now: datetime,
) -> PromiseChanges:
    """Return what changes between two forecasts at ``now`` (UTC), of the owed tickets by their ids.

    ``promises`` are all that were made, oldest first; of each who was told only the last one
    stands, and only while its time is still to come. It "is kept when the answer came by then": it
    would break where an answer is not expected by then any more.
    """
    standing = _standing(promises, now)
    holds = {one: _holds(one, before) for one in standing}
    would_hold = {one: _holds(one, after) for one in standing}
    return PromiseChanges(
        would_break=tuple(one for one in standing if holds[one] and not would_hold[one]),
        would_hold_again=tuple(one for one in standing if would_hold[one] and not holds[one]),
        expected=_moved(*({n: each.expected for n, each in f.items()} for f in (before, after))),
        safe=_moved(*({n: each.safe for n, each in f.items()} for f in (before, after))),
    )


def changes_in_words(changes: PromiseChanges) -> tuple[str, ...]:
    """Return the changes in a few sentences, the worst first; none where nothing changes."""
    said = []
    if changes.would_break:
        said.append(f"{_counted(changes.would_break)} would break: {_of(changes.would_break)}.")
    if changes.would_hold_again:
        again = changes.would_hold_again
        said.append(f"{_counted(again)} would hold again: {_of(again)}.")
    said += _moves("Safe", changes.safe)
    said += _moves("Likely", changes.expected)
    if changes.safe.gone:
        said.append(f"No time could be named any more for {_numbers(changes.safe.gone)}.")
    if changes.safe.come:
        said.append(f"A time could be named again for {_numbers(changes.safe.come)}.")
    return tuple(said)


def _standing(promises: Iterable[Promise], now: datetime) -> Sequence[Promise]:
    last: dict[Asker, Promise] = {each.asker: each for each in promises}
    return [each for each in last.values() if each.expect_by is not None and each.expect_by > now]


def _holds(promise: Promise, forecasts: Mapping[int, AnswerForecast]) -> bool:
    """Return whether every answer that is still waited for is expected by the time promised."""
    by = promise.expect_by
    awaited = [
        forecasts.get(each.ticket, NOT_FORESEEN).expected
        for each in promise.answers
        if each.counts and each.answered_at is None
    ]
    return by is None or all(expected is not None and expected <= by for expected in awaited)


def _moved(
    before: Mapping[int, datetime | None], after: Mapping[int, datetime | None]
) -> TimesMoved:
    """Return how times move; what moves by less than a minute stays."""
    gone, come = [], []
    moves: list[tuple[timedelta, int]] = []
    for number in sorted({*before, *after}):
        was, would_be = before.get(number), after.get(number)
        if was is not None and would_be is not None:
            moves.append((would_be - was, number))
        elif was is not None:
            gone.append(number)
        elif would_be is not None:
            come.append(number)
    later = [move for move in moves if move[0] >= _MINUTE]
    earlier = [move for move in moves if move[0] <= -_MINUTE]
    most, latest = max(later, key=lambda move: move[0], default=(timedelta(0), None))
    least, earliest = min(earlier, key=lambda move: move[0], default=(timedelta(0), None))
    return TimesMoved(
        later=len(later),
        later_at_most=most,
        latest_ticket=latest,
        earlier=len(earlier),
        earlier_at_most=-least,
        earliest_ticket=earliest,
        gone=tuple(gone),
        come=tuple(come),
    )


def _moves(what: str, moved: TimesMoved) -> Sequence[str]:
    parts = [
        f"{word} for {_tickets(count)}, by {span(most - most % _MINUTE)} at most (#{ticket})"
        for word, count, most, ticket in (
            ("later", moved.later, moved.later_at_most, moved.latest_ticket),
            ("earlier", moved.earlier, moved.earlier_at_most, moved.earliest_ticket),
        )
        if count
    ]
    return [f"{what} times would be {', and '.join(parts)}."] if parts else []


def _tickets(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count:,} tickets"


def _counted(promises: Sequence[Promise]) -> str:
    return "1 promise" if len(promises) == 1 else f"{len(promises):,} promises"


def _of(promises: Sequence[Promise]) -> str:
    return _numbers(tuple(each.ticket for one in promises for each in one.answers))


def _numbers(tickets: Sequence[int]) -> str:
    """Return the tickets by their numbers, a few of them and how many more."""
    some = [f"#{number}" for number in tickets[:_NAMED]]
    more = len(tickets) - len(some)
    return one_of([*some, f"{more} more"] if more else some, "and")
