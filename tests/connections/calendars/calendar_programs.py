"""Calendars as three kinds of programs write them: Google's, Outlook's, and Apple's or Nextcloud's.

Each of ``google``, ``outlook`` and ``apple`` writes the same absences, in its own dialect: zones
and how they are named and described, days, repetitions, exceptions, moved and cancelled times, and
the lines about other things that stand between them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Time away as somebody enters it: whole days, or local times of ``zone``; the end is excluded.

    It repeats every ``every`` days, ``times`` times, but not ``not_on`` these starts; those in
    ``moved`` begin and end at other times instead. ``free`` takes up no time.
    """

    uid: str
    title: str
    start: date
    end: date
    zone: str = "Europe/Berlin"
    every: int = 7
    times: int = 1
    not_on: frozenset[date] = frozenset()
    moved: Mapping[date, tuple[datetime, datetime]] = field(default_factory=dict)
    free: bool = False

    @property
    def all_day(self) -> bool:
        """Whether it is whole days."""
        return not isinstance(self.start, datetime)

    def occurrences(self) -> Iterator[tuple[date, date]]:
        """Yield when it starts and ends each time, as local times or days."""
        for number in range(self.times):
            shift = timedelta(days=number * self.every)
            start = self.start + shift
            if start in self.moved:
                yield self.moved[start]
            elif start not in self.not_on:
                yield start, self.end + shift


@dataclass(frozen=True, slots=True)
class _Clocks:
    """A zone as calendars name and describe it: offsets, and on which Sunday clocks change when."""

    windows: str
    shown: str
    winter: str
    summer: str
    to_summer: tuple[int, str, int]
    to_winter: tuple[int, str, int]


_ZONES: Final = {
    "Europe/Berlin": _Clocks(
        "W. Europe Standard Time",
        "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
        "+0100",
        "+0200",
        (3, "-1SU", 2),
        (10, "-1SU", 3),
    ),
    "America/New_York": _Clocks(
        "Eastern Standard Time",
        "(UTC-05:00) Eastern Time (US & Canada)",
        "-0500",
        "-0400",
        (3, "2SU", 2),
        (11, "1SU", 2),
    ),
    "Australia/Sydney": _Clocks(
        "AUS Eastern Standard Time",
        "(UTC+10:00) Canberra, Melbourne, Sydney",
        "+1000",
        "+1100",
        (10, "1SU", 2),
        (4, "1SU", 3),
    ),
}


def google(aways: Iterable[Away], zone: str = "Europe/Berlin") -> bytes:
    """Return a calendar as Google's secret address gives it; single times are in UTC there."""
    kept = list(aways)
    head = [
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:gabe@example.com",
        f"X-WR-TIMEZONE:{zone}",
    ]
    zones = [line for name in sorted({each.zone for each in kept}) for line in _since_1970(name)]
    events = [line for away in kept for line in _google_events(away)]
    return _text([*head, *zones, *events])


def outlook(aways: Iterable[Away], *, described: bool = True) -> bytes:
    """Return a calendar as Outlook saves it, or as Exchange publishes it: no zone ``described``."""
    kept = list(aways)
    head = [
        "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "X-CALSTART:20260101T000000Z",
        "X-WR-RELCALID:{0000002E-A7A3-A0F2-B2E9-7CAA1F2B9D4B}",
        "X-WR-CALNAME:Calendar",
    ]
    names = sorted({each.zone for each in kept}) if described else []
    zones = [line for name in names for line in _since_1601(name)]
    events = [line for away in kept for line in _outlook_events(away, described=described)]
    return _text([*head, *zones, *events])


def apple(aways: Iterable[Away]) -> bytes:
    """Return a calendar as Apple's and Nextcloud's programs keep it."""
    kept = list(aways)
    head = [
        "CALSCALE:GREGORIAN",
        "PRODID:-//Apple Inc.//macOS 14.5//EN",
        "VERSION:2.0",
        "X-APPLE-CALENDAR-COLOR:#1BADF8",
        "X-WR-CALNAME:Home",
    ]
    zones = [line for name in sorted({each.zone for each in kept}) for line in _since_1981(name)]
    events = [line for away in kept for line in _apple_events(away)]
    return _text([*head, *events, *zones])  # the zones behind what names them


