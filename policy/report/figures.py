"""The few numbers that stand for many lengths of time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Self

_MOST = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something took: half of them at most ``median``, nine of ten at most ``most``.

    All are None where there is nothing to measure.
    """

    count: int
    median: timedelta | None
    most: timedelta | None
    longest: timedelta | None

    @classmethod
    def of(cls, lengths: Iterable[timedelta]) -> Self:
        """Return the figures of these; each is the length of one of them."""
        ordered = sorted(lengths)
        if not ordered:
            return cls(count=0, median=None, most=None, longest=None)
        return cls(
            count=len(ordered),
            median=_at_share(ordered, 0.5),
            most=_at_share(ordered, _MOST),
            longest=ordered[-1],
        )


def _at_share(ordered: list[timedelta], share: float) -> timedelta:
    """Return the shortest that at least this share of them do not exceed."""
    return ordered[ceil(share * len(ordered)) - 1]
