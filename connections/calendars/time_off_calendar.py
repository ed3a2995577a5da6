"""Reads the time off that somebody keeps in a calendar program."""

import hashlib
import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from time import monotonic
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from connections.attempts import on_one_line
from connections.calendars.calendar_feeds import calendar_text, label_of
from connections.calendars.recurrences import (
    check_readable,
    frequency_of,
    moment,
    named,
    never_ends,
    occurrences,
    repeats,
    values,
)
from policy.clocks.calendar import Interval
from policy.clocks.zones import Stretch, first_showing, last_showing, stretches, zone_named
from policy.refusal import Refusal, expected, quoted

if TYPE_CHECKING:
    from icalendar import Calendar, Component, Event

WINDOW_BEFORE: Final = timedelta(days=30)
WINDOW_AFTER: Final = timedelta(days=400)
"""How far from now time off is looked for; what repeats for ever is finite so."""

MOST_EVENTS: Final = 10_000
"""How many events a calendar may have."""

MOST_ABSENCES: Final = 5_000
"""How many times off there may be in the window; somebody with more is never in."""

PATIENCE: Final = timedelta(seconds=20)
"""How long working out the repetitions may take."""

_UID_AT_MOST = 200
_SUMMARY_AT_MOST = 200
_DAY = timedelta(days=1)
_AROUND = timedelta(days=2)
_EVENT = re.compile(rb"^BEGIN:VEVENT\s*$", re.MULTILINE | re.IGNORECASE)
_BEGIN = re.compile(rb"^\W*BEGIN:VCALENDAR\s*$", re.MULTILINE | re.IGNORECASE)
_END = re.compile(rb"^END:VCALENDAR\s*$", re.MULTILINE | re.IGNORECASE)
_NOT_AWAY = frozenset({"FREE", "WORKINGELSEWHERE"})
_CLOCK_CHANGES = frozenset({"YEARLY", "MONTHLY"})

_one_at_a_time = threading.Lock()
"""The library remembers zones that a calendar describes, for the next calendar too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAbsence:
    """A half-open span of time off in UTC; a whole number of days of its person when ``all_day``.

    ``uid`` is the same each time the calendar is read, and each time something that repeats has
    one of its own.
    """

    uid: str
    start: datetime
    end: datetime
    all_day: bool
    summary: str


def read_absences(place: str, timezone: str, now: datetime) -> tuple[CalendarAbsence, ...]:
    """Return the time off in the calendar at ``place``, a path or an address, around ``now``.

    ``timezone`` is the person's. Raises Refusal with one line that names the place.
    """
    window = Interval(now - WINDOW_BEFORE, now + WINDOW_AFTER)
    return absences(calendar_text(place), label_of(place), timezone, window)


def absences(
    text: bytes,
    source: str,
    timezone: str,
    window: Interval,
    patience: timedelta = PATIENCE,
) -> tuple[CalendarAbsence, ...]:
    """Return the time off that a calendar's text says, in order, as far as it touches ``window``.

    Every event counts but cancelled ones and those that do not take up time (transparent, or
    marked as free or as working elsewhere). Days, and times without a zone, are in ``timezone``,
    unless the calendar itself has a zone for the latter. Raises Refusal naming ``source``.
    """
    try:
        zone = zone_named(timezone)
        found = _all_absences(
            _calendars(text), zone, window, monotonic() + patience.total_seconds()
        )
    except Refusal as refusal:
        raise Refusal(f"{source}: {refusal.reason}") from None
    return tuple(sorted(found, key=lambda absence: (absence.start, absence.uid)))


def _all_absences(
    calendars: list["Calendar"], zone: ZoneInfo, window: Interval, ends_at: float
) -> list[CalendarAbsence]:
    found: list[CalendarAbsence] = []
    for uid, series in (each for calendar in calendars for each in _series(calendar)):
        found += _absences_of(uid, series, zone, window)
        if len(found) > MOST_ABSENCES:
            raise Refusal(f"has more than {MOST_ABSENCES:,} times off; expected fewer")
        if monotonic() > ends_at:
            raise Refusal("repeats so often that working it out takes too long")
    return found


def _absences_of(
    uid: str, series: list["Event"], zone: ZoneInfo, window: Interval
) -> Iterator[CalendarAbsence]:
    many = repeats(series)
    for event in occurrences(series, window):
        if not _counts(event):
            continue
        begins, ends, all_day = _span(event, zone)
        if begins < ends and begins < window.end and window.start < ends:
            start = moment(event, "DTSTART")
            yield CalendarAbsence(
                uid=f"{uid}/{_stamp(start)}" if many else uid,
                start=begins,
                end=ends,
                all_day=all_day,
                summary=on_one_line(str(event.get("SUMMARY", "")), _SUMMARY_AT_MOST),
            )


def _calendars(text: bytes) -> list["Calendar"]:
    """Return the calendars in a text, each with its times as the standard wants them."""
    if not _BEGIN.search(text):
        beginning = text[:100].decode("utf-8", "replace").strip()
        raise Refusal(f"is no calendar: it begins with {quoted(beginning)}")
    if len(_BEGIN.findall(text)) != len(_END.findall(text)):
        raise Refusal("is cut off: expected END:VCALENDAR")
    if len(_EVENT.findall(text)) > MOST_EVENTS:
        raise Refusal(f"has more than {MOST_EVENTS:,} events; expected fewer")
    return [_in_its_zone(calendar) for calendar in _parsed(text) if calendar.name == "VCALENDAR"]


def _parsed(text: bytes) -> list["Calendar"]:
    import icalendar  # noqa: PLC0415 - it takes longer to come than the board to start
    from icalendar.error import GloballyUniqueTZIDGuessed  # noqa: PLC0415 - as above

    try:
        with _one_at_a_time, warnings.catch_warnings():
            # Some calendar programs put a name of their own before that of a known zone.
            warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)
            # Forgets the zones that the calendar before described.
            icalendar.use_zoneinfo()  # type: ignore[no-untyped-call] # it says nothing of its types
            return icalendar.Calendar.from_ical(text, multiple=True)
    except Exception as error:  # whatever a library makes of a broken calendar, people get a line
        raise Refusal(f"is no calendar that can be read: {on_one_line(str(error))}") from None


def _in_its_zone(calendar: "Calendar") -> "Calendar":
    """Return the calendar with the zone applied that it names for all of itself, as Google's do."""
    import x_wr_timezone  # noqa: PLC0415 - as above

    scale = str(calendar.get("CALSCALE", "GREGORIAN"))
    if scale.upper() != "GREGORIAN":
        raise Refusal(f"CALSCALE: {expected('GREGORIAN', scale)}")
    for part in calendar.walk():
        _check_clock_changes(part)
    for event in filter(_counts, calendar.events):
        check_readable(event)  # here, as what could not be read is forgotten when a zone is applied
    name = calendar.get("X-WR-TIMEZONE")
    if name is None:
        return calendar
    applied: Calendar = x_wr_timezone.to_standard(calendar, timezone=_zone(str(name)))
    return applied


