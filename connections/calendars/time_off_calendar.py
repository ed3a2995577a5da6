"""Reads the time off that somebody keeps in a calendar program."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import thread_time
from typing import Final
from zoneinfo import ZoneInfo

from connections.calendars.calendar_events import EventText, event_of, stand_in
from connections.calendars.calendar_feeds import calendar_text, label_of
from connections.calendars.calendar_parts import CalendarPart, PropertyLine, calendars_in
from connections.calendars.calendar_series import (
    CalendarPlace,
    EventsRead,
    LeftOutEvent,
    TakesTooLong,
    may_matter,
    named,
    read_events,
)
from connections.calendars.calendar_zones import CalendarClocks, CalendarZones
from connections.calendars.event_spans import EventSpan, identity, span_of
from policy.clocks.calendar import Interval
from policy.clocks.zones import zone_named
from policy.refusal import Refusal, expected
from policy.roster.calendar_change import Cancellation

WINDOW_BEFORE: Final = timedelta(days=30)
WINDOW_AFTER: Final = timedelta(days=400)
"""How far from now time off is looked for; what repeats for ever is finite so."""

MOST_EVENTS: Final = 10_000
"""How many events a calendar may have that can matter in the window."""

MOST_ABSENCES: Final = 5_000
"""How many times off there may be in the window; somebody with more is never in."""

PATIENCE: Final = timedelta(seconds=6)
"""How long working out the repetitions may take, in time of the processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAbsence:
    """A half-open span of time off in UTC; a whole number of days of its person when ``all_day``.

    ``uid`` is the event's id in its calendar, the same each time that is read; events may share
    one. ``repetition`` says which time of a series it is, "" of what takes place once.
    """

    uid: str
    repetition: str = ""
    start: datetime
    end: datetime
    all_day: bool
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarReading:
    """What a calendar says: the time off, in order, and what of it does not count.

    ``free`` are events during which nobody is away, ``broken`` those that cannot be read, both only
    as far as they touch the window; ``remarks`` what else a person should know. ``cancelled`` are
    the events that it takes back. It ``replaces`` what was read of it before, unless it is nothing
    but a cancellation.
    """

    absences: tuple[CalendarAbsence, ...]
    free: tuple[LeftOutEvent, ...] = ()
    broken: tuple[LeftOutEvent, ...] = ()
    remarks: tuple[str, ...] = ()
    cancelled: tuple[Cancellation, ...] = ()
    replaces: bool = True


def read_calendar(place: str, timezone: str, now: datetime) -> CalendarReading:
    """Return what the calendar at ``place``, a path or an address, says around ``now``.

    ``timezone`` is the person's. Raises Refusal with one line that names the place.
    """
    window = Interval(now - WINDOW_BEFORE, now + WINDOW_AFTER)
    return calendar_reading(calendar_text(place), label_of(place), timezone, window)


def calendar_reading(
    text: bytes,
    source: str,
    timezone: str,
    window: Interval,
    patience: timedelta = PATIENCE,
) -> CalendarReading:
    """Return what a calendar's text says, as far as it touches ``window``.

    Every event counts but cancelled ones and those that do not take up time (transparent, or
    marked as free or as working elsewhere). Days, and times without a zone, are in ``timezone``,
    unless the calendar itself has a zone for the latter. "An event that cannot be read is left out
    and named with its date; the rest counts." Raises Refusal naming ``source``.
    """
    try:
        person = zone_named(timezone)
        calendars = calendars_in(text)
        return _read(calendars, person, window, thread_time() + patience.total_seconds())
    except TakesTooLong:
        raise Refusal(f"{source}: repeats so often that working it out takes too long") from None
    except (Refusal, ValueError) as error:
        raise Refusal(f"{source}: {error}") from None


def _read(
    calendars: list[CalendarPart], person: ZoneInfo, window: Interval, ends_at: float
) -> CalendarReading:
    found, cancelled, remarks = EventsRead(), list[Cancellation](), list[str]()
    methods = [calendar.text("METHOD").upper() for calendar in calendars]
    for calendar, method in zip(calendars, methods, strict=True):
        place, unknown = _place(calendar, person, window, ends_at)
        if method == "CANCEL":
            cancelled += _cancellations(calendar, place, found)
            continue
        remarks += [*unknown, *_lists_left_out(calendar, window)]
        for part in read_events(_texts(calendar, window), place):
            found.spans += part.spans
            found.free += part.free
            found.broken += part.broken
            if len(found.spans) > MOST_ABSENCES:
                raise Refusal(f"has more than {MOST_ABSENCES:,} times off; expected fewer")
    absences = {_absence(uid, span): None for uid, span in found.spans}
    return CalendarReading(
        absences=tuple(sorted(absences, key=lambda each: (each.start, each.uid, each.end))),
        free=tuple(sorted(found.free)),
        broken=tuple(sorted(found.broken)),
        remarks=tuple(remarks),
        cancelled=tuple(cancelled),
        replaces=any(method != "CANCEL" for method in methods),
    )


