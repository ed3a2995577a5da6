"""Times and spans of time as people say them, in the time zone of the person who reads.

Everything here counts in whole minutes, as the clock on the board does, so that ``15:10``,
``in 1 h 5 m`` and a clock that shows ``14:05`` always agree with each other.
"""

from datetime import datetime, timedelta, tzinfo

from policy.phrases import span

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
