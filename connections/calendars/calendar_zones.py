"""The time zones that calendars name or describe, by whatever names programs have for them.

A name is looked up among the world's own (tzdata) and in the library's table of those that Windows
has. What Windows and Outlook show people, as "(UTC+01:00) Amsterdam, Berlin, Rome", is the offset
and some places: these are looked up among both.
"""

import re
import threading
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from connections.calendars.calendar_parts import CalendarPart

_OFFSET = re.compile(
    r"\(?\s*(?:UTC|GMT)?\s*(?:([+-])\s*(\d{1,2})(?:[:.]?(\d{2}))?)?\s*\)?", re.IGNORECASE
)
_SHOWN = re.compile(r"\(\s*(?:UTC|GMT)\s*(?:([+-])\s*(\d{1,2})[:.]?(\d{2})?)?\s*\)", re.IGNORECASE)
_NOWHERE = re.compile(
    r"(?<=\))\s*(?:Coordinated Universal Time(?:[+-]\d+)?|International Date Line West)$",
    re.IGNORECASE,
)
"""What Windows shows for zones that are an offset and no place."""

_NUMBERED = re.compile(r"\s+\d+$")
"""Outlook numbers the zones of a name that it has come to know: "Eastern Standard Time 1"."""

_FILLING = re.compile(r"\b(?:city of|islands?|is|time|old)\b|'")
_BETWEEN = re.compile(r"[,;/:]|\band\b|&")
_MOST_HOURS: Final = 15
_LONGEST_NAME: Final = 200
_YEARS: Final = range(2005, 2035, 5)
"""When there were such names; the last is taken for how clocks go from now on."""

_PLACES_OF_WINDOWS: Final[Mapping[str, str]] = {
    "astana": "Qyzylorda Standard Time",
    "baja california": "Pacific Standard Time (Mexico)",
    "brasilia": "E. South America Standard Time",
    "cabo verde": "Cape Verde Standard Time",
    "chetumal": "Eastern Standard Time (Mexico)",
    "chokurdakh": "Russia Time Zone 10",
    "nuku alofa": "Tonga Standard Time",
    "nukualofa": "Tonga Standard Time",
    "port louis": "Mauritius Standard Time",
    "salvador": "Bahia Standard Time",
    "solomon": "Central Pacific Standard Time",
    "sri jayawardenepura": "Sri Lanka Standard Time",
}
"""The places that Windows shows for a zone and that neither table has a name for."""

_CLOCKS = frozenset({"STANDARD", "DAYLIGHT"})
_SELDOM = re.compile(
    r"^(?=.*FREQ=(?:YEARLY|MONTHLY)\b)(?!.*INTERVAL=(?!\+?0*[1-9]))(?!.*BY(?:HOUR|MINUTE|SECOND)=)",
    re.IGNORECASE,
)
"""A rule by which clocks change at most once a month or so."""

_TELLS_CLOCKS = ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE", "TZNAME")
_MOST_LINES = 500

_one_at_a_time = threading.Lock()
"""The library remembers the zones that a calendar describes, for the next calendar too."""


class CalendarZones:
    """The zones that a calendar speaks of: the world's, those it describes, and Windows' names."""

    def __init__(self, calendar: CalendarPart) -> None:
        parts = [part for part in calendar.parts if part.name == "VTIMEZONE"]
        self._parts = {_plain_name(part.text("TZID")): part for part in parts}
        self._known: dict[str, tzinfo | None] = {}

    def zone(self, name: str) -> tzinfo | None:
        """Return the zone that a calendar calls so, None when nobody knows it."""
        plain = _plain_name(name)
        if plain not in self._known:
            known = _zone_of_the_world(plain) or self._described(plain)
            self._known[plain] = known or zone_called(plain)
        return self._known[plain]

    def _described(self, name: str) -> tzinfo | None:
        """Return a zone that is described; one that cannot be read counts as not described."""
        part = self._parts.get(name)
        if part is None or len(part.named("TZID")) > 1 or not _can_be_reckoned(part):
            return None
        return _zone_described(part)


FindZone = Callable[[str], tzinfo | None]
"""What knows the zones that a calendar speaks of, None for one that it does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarClocks:
    """On whose clocks the times of a calendar are meant.

    ``zone`` is the one that the calendar has for all of itself, None without; ``person`` is the one
    of whoever keeps it, whose days its whole days are.
    """

    find_zone: FindZone
    zone: tzinfo | None
    person: ZoneInfo

    @property
    def home(self) -> tzinfo:
        """The zone of times that are told without one."""
        return self.zone or self.person


@lru_cache(maxsize=1024)
def zone_called(name: str) -> tzinfo | None:
    """Return the zone with a name of any calendar program, None when it is not known."""
    plain = _plain_name(name)
    if len(plain) > _LONGEST_NAME:
        return None
    found = _zone_of_the_world(plain) or _zone_of_windows(plain) or _fixed(plain)
    if found is not None:
        return found
    for behind in _ends_of_path(plain):  # a program's own name stands before that of the zone
        if (found := _zone_of_the_world(behind)) is not None:
            return found
    shown = _SHOWN.match(plain)
    places = plain if shown is None else plain[shown.end() :]
    return _zone_of_places(places, None if shown is None else _offset(shown))


def _plain_name(name: str) -> str:
    """Return a zone's name without what stands around it."""
    return name.strip("/ \"'")


def _zone_of_the_world(name: str) -> tzinfo | None:
    key = _world().get(name.casefold())
    return None if key is None else ZoneInfo(key)


