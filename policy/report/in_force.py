"""What was in force when: values that hold from a time on, until the next of them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from policy.mode import ModeSetting

Value = TypeVar("Value")


class Since(NamedTuple, Generic[Value]):
    """A value that holds from an instant (UTC) on, until the next one's."""

    at: datetime
    value: Value


def value_at(held: Sequence[Since[Value]], instant: datetime) -> Value:
    """Return what held at ``instant``; what came first held before that too.

    ``held`` is in the order of time, with at least one. Of several at one instant the last
    counts.
    """
    place = bisect_right(held, instant, key=lambda each: each.at)
    return held[max(place - 1, 0)].value


def turns(held: Iterable[Since[Value]], start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the instants after ``start`` and before ``end`` at which another value came."""
    return (each.at for each in held if start < each.at < end)


def with_ends(settings: Sequence[Since[ModeSetting | None]]) -> list[Since[ModeSetting | None]]:
    """Return modes set by hand with their ends written out: from then on none is set."""
    ended: list[Since[ModeSetting | None]] = []
    for place, each in enumerate(settings):
        ended.append(each)
        until = each.value.until if each.value is not None else None
        following = settings[place + 1].at if place + 1 < len(settings) else None
        if until is not None and (following is None or until < following):
            ended.append(Since(max(until, each.at), None))
    return ended
