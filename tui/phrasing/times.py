"""Times and spans of time as people say and type them, in the zone of the person who reads."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from policy import phrases
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


class ReaderZone(tzinfo):
    """The zone of the person who reads and types, which is looked up when it is first needed.

    "The team file's for a member, else the machine's": ``find`` gives it, and ``settle`` says it
    to whoever holds this one already.
    """

    def __init__(self, find: Callable[[], tzinfo] = LocalZone) -> None:
        self._find = find
        self._found: tzinfo | None = None

    @property
    def found(self) -> tzinfo:
        """The zone itself."""
        if self._found is None:
            self._found = self._find()
        return self._found

    def settle(self, zone: tzinfo) -> bool:
        """Be this zone from now on; return whether it was another one before."""
        before, self._found = self._found, zone
        return before != zone

    def __str__(self) -> str:
        """Return its name, such as Europe/Berlin."""
        return str(self.found)

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """Return how far its clocks are ahead of UTC when they show ``moment``."""
        return None if moment is None else self._there(moment).utcoffset()

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Return how much of that is summer time, as far as it is known."""
        return None if moment is None else self._there(moment).dst()

    def tzname(self, moment: datetime | None) -> str | None:
        """Return the zone's short name then, such as CET."""
        return None if moment is None else self._there(moment).tzname()

    def fromutc(self, moment: datetime) -> datetime:
        """Return what its clocks show at ``moment``, which is UTC but marked as this zone."""
        return moment.replace(tzinfo=UTC).astimezone(self.found).replace(tzinfo=self)

    def _there(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=self.found)


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
    return _compact(left) if left > _NOTHING else f"{largest_unit(-left)} late"


def age_in_column(moment: datetime, now: datetime) -> str:
    """Return how long ago a moment was in its largest unit: ``5m``, ``7h``, ``12d``."""
    passed = -until(moment, now)
    return largest_unit(passed) if passed > _NOTHING else "now"


def at(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """Return a moment in ``zone`` (None: the machine's) as short as is clear on the day of now."""
    return phrases.at(moment, now, zone or LocalZone())


def elsewhere(moment: datetime, there: str, zone: tzinfo | None) -> str:
    """Return the day and time that a zone's clocks show: ``Fri 22:00 Africa/Cairo``.

    ``zone`` is the reader's: "a time in another zone names it".
    """
    local = f"{moment.astimezone(ZoneInfo(there)):%a %H:%M}"
    return local if there == str(zone) else f"{local} {there}"


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
        return largest_unit(left)
    if days:
        return f"{days}d{hours:02}h"
    return f"{hours}h{minutes:02}m" if hours else f"{minutes}m"


def largest_unit(span_of_time: timedelta) -> str:
    """Return a span of time, in whole minutes, in one unit: days to 99, then weeks, then years."""
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