def _zone_of_windows(name: str) -> tzinfo | None:
    unnumbered = _NUMBERED.sub("", name).casefold().replace("daylight time", "standard time")
    key = _windows().get(unnumbered)
    return None if key is None else ZoneInfo(key)


def _fixed(name: str) -> tzinfo | None:
    """Return the zone of a name that is an offset and no more, as "GMT+0200" or "(UTC)"."""
    match = _OFFSET.fullmatch(_NOWHERE.sub("", name))
    if match is None or not any(map(str.isalnum, name)):
        return None
    offset = _offset(match)
    return UTC if not offset else timezone(offset)


def _offset(match: re.Match[str]) -> timedelta:
    sign, hours, minutes = match.groups()
    length = timedelta(hours=min(int(hours or 0), _MOST_HOURS), minutes=min(int(minutes or 0), 59))
    return -length if sign == "-" else length


def _ends_of_path(name: str) -> Iterator[str]:
    parts = name.split("/")
    return ("/".join(parts[start:]) for start in range(1, len(parts)))


def _zone_of_places(words: str, offset: timedelta | None) -> tzinfo | None:
    """Return the zone of the first place that has one with that offset, else of the first at all.

    A zone's offset can have become another one since its name was written.
    """
    candidates = [key for place in _places(words) for key in _by_place().get(place, ())]
    for years in (_YEARS[-1:], _YEARS):
        for key in candidates:
            if offset is None or offset in _offsets(key, years):
                return ZoneInfo(key)
    return ZoneInfo(candidates[0]) if candidates else None


def _places(words: str) -> Iterator[str]:
    """Yield what may be a place in a name, the surest first: all of it, without brackets, parts."""
    bare = re.sub(r"\([^)]*\)", " ", words)
    for text in (words, bare, *_BETWEEN.split(bare), *re.findall(r"\(([^)]*)\)", words)):
        if plain := _plain(text):
            yield plain
            yield " ".join(reversed(plain.split()))  # "Indiana (East)" is East-Indiana


def _plain(name: str) -> str:
    """Return a place's name without what programs write differently: accents, signs, islands."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(each if each.isalnum() else " " for each in letters if not _is_accent(each))
    return " ".join(_FILLING.sub(" ", bare).split())


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) != 0


@lru_cache(maxsize=1)
def _world() -> Mapping[str, str]:
    return {key.casefold(): key for key in available_timezones()}


@lru_cache(maxsize=1)
def _windows() -> Mapping[str, str]:
    from icalendar.timezone.windows_to_olson import (  # noqa: PLC0415 - it takes longer to come than the board to start
        WINDOWS_TO_OLSON,
    )

    known = {name: key for name, key in WINDOWS_TO_OLSON.items() if key.casefold() in _world()}
    return {name.casefold(): key for name, key in known.items()}


@lru_cache(maxsize=1)
def _by_place() -> Mapping[str, tuple[str, ...]]:
    """Return the zones by their plain places: Windows' first, as these are for such names."""
    found: dict[str, dict[str, None]] = {}
    for name, key in _windows().items():
        for written in (name, _written_out(name)):
            found.setdefault(_plain(written.replace("standard", "")), {})[key] = None
    for place, name in _PLACES_OF_WINDOWS.items():
        if (known := _windows().get(name.casefold())) is not None:
            found.setdefault(place, {})[known] = None
    for key in sorted(_world().values()):
        area, _, place = key.rpartition("/")
        if area and area != "Etc":
            found.setdefault(_plain(place), {})[key] = None
    return {place: tuple(keys) for place, keys in found.items() if place}


def _written_out(name: str) -> str:
    for short, long in (("w.", "west"), ("e.", "east"), ("n.", "north"), ("cen.", "central")):
        name = re.sub(rf"^{re.escape(short)} ", f"{long} ", name)
    return name


@lru_cache(maxsize=1024)
def _offsets(key: str, years: range) -> frozenset[timedelta | None]:
    """Return the offsets that a zone has in these years, in summer and in winter."""
    zone = ZoneInfo(key)
    times = (datetime(year, month, 1, tzinfo=zone) for year in years for month in (1, 7))
    return frozenset(time.utcoffset() for time in times)


def _can_be_reckoned(part: CalendarPart) -> bool:
    """Return whether a zone's clocks change seldom enough that a time in it can be told."""
    changes = [inner for inner in part.parts if inner.name in _CLOCKS]
    rules = [line.last_value for inner in changes for line in inner.named("RRULE")]
    lines = sum(len(inner.lines) for inner in changes)
    return 0 < lines <= _MOST_LINES and all(map(_SELDOM.search, rules))


def _zone_described(part: CalendarPart) -> tzinfo | None:
    import icalendar  # noqa: PLC0415 - it takes longer to come than the board to start

    lines = ["BEGIN:VTIMEZONE", "TZID:Described"]
    for inner in part.parts:
        if inner.name in _CLOCKS:
            told = (f"{each.name}{each.rest}" for each in inner.lines if each.name in _TELLS_CLOCKS)
            lines += [f"BEGIN:{inner.name}", *told, f"END:{inner.name}"]
    text = "\r\n".join([*lines, "END:VTIMEZONE", ""])
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            icalendar.use_zoneinfo()  # type: ignore[no-untyped-call] # forgets what it remembered
            described = icalendar.Timezone.from_ical(text)
            zone: tzinfo = described.to_tz(lookup_tzid=False)  # type: ignore[attr-defined] # its own
            zone.utcoffset(datetime(_YEARS[-1], 7, 1))  # noqa: DTZ001 - a local time of its own
    except Exception:  # whatever a library makes of it, it describes no zone
        return None
    return zone