PROGRAMS: Final[Mapping[str, Callable[[Iterable[Away]], bytes]]] = {
    "google": google,
    "outlook": outlook,
    "exchange": lambda aways: outlook(aways, described=False),
    "apple": apple,
}
"""What writes a calendar in each program's way."""


def _google_events(away: Away) -> Iterator[str]:
    repeats = away.times > 1

    def at(name: str, value: date) -> str:
        if not isinstance(value, datetime):
            return f"{name};VALUE=DATE:{_digits(value)}"
        local = f"{name};TZID={away.zone}:{_digits(value)}"
        return local if repeats else f"{name}:{_in_utc(value, away.zone)}"

    uid = f"UID:{away.uid}@google.com"
    shown = [f"SUMMARY:{away.title}", f"TRANSP:{'TRANSPARENT' if away.free else 'OPAQUE'}"]
    noise = ["DTSTAMP:20260301T090000Z", "CREATED:20260101T120000Z", "SEQUENCE:0", "DESCRIPTION:"]
    yield from ["BEGIN:VEVENT", at("DTSTART", away.start), at("DTEND", away.end)]
    if repeats:
        yield f"RRULE:FREQ=DAILY;WKST=MO;INTERVAL={away.every};UNTIL={_until(away)}"
        yield from (at("EXDATE", start) for start in sorted(away.not_on))
    yield from [*noise, uid, "STATUS:CONFIRMED", *shown, "END:VEVENT"]
    for meant, (start, end) in away.moved.items():
        yield from ["BEGIN:VEVENT", at("DTSTART", start), at("DTEND", end), *noise, uid]
        yield from [at("RECURRENCE-ID", meant), "STATUS:CONFIRMED", *shown, "END:VEVENT"]


def _outlook_events(away: Away, *, described: bool) -> Iterator[str]:
    clocks = _ZONES[away.zone]
    zone = clocks.windows if described else clocks.shown

    def at(name: str, value: date) -> str:
        if not isinstance(value, datetime):
            return f"{name};VALUE=DATE:{_digits(value)}"
        return f'{name};TZID="{zone}":{_digits(value)}'

    busy = "FREE" if away.free else "OOF"
    shown = [
        f"SUMMARY;LANGUAGE=de:{away.title}",
        f"TRANSP:{'TRANSPARENT' if away.free else 'OPAQUE'}",
        f"UID:040000008200E00074C5B7101A82E008{away.uid}",
        "X-ALT-DESC;FMTTYPE=text/html:<html><body>BEGIN:VEVENT\\n</body></html>",
        f"X-MICROSOFT-CDO-BUSYSTATUS:{busy}",
        "X-MICROSOFT-CDO-IMPORTANCE:1",
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "ACTION:DISPLAY",
        "DESCRIPTION:Reminder",
        "END:VALARM",
        "END:VEVENT",
    ]
    yield from ["BEGIN:VEVENT", "CLASS:PUBLIC", "CREATED:20260101T120000Z"]
    yield from [at("DTEND", away.end), "DTSTAMP:20260301T090000Z", at("DTSTART", away.start)]
    if away.times > 1:
        yield f"RRULE:FREQ=DAILY;COUNT={away.times};INTERVAL={away.every}"
        yield from (at("EXDATE", start) for start in sorted(away.not_on))
    yield from shown
    for meant, (start, end) in away.moved.items():
        yield from ["BEGIN:VEVENT", at("DTEND", end), at("DTSTART", start)]
        yield from [at("RECURRENCE-ID", meant), "SEQUENCE:1", *shown]


