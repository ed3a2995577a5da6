"""Times and spans of time as people say and type them, in the zone of the person who reads."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from policy.clocks.typed_time import typed_time
from policy.phrases import span
from policy.refusal import Refusal, expected

_APART = 2
"""How many cells keep one column from the next."""

NOT_YET = datetime.min.replace(tzinfo=UTC)
"""What a clock shows that has not been set (UTC)."""


class LocalZone(tzinfo):
    """The system's own zone, with all its clock changes; every time is in it."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Return how far local clocks are ahead of UTC when they show ``moment``."""
        return None if moment is None else _shown(moment).utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:  # noqa: ARG002 - as in tzinfo
        """Return None: the system does not say how much of the offset is summer time."""
        return None

    def tzname(self, moment: datetime | None) -> str | None:
        """Return the zone's short name then, such as CET."""
        return None if moment is None else _shown(moment).tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """Return what local clocks show at ``moment``, which is UTC but marked as this zone."""
        shown = moment.replace(tzinfo=UTC).astimezone()
        local = shown.replace(tzinfo=self)
        if local.utcoffset() == shown.utcoffset():
            return local
        return local.replace(fold=1)  # the second time that clocks show this


def _shown(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None).astimezone()


_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_YEAR = timedelta(days=365)
_WEEK = timedelta(days=7)
_LONG = timedelta(days=10)
_NOTHING = timedelta(0)


def until(deadline: datetime, now: datetime) -> timedelta:
    """Return the whole minutes from now to a deadline; negative when it has passed."""
    return whole_minute(deadline) - whole_minute(now)


def in_words(deadline: datetime, now: datetime) -> str:
    """Return ``in 1 h 5 m``, ``12 m late`` or ``due now``."""
    left = until(deadline, now)
    if not left:
        return "due now"
    return f"in {span(left)}" if left > _NOTHING else f"{span(left)} late"


def ago(moment: datetime, now: datetime) -> str:
    """Return ``1 h 5 m ago``, ``in 5 m`` or ``just now``."""
    passed = -until(moment, now)
    if not passed:
        return "just now"
    return f"{span(passed)} ago" if passed > _NOTHING else f"in {span(passed)}"


def in_column(deadline: datetime, now: datetime) -> str:
    """Return the time left in at most 8 cells: ``1h05m``, ``2d03h``, ``12d``, ``12m late``."""
    left = until(deadline, now)
    if not left:
        return "now"
    return _compact(left) if left > _NOTHING else f"{_largest(-left)} late"


def age_in_column(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was in its largest unit: ``5m``, ``7h``, ``12d``."""
    passed = -until(moment, now)
    return _largest(passed) if passed > _NOTHING else "now"


def at(moment: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Return a moment in ``zone`` (None: the terminal's) as short as is clear on the day of now.

    ``15:10`` today, ``Tue 15:10`` within a week, ``2 Dec 15:10`` this year, else ``2 Dec 2027``.
    """
    local, today = moment.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock
    if abs(local.date() - today.date()) < _WEEK:
        return f"{local:%a} {clock}"
    day = f"{local.day} {local:%b}"
    return f"{day} {clock}" if local.year == today.year else f"{day} {local.year}"


def column(moments: Iterable[str], at_least: int) -> int:
    """Return how many cells moments take in a column, with what keeps the next one apart."""
    return max([at_least, *(len(moment) + _APART for moment in moments)])


def whole_minute(moment: datetime) -> datetime:
    """Return the minute that a moment is in, as a clock without seconds shows it."""
    return moment.replace(second=0, microsecond=0)


def _compact(left: timedelta) -> str:
    days, rest = divmod(left, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    if left >= _LONG:
        return _largest(left)
    if days:
        return f"{days}d{hours:02}h"
    return f"{hours}h{minutes:02}m" if hours else f"{minutes}m"


def _largest(span_of_time: timedelta) -> str:
    """Return a span of at least a minute in one unit: days to 99, then weeks, then years."""
    units = ((_YEAR, _YEAR, "y"), (100 * _DAY, _WEEK, "w"), (_DAY, _DAY, "d"), (_HOUR, _HOUR, "h"))
    at_least = (each for each in units if span_of_time >= each[0])
    _, unit, name = next(at_least, (_MINUTE, _MINUTE, "m"))
    return f"{span_of_time // unit}{name}"


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def typed_day(text: str, now: datetime, zone: tzinfo, *, end: bool = False) -> date | datetime:
    """Return the date that was typed, or else the instant in UTC.

    A date such as ``2026-03-06`` is a whole day, wherever the member is; every other time is as
    everywhere: ``3h``, ``17:00`` or ``Fri 17:00`` in ``zone``, where ``end`` says which of two.

    Raises:
        Refusal: it is neither.
    """
    written = text.strip()
    if _DATE.fullmatch(written) is None:
        return typed_time(text, now, zone, end=end)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Refusal(expected("a date such as 2026-03-06", text)) from None
