"""How a report says shares, lengths of time, days and times."""

from datetime import date, datetime, timedelta, tzinfo
from math import floor
from typing import Final

from policy.phrases import span

NOTHING: Final = "–"
"""What stands where there is nothing to measure."""

_MINUTE: Final = timedelta(minutes=1)
_LONG: Final = 10 * _MINUTE
_SLIP: Final = 1e-9
"""So that binary fractions do not make 57 % of 0.57 into 56.9 %."""


def percent(share: float | None) -> str:
    """Return a share as ``94.9 %``, never rounded up to one that was not reached."""
    if share is None:
        return NOTHING
    tenths = floor(share * 1000 + _SLIP)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths / 10:.1f} %"


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
