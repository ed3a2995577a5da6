"""Half-open spans of time in UTC, joined and taken from one another."""

from collections.abc import Iterable, Sequence

from policy.calendar import Interval


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same time as intervals in order that neither overlap nor touch."""
    result: list[Interval] = []
    for one in sorted(intervals):
        if one.start >= one.end:
            continue
        if result and one.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, one.end))
        else:
            result.append(one)
    return result


def without(intervals: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """Return ``intervals`` less ``taken``; both as ``joined`` gives them, and so the result."""
    left: list[Interval] = []
    first = 0
    for start, end in intervals:
        while first < len(taken) and taken[first].end <= start:
            first += 1
        at = start
        for away in taken[first:]:
            if away.start >= end:
                break
            if at < away.start:
                left.append(Interval(at, away.start))
            at = max(at, away.end)
        if at < end:
            left.append(Interval(at, end))
    return left