def _place(
    calendar: CalendarPart, person: ZoneInfo, window: Interval, ends_at: float
) -> tuple[CalendarPlace, list[str]]:
    """Return how times of a calendar are to be understood, and what cannot be."""
    scale = calendar.text("CALSCALE") or "GREGORIAN"
    if scale.upper() != "GREGORIAN":
        raise Refusal(f"CALSCALE: {expected('GREGORIAN', scale)}")
    zones = CalendarZones(calendar)
    name = calendar.text("X-WR-TIMEZONE")
    zone = zones.zone(name) if name else None
    clocks = CalendarClocks(find_zone=zones.zone, zone=zone, person=person)
    place = CalendarPlace(clocks, window, ends_at)
    if not name or zone is not None:
        return place, []
    what = expected("a time zone such as Europe/Berlin or UTC", name)
    return place, [f"X-WR-TIMEZONE: {what}; times without a zone are taken as {person.key}'s"]


def _texts(calendar: CalendarPart, window: Interval) -> list[EventText]:
    """Return the events of a calendar that can matter, whatever became of those long ago."""
    events = (EventText(part) for part in calendar.parts if part.name == "VEVENT")
    texts = [text for text in events if may_matter(text, window)]
    if len(texts) > MOST_EVENTS:
        raise Refusal(f"has more than {MOST_EVENTS:,} events; expected fewer")
    return texts


def _lists_left_out(calendar: CalendarPart, window: Interval) -> list[str]:
    """Return that lists of busy times do not count, where a calendar has any in the window."""
    lists = [part for part in calendar.parts if part.name == "VFREEBUSY"]
    texts = (EventText(_as_event(part)) for part in lists)
    number = sum(bool(text.days()) and may_matter(text, window) for text in texts)
    if not number:
        return []
    what = "1 list" if number == 1 else f"{number} lists"
    return [f"{what} of free and busy times (VFREEBUSY) left out; expected events"]


def _as_event(part: CalendarPart) -> CalendarPart:
    """Return a list of busy times as one event from its first to its last."""
    spans = [span for line in part.named("FREEBUSY") for span in re.split(r"[,/]", line.last_value)]
    return CalendarPart("VEVENT", [PropertyLine("DTSTART", f":{span}") for span in spans])


def _cancellations(
    calendar: CalendarPart, place: CalendarPlace, found: EventsRead
) -> Iterator[Cancellation]:
    """Yield what a calendar program takes back of what it told before.

    Of a series, what does not say which time takes back none: all of it was not meant.
    """
    for part in calendar.parts:
        if part.name != "VEVENT" or not part.text("UID"):
            continue
        text = EventText(part)
        if not text.is_repetition:
            yield _whole_cancelled(text, place)
            continue
        try:
            yield _time_cancelled(text, place)
        except Refusal as refusal:
            found.broken += named(text, refusal.reason, place)


def _whole_cancelled(text: EventText, place: CalendarPlace) -> Cancellation:
    uid, starts = text.part.text("UID"), frozenset[datetime]()
    try:
        event = event_of(text, place.clocks, lenient=True)
        event["UID"] = uid
        starts = frozenset(span.start for span in place.spans([event]))
    except Refusal:
        pass  # what has that id goes, whenever it is
    return Cancellation(uid=uid, starts=starts)


def _time_cancelled(text: EventText, place: CalendarPlace) -> Cancellation:
    """Return that one time of a series is cancelled; raises Refusal when it does not say which."""
    event = stand_in(text, place.clocks)
    later = [line.parameter("RANGE") or "" for line in text.part.named("RECURRENCE-ID")]
    return Cancellation(
        uid=text.part.text("UID"),
        repetition=identity(event),
        and_later="THISANDFUTURE" in map(str.upper, later),
        starts=frozenset([span_of(event, place.clocks).start]),
    )


def _absence(uid: str, span: EventSpan) -> CalendarAbsence:
    return CalendarAbsence(
        uid=uid,
        repetition=span.repetition,
        start=span.start,
        end=span.end,
        all_day=span.all_day,
        summary=span.name,
    )