def _apple_events(away: Away) -> Iterator[str]:
    def at(name: str, value: date) -> str:
        if not isinstance(value, datetime):
            return f"{name};VALUE=DATE:{_digits(value)}"
        return f"{name};TZID={away.zone}:{_digits(value)}"

    def body(start: date, end: date) -> list[str]:
        return [
            "BEGIN:VEVENT",
            f"TRANSP:{'TRANSPARENT' if away.free else 'OPAQUE'}",
            f"UID:{away.uid.upper()}-4B7C-9F3E",
            at("DTSTART", start),
            at("DTEND", end),
            f"SUMMARY:{away.title}",
            "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC",
        ]

    gone = sorted(away.not_on)
    yield from body(away.start, away.end)
    if away.times > 1:
        yield f"RRULE:FREQ=DAILY;INTERVAL={away.every};UNTIL={_until(away)}"
    yield from ["SEQUENCE:1", "END:VEVENT"]
    for meant, (start, end) in away.moved.items():
        yield from [*body(start, end), at("RECURRENCE-ID", meant), "SEQUENCE:2", "END:VEVENT"]
    for meant_no_more in gone:  # told as cancelled, where others tell an exception
        ends = meant_no_more + (away.end - away.start)
        yield from [*body(meant_no_more, ends), at("RECURRENCE-ID", meant_no_more)]
        yield from ["STATUS:CANCELLED", "END:VEVENT"]


def _since_1970(name: str) -> Iterator[str]:
    head = [f"TZID:{name}", f"X-LIC-LOCATION:{name}"]
    return _described(name, head, year=1970)


def _since_1601(name: str) -> Iterator[str]:
    return _described(name, [f"TZID:{_ZONES[name].windows}"], year=1601)


def _since_1981(name: str) -> Iterator[str]:
    return _described(name, [f"TZID:{name}", "X-APPLE-OLD-RULES:no"], year=1981)


def _described(name: str, head: list[str], *, year: int) -> Iterator[str]:
    clocks = _ZONES[name]
    yield from ["BEGIN:VTIMEZONE", *head]
    for kind, change, before, after in (
        ("STANDARD", clocks.to_winter, clocks.summer, clocks.winter),
        ("DAYLIGHT", clocks.to_summer, clocks.winter, clocks.summer),
    ):
        month, weekday, hour = change
        day = _sunday(year, month, weekday)
        yield from [
            f"BEGIN:{kind}",
            f"DTSTART:{day:%Y%m%d}T{hour:02}0000".replace(f"{day:%Y}", f"{year:04}"),
            f"RRULE:FREQ=YEARLY;BYDAY={weekday};BYMONTH={month}",
            f"TZOFFSETFROM:{before}",
            f"TZOFFSETTO:{after}",
            f"END:{kind}",
        ]
    yield "END:VTIMEZONE"


def _sunday(year: int, month: int, weekday: str) -> date:
    days = [date(year, month, day) for day in range(1, 31)]
    sundays = [day for day in days if day.weekday() == 6]
    number = int(weekday.removesuffix("SU"))
    return sundays[number - 1] if number > 0 else sundays[-1]


def _until(away: Away) -> str:
    """Return the last start of a repetition: a day, or a time in UTC."""
    behind = timedelta(days=(away.times - 1) * away.every)
    if isinstance(away.start, datetime):
        return _in_utc(away.start + behind, away.zone)
    return _digits(away.start + behind)


def _in_utc(value: datetime, zone: str) -> str:
    return f"{_digits(value.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))}Z"


def _digits(value: date) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y%m%dT%H%M%S}"
    return f"{value:%Y%m%d}"


def _text(lines: Iterable[str]) -> bytes:
    """Return lines as a calendar, folded at 75 bytes as the standard has it."""
    whole = "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""])
    return "\r\n".join(map(_folded, whole.split("\r\n"))).encode()


def _folded(line: str) -> str:
    pieces = [line[:75], *(line[at : at + 74] for at in range(75, len(line), 74))]
    return "\r\n ".join(pieces)


def local(text: str) -> datetime:
    """Return a local time without a zone, as "2026-03-16 09:00"."""
    return datetime.fromisoformat(text)


def midnight(day: date) -> datetime:
    """Return the local time at which a day begins."""
    return datetime.combine(day, time.min)
