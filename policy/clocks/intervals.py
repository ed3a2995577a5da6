"""Half-open spans of time in UTC, joined, cut to each other and taken from one another.

Wherever several are asked for, they are given and returned in order, apart from each other and
none of them empty, as ``joined`` makes them of any.
"""

from collections.abc import Iterable, Iterator, Sequence

from policy.clocks.calendar import Interval


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


def without(intervals: Iterable[Interval], taken: Sequence[Interval]) -> Iterator[Interval]:
    """Yield what is left of ``intervals`` where nothing of ``taken`` is.

    As lazily as ``intervals`` come, so that whoever looks for the first need not pay for all.
    """
    first = 0
    for start, end in intervals:
        while first < len(taken) and taken[first].end <= start:
            first += 1
        at, here = start, first
        while here < len(taken) and taken[here].start < end:
            if at < taken[here].start:
                yield Interval(at, taken[here].start)
            at = taken[here].end
            here += 1
        if at < end:
            yield Interval(at, end)


def common(intervals: Iterable[Interval], others: Sequence[Interval]) -> Iterator[Interval]:
    """Yield the time that is in ``intervals`` and in ``others`` too."""
    first = 0
    for start, end in intervals:
        while first < len(others) and others[first].end <= start:
            first += 1
        here = first
        while here < len(others) and others[here].start < end:
            yield Interval(max(start, others[here].start), min(end, others[here].end))
            here += 1