def _check_clock_changes(part: "Component") -> None:
    """Raise Refusal for a zone whose clocks change so often that no time in it could be told."""
    if part.name not in ("STANDARD", "DAYLIGHT"):
        return
    for rule in values(part, "RRULE"):
        if frequency_of(rule) not in _CLOCK_CHANGES or never_ends(rule):
            raise Refusal("describes a time zone whose clocks change more often than every month")


def _zone(name: str) -> tzinfo:
    from icalendar.timezone import tzp  # noqa: PLC0415 - as above

    try:
        return zone_named(name)
    except ValueError as error:
        zone = tzp.timezone(name)  # knows the names that Windows has for zones
        if zone is None:
            raise Refusal(f"X-WR-TIMEZONE: {error}") from None
        return zone


def _series(calendar: "Calendar") -> Iterator[tuple[str, list["Event"]]]:
    """Yield the events that belong together, and have one that counts, by their common UID."""
    together: dict[str, list[Event]] = {}
    for event in calendar.events:
        together.setdefault(_uid(event), []).append(event)
    yield from ((uid, series) for uid, series in together.items() if any(map(_counts, series)))


def _uid(event: "Event") -> str:
    uid = str(event.get("UID", ""))
    if uid and len(uid) <= _UID_AT_MOST and uid.isprintable():
        return uid
    # Events without one stand alone; what they say makes one that is the same the next time.
    return hashlib.sha256(uid.encode("utf-8", "replace") or event.to_ical()).hexdigest()


def _counts(event: "Event") -> bool:
    """Return whether somebody is away during an event."""
    return (
        str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() not in _NOT_AWAY
    )


def _span(event: "Event", zone: ZoneInfo) -> tuple[datetime, datetime, bool]:
    """Return when an event starts and ends in UTC, and whether it is whole days."""
    start, end = moment(event, "DTSTART"), moment(event, "DTEND")
    all_day = not isinstance(start, datetime) and not isinstance(end, datetime)
    if all_day:
        end = max(end, start + _DAY)  # some programs write a day's own date as its end
    try:
        return _instant(start, zone, is_end=False), _instant(end, zone, is_end=True), all_day
    except (OverflowError, ValueError):
        raise Refusal(f"{named(event)} is at a time that cannot be reckoned") from None


def _instant(value: date | datetime, zone: ZoneInfo, *, is_end: bool) -> datetime:
    """Return the instant in UTC; days and times without a zone are in ``zone``.

    "A local time that a clock change skips counts from the first instant that exists; one that
    comes twice is the first for a start, the last for an end."
    """
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    at = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    wall = at.replace(tzinfo=UTC)
    parts = stretches(zone, wall - _AROUND, wall + _AROUND)
    if not is_end:
        return first_showing(parts, wall)
    return last_showing(parts, wall) if isinstance(value, datetime) else _over(parts, wall)


def _over(parts: Sequence[Stretch], midnight: datetime) -> datetime:
    """Return when the day before ``midnight`` is over, though its last hour may come twice."""
    return max(
        min(end, midnight - offset) for begin, end, offset in parts if midnight - offset > begin
    )


def _stamp(value: date | datetime) -> str:
    if not isinstance(value, datetime):
        return value.strftime("%Y%m%d")
    if value.tzinfo is None:
        return value.strftime("%Y%m%dT%H%M%S")
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
