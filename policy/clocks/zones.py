"""Time zones: their names, and the exact instants at which their clocks change."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from policy.refusal import expected

_NEAR_ENOUGH = 0.8
"""How alike a name that is no zone's must be to one that is, to be taken for it misspelt."""

_PROBE = timedelta(days=1)
"""No zone changes its clocks twice within this: the closest two changes are a week apart."""

_SECOND = timedelta(seconds=1)
"""Clock changes fall on whole seconds of UTC."""

_LONGEST_NAME: Final = 64
_ALWAYS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Stretch(NamedTuple):
    """A half-open span of UTC during which local time is UTC plus ``offset``."""

    begin: datetime
    end: datetime
    offset: timedelta


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone; raises ValueError naming it when there is none.

    All there are stay known: Python itself remembers a few, and reads the others from disk again.
    """
    try:
        if len(name) > _LONGEST_NAME or "." in name:
            raise ValueError(name)  # Python would look for packages in one another by it
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # OSError: the name of a folder of zones
        raise ValueError(expected("a time zone such as Europe/Berlin or UTC", name)) from None


def zone_meant(name: str) -> str:
    """Return "; did you mean Europe/Berlin?" for a zone that is nearly written so.

    It looks at all zones there are, so that it is for what a person wrote.
    """
    near = get_close_matches(name, available_timezones(), n=1, cutoff=_NEAR_ENOUGH)
    return f"; did you mean {near[0]}?" if near else ""


def stretches(zone: tzinfo, begin: datetime, end: datetime) -> list[Stretch]:
    """Return the stretches of constant offset between ``begin`` and ``end``, in UTC.

    The first is taken to have begun long ago and the last to go on, so that there is always one.
    """
    long_ago, far_ahead = _ALWAYS
    result: list[Stretch] = []
    since, offset, probe = long_ago, _offset(zone, begin), begin
    while probe < end:
        following = min(probe + _PROBE, end)
        if _offset(zone, following) != offset:
            change = _change_between(zone, probe, following)
            result.append(Stretch(since, change, offset))
            since, offset = change, _offset(zone, change)
        probe = following
    return [*result, Stretch(since, far_ahead, offset)]


def first_showing(parts: Sequence[Stretch], wall: datetime) -> datetime:
    """Return the first instant at which local clocks show ``wall`` or later.

    ``wall`` is local time, marked as UTC so that it can be reckoned with. "A local time that a
    clock change skips counts from the first instant that exists; one that comes twice is the
    first for a start."
    """
    return next(
        instant for begin, end, offset in parts if (instant := max(begin, wall - offset)) < end
    )


def last_showing(parts: Sequence[Stretch], wall: datetime) -> datetime:
    """Return the last instant at which local clocks show ``wall``, as marked above.

    "One that comes twice is … the last for an end"; one that a clock change skips is the first
    instant that exists after it, the same as for a start.
    """
    return next(
        instant
        for begin, end, offset in reversed(parts)
        if (instant := min(end, wall - offset)) >= begin
    )


def _offset(zone: tzinfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta(0)


def _change_between(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """Return the first instant of the new offset; ``before`` still has the old one."""
    old = _offset(zone, before)
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after
