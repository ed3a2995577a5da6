"""Times, spans and lists as a language writes them, for whoever is not one of the team.

"Times are in the requester's zone …, written as ``[waits] locale`` writes them."
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list
from babel.units import format_unit

_MINUTE: Final = 60
_DAY: Final = 24
_NARROW_SPACE: Final = "\u202f"
_OFFSETS: Final = ("GMT", "UTC")


def is_locale(name: str) -> bool:
    """Return whether a locale of this name is known: de, pt_BR, or as languages are tagged."""
    try:
        return bool(_locale(name))
    except (UnknownLocaleError, ValueError):
        return False


def time_in_full(instant: datetime, zone: ZoneInfo, locale: str) -> str:
    """Return a moment in ``zone`` with day, year and zone, so that nobody can take it otherwise.

    ``Montag, 2. März 2026, 16:30 (Mitteleuropäische Normalzeit, UTC+1)`` in ``de``: in the order
    and with the clock of the locale.
    """
    known = _locale(locale)
    local = instant.astimezone(zone)
    day = format_date(local.date(), "full", locale=known)
    clock = format_time(local, "short", locale=known)
    joined = str(known.datetime_formats["full"]).replace("'", "")
    said = joined.replace("{1}", day).replace("{0}", clock)
    return f"{said} ({_zone_in_words(local, known)})".replace(_NARROW_SPACE, " ")


def span_in_words(duration: timedelta, locale: str) -> str:
    """Return a span in the words of a locale, in its two largest units, rounded up to a minute."""
    known = _locale(locale)
    minutes = max(1, -(-int(duration.total_seconds()) // _MINUTE))
    hours, minutes = divmod(minutes, _MINUTE)
    days, hours = divmod(hours, _DAY)
    counts = [(days, "duration-day"), (hours, "duration-hour"), (minutes, "duration-minute")]
    first = next(place for place, (count, _) in enumerate(counts) if count)
    said = [format_unit(count, unit, locale=known) for count, unit in counts[first:][:2] if count]
    return " ".join(said).replace(_NARROW_SPACE, " ")


def listed_in_words(names: Sequence[str], locale: str) -> str:
    """Return names as a locale lists them: ``Ada, Bo und Cy``; "" for none."""
    return format_list(names, "standard", locale=_locale(locale)) if names else ""


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name.replace("-", "_"))


def _zone_in_words(local: datetime, locale: Locale) -> str:
    """Return a zone by the locale's name for it, where it has one, and how far it is from UTC."""
    name = get_timezone_name(local, "long", locale=locale)
    offset = _offset(local)
    return offset if name.startswith(_OFFSETS) else f"{name}, {offset}"


def _offset(local: datetime) -> str:
    offset = local.utcoffset() or timedelta(0)
    sign = "-" if offset < timedelta(0) else "+"
    minutes = abs(int(offset.total_seconds())) // _MINUTE
    hours, minutes = divmod(minutes, _MINUTE)
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
