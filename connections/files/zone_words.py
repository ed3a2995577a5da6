"""The zones that times name in words: offsets, abbreviations and names of the zone database."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

from policy.clocks.zones import zone_named

_MINUTES: Final = {
    **dict.fromkeys(("UTC", "GMT", "UT", "Z", "ZULU", "WET"), 0),
    **dict.fromkeys(("CET", "MEZ", "WEST", "BST", "WAT"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST", "CAT"), 120),
    **dict.fromkeys(("EEST", "MSK", "EAT", "TRT"), 180),
    "PKT": 300,
    "NPT": 345,
    **dict.fromkeys(("WIB", "ICT"), 420),
    **dict.fromkeys(("SGT", "HKT", "AWST", "PHT"), 480),
    **dict.fromkeys(("JST", "KST"), 540),
    "ACST": 570,
    "AEST": 600,
    "ACDT": 630,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "HST": -600,
    "AKST": -540,
    **dict.fromkeys(("PST", "AKDT"), -480),
    **dict.fromkeys(("MST", "PDT"), -420),
    **dict.fromkeys(("CST", "MDT"), -360),
    **dict.fromkeys(("EST", "CDT"), -300),
    **dict.fromkeys(("AST", "EDT"), -240),
    "NST": -210,
    **dict.fromkeys(("ADT", "BRT", "ART"), -180),
    "NDT": -150,
}
"""Minutes east of UTC. IST is not here: it is India's, Ireland's or Israel's, as a mapping says."""

_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?(\d{2}))?(?::?\d{2})?", re.IGNORECASE)
ZONE_IN_TEXT: Final = re.compile(
    r"(?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d{2})?"
    r"|(?<=[\d\s])[+-]\d{2}(?::?\d{2})"
    r"|[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*"
)
"""What may be the name of a zone in a text that is a time."""

_AT_END = re.compile(rf"(?P<rest>.*?)\s*[(\[]?(?P<zone>{ZONE_IN_TEXT.pattern})[)\]]?\s*", re.DOTALL)


class ZoneWords:
    """Gives the zone that a word means, by a mapping whose times without one are in ``zone``.

    ``own`` are the mapping's own words and the names of their zones. They come first, then what
    clocks in ``zone`` are called themselves, then the abbreviations that everybody knows.
    """

    def __init__(self, zone: tzinfo, own: Mapping[str, str]) -> None:
        self._zone = zone
        self._own = {word.casefold(): zone_named(name) for word, name in own.items()}

    def zone_of(self, word: str, wall: datetime) -> tzinfo | None:
        """Give the zone of a time that shows ``wall`` (without a zone); None for no zone's name."""
        own = self._own.get(word.casefold())
        if own is not None:
            return own
        if offset := _OFFSET.fullmatch(word):
            return _fixed(offset)
        if (named := _called(self._zone, wall.year).get(word.upper())) is not None:
            return timezone(named)
        if (minutes := _MINUTES.get(word.upper())) is not None:
            return timezone(timedelta(minutes=minutes))
        return _of_the_database(word) if "/" in word else None

    def at_end(self, text: str) -> tuple[str, str] | None:
        """Give a text without the word at its end that may name a zone, and that word."""
        found = _AT_END.fullmatch(text)
        return (found["rest"], found["zone"]) if found and found["rest"] else None


def _fixed(offset: re.Match[str]) -> tzinfo | None:
    sign, hours, minutes = offset.groups()
    east = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if east >= timedelta(days=1):
        return None
    return timezone(-east if sign == "-" else east)


@lru_cache(maxsize=1024)
def _called(zone: tzinfo, year: int) -> Mapping[str, timedelta]:
    """Give what the clocks of a zone are called in a year, each with its offset."""
    named = {}
    for month in (1, 4, 7, 10):
        wall = datetime(year, month, 1, tzinfo=zone)
        name, offset = wall.tzname(), wall.utcoffset()
        if name and offset is not None and name.isalpha():
            named[name.upper()] = offset
    return named


@lru_cache(maxsize=1024)
def _of_the_database(name: str) -> tzinfo | None:
    try:
        return zone_named(name)
    except ValueError:
        return None
