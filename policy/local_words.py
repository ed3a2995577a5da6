"""Times, spans and lists as a language writes them, for whoever is not one of the team.

"Times are in the requester's zone …, written as ``[waits] locale`` writes them."
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_name
from babel.lists import format_list
from babel.units import format_unit

from policy.locales import locale_named

_KEPT: Final = 4_096
_MINUTE: Final = 60
_DAY: Final = 24
_NARROW_SPACE: Final = "\u202f"
_OFFSETS: Final = ("GMT", "UTC")


def time_in_full(instant: datetime, zone: ZoneInfo, locale: str) -> str:
    """Return a moment in ``zone`` with day, year and zone, so that nobody can take it otherwise.

    ``Montag, 2. März 2026, 16:30 (Mitteleuropäische Normalzeit, UTC+1)`` in ``de``: in the order
    and with the clock of the locale.
    """
    local = instant.astimezone(zone)
    day = _day_in_words(local.date(), locale)
    clock = _clock_in_words(local.time().replace(second=0, microsecond=0), locale)
    said = _joined(locale).replace("{1}", day).replace("{0}", clock)
    offset = local.utcoffset() or timedelta(0)
    return f"{said} ({_zone_in_words(zone, offset, local.dst(), locale)})"


def span_in_words(duration: timedelta, locale: str) -> str:
    """Return a span in the words of a locale, in its two largest units, rounded up to a minute."""
    minutes = max(1, -(-int(duration.total_seconds()) // _MINUTE))
    hours, minutes = divmod(minutes, _MINUTE)
    days, hours = divmod(hours, _DAY)
    counts = [(days, "duration-day"), (hours, "duration-hour"), (minutes, "duration-minute")]
    first = next(place for place, (count, _) in enumerate(counts) if count)
    return " ".join(_count(count, unit, locale) for count, unit in counts[first:][:2] if count)


def listed_in_words(names: Sequence[str], locale: str) -> str:
    """Return names as a locale lists them: ``Ada, Bo und Cy``; "" for none."""
    return _listed(tuple(names), locale) if names else ""


# One moment's notices name few days, times and zones, and a locale writes each slowly.


@lru_cache(_KEPT)
def _day_in_words(day: date, locale: str) -> str:
    return _plain(format_date(day, "full", locale=locale_named(locale)))


@lru_cache(_KEPT)
def _clock_in_words(clock: time, locale: str) -> str:
    return _plain(format_time(clock, "short", locale=locale_named(locale)))


@lru_cache(_KEPT)
def _count(count: int, unit: str, locale: str) -> str:
    return _plain(format_unit(count, unit, locale=locale_named(locale)))


@lru_cache(_KEPT)
def _listed(names: tuple[str, ...], locale: str) -> str:
    return format_list(names, "standard", locale=locale_named(locale))


@lru_cache(_KEPT)
def _joined(locale: str) -> str:
    """Return how a locale writes a day, ``{1}``, and a time of it, ``{0}``."""
    return str(locale_named(locale).datetime_formats["full"]).replace("'", "")


@lru_cache(_KEPT)
def _zone_in_words(zone: ZoneInfo, offset: timedelta, summer: timedelta | None, locale: str) -> str:
    """Return a zone by the locale's name for it, where it has one, and how far it is from UTC.

    ``summer`` is how far its clock is set forward.
    """
    variant: Literal["daylight", "standard"] = "daylight" if summer else "standard"
    name = get_timezone_name(zone, "long", locale=locale_named(locale), zone_variant=variant)
    said = _offset(offset)
    return said if any(each in name for each in _OFFSETS) else f"{_plain(name)}, {said}"


def _plain(text: str) -> str:
    return text.replace(_NARROW_SPACE, " ")


def _offset(offset: timedelta) -> str:
    sign = "-" if offset < timedelta(0) else "+"
    hours, minutes = divmod(abs(int(offset.total_seconds())) // _MINUTE, _MINUTE)
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
