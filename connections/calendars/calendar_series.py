"""Which events of a calendar belong together, and when each is; what is broken is put aside.

"A calendar: events that share an id and are no occurrences of one series are events each. An event
that cannot be read is left out and named with its date; the rest counts."
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from time import thread_time
from typing import TYPE_CHECKING, Final

from connections.calendars.calendar_events import EventText, event_of, moment, stand_in
from connections.calendars.calendar_zones import CalendarClocks
from connections.calendars.event_spans import EventSpan, identity, span_of
from connections.calendars.recurrences import check_event, occurrences, repeats
from policy.clocks.calendar import Interval
from policy.refusal import Refusal

if TYPE_CHECKING:
    from icalendar import Event

_UID_AT_MOST = 200
_TELLING = frozenset({"SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID"})
_MARGIN: Final = 2
"""More days than any two zones are apart."""


class TakesTooLong(Exception):  # noqa: N818 - it ends the reading of the calendar, not of an event
    """Working out when the events of a calendar are takes longer than anybody waits."""


@dataclass(frozen=True, slots=True)
class CalendarPlace:
    """What is needed to tell when an event is: the clocks it is on, and the times that matter.

    ``ends_at`` is when the processor's time of this thread says that it has taken too long.
    """

    clocks: CalendarClocks
    window: Interval
    ends_at: float

    def check_patience(self) -> None:
        """Raise TakesTooLong when a calendar has been read for as long as anybody waits."""
        if thread_time() > self.ends_at:
            raise TakesTooLong

    def spans(self, series: "Sequence[Event]") -> list[EventSpan]:
        """Return when a series takes place inside the window; raises Refusal saying why not."""
        self.check_patience()
        found = occurrences(series, self.window, self.clocks.zone)
        spans = [span_of(event, self.clocks) for event in found]
        if not repeats(series):
            spans = [replace(span, repetition="") for span in spans]
        return [each for each in spans if self.touches(each)]

    def touches(self, span: EventSpan) -> bool:
        """Return whether any of a span, or its moment, is inside the window."""
        return span.start < self.window.end and max(span.end, span.start) > self.window.start


@dataclass(frozen=True, slots=True, order=True)
class LeftOutEvent:
    """An event that does not count: on which day it (first) is, what it is called, and why.

    ``day`` is ISO 8601, on the clocks of whoever keeps the calendar; "" when it cannot be read.
    """

    day: str
    name: str
    why: str = ""


@dataclass(slots=True)
class EventsRead:
    """What became of the events of a calendar, each of them in one of the three."""

    spans: list[tuple[str, EventSpan]] = field(default_factory=list)
    free: list[LeftOutEvent] = field(default_factory=list)
    broken: list[LeftOutEvent] = field(default_factory=list)


def read_events(texts: Iterable[EventText], place: CalendarPlace) -> Iterator[EventsRead]:
    """Yield what becomes of the events of one calendar, series by series."""
    unread = EventsRead()
    together: dict[str, list[_Read]] = {}
    for text in texts:
        read = _read(text, place, unread)
        if read is not None:
            together.setdefault(_uid(text), []).append(read)
    yield unread
    for uid, events in together.items():
        for series in _series(_without_cancelled(events), place):
            yield _worked_out(uid, series, place)


def may_matter(text: EventText, window: Interval) -> bool:
    """Return whether an event can be inside the window, as far as its days can be read at all."""
    days = [day.toordinal() for day in text.days()]
    if not days:
        return True
    first, last = min(days), max(days)
    if text.repeats:
        ends = text.last_days()
        if ends is None:
            return first - _MARGIN <= window.end.toordinal()
        last = max(day.toordinal() for day in ends) + last - first
    elif text.part.named("DURATION"):
        return first - _MARGIN <= window.end.toordinal()
    return first - _MARGIN <= window.end.toordinal() and window.start.toordinal() <= last + _MARGIN


@dataclass(frozen=True, slots=True)
class _Read:
    """An event beside the text it was read from, both needed to name it when it is of no use."""

    text: EventText
    event: "Event"

    @property
    def counts(self) -> bool:
        return str(self.event["STATUS"]).upper() != "CANCELLED" and not self.text.is_free


def _read(text: EventText, place: CalendarPlace, unread: EventsRead) -> _Read | None:
    """Return an event, None when it is of no use: what is broken and matters goes to ``unread``."""
    place.check_patience()
    try:
        if not text.is_cancelled:
            event = event_of(text, place.clocks)
            check_event(event, place.window)
            event["UID"] = _uid(text)
            return _Read(text, event)
    except Refusal as refusal:
        if not text.is_free:
            unread.broken += named(text, refusal.reason, place)
    return _cancelled(text, place)


def _cancelled(text: EventText, place: CalendarPlace) -> _Read | None:
    """Return what only takes away the time of a series that an event stands for, None without one.

    That time is not when it was: it was cancelled, or moved to where nobody can read.
    """
    try:
        if text.is_repetition:
            event = stand_in(text, place.clocks)
        elif text.is_cancelled:
            event = event_of(text, place.clocks, lenient=True)
        else:
            return None
    except Refusal:
        return None
    event["UID"] = _uid(text)
    return _Read(text, event)


def named(text: EventText, why: str, place: CalendarPlace) -> Iterator[LeftOutEvent]:
    """Yield a broken event by its name and day; nothing when it is outside the window."""
    day = next(iter(text.days()), None)
    try:
        event = event_of(text, place.clocks, lenient=True)
        event.pop("RECURRENCE-ID", None)
        check_event(event, place.window)
        event["UID"] = _uid(text)
        spans = place.spans([event])
    except Refusal:
        told = "" if day is None else day.isoformat()
    else:
        if not spans:
            return
        first = min(span.start for span in spans).astimezone(place.clocks.person)
        told = first.date().isoformat()
    yield LeftOutEvent(told, text.name, why)


def _without_cancelled(events: list[_Read]) -> list[_Read]:
    """Return events without those that were cancelled as a whole, in any of their versions."""
    whole = [each for each in events if not each.text.is_repetition]
    gone = {_start(each) for each in whole if each.text.is_cancelled}
    kept = [each for each in whole if _start(each) not in gone]
    if whole and not kept:
        return []
    return [*kept, *(each for each in events if each.text.is_repetition)]


def _start(read: _Read) -> date | datetime:
    return moment(read.event, "DTSTART")


def _series(events: list[_Read], place: CalendarPlace) -> Iterator[list[_Read]]:
    """Yield the events with one id that belong together: one, and those for single times of it."""
    whole = [each for each in events if not each.text.is_repetition]
    times: dict[int, list[_Read]] = {number: [] for number in range(-1, len(whole))}
    for each in events:
        if each.text.is_repetition:
            times[_series_of(each, whole, place)].append(each)
    for number, each in enumerate(whole):
        yield [each, *times[number]]
    if times[-1]:
        yield times[-1]


def _series_of(time: _Read, whole: list[_Read], place: CalendarPlace) -> int:
    """Return which of the events with its id a time of a series belongs to, -1 for none of them."""
    repeating = [number for number, each in enumerate(whole) if each.text.repeats]
    if len(repeating) > 1:
        around = timedelta(days=_MARGIN)
        try:
            wanted = identity(time.event)
            at = span_of(stand_in(time.text, place.clocks), place.clocks)
            window = Interval(at.start - around, at.start + around)
            for number in repeating:
                place.check_patience()
                found = occurrences([whole[number].event], window, place.clocks.zone)
                if wanted in map(identity, found):
                    return number
        except (Refusal, OverflowError):
            return -1
    return repeating[0] if repeating else (0 if len(whole) == 1 else -1)


def _worked_out(uid: str, series: list[_Read], place: CalendarPlace) -> EventsRead:
    """Return when a series takes place; what cannot be worked out together is tried one by one."""
    result = EventsRead()
    if all(str(each.event["STATUS"]).upper() == "CANCELLED" for each in series):
        return result
    try:
        spans = place.spans([each.event for each in series])
    except Refusal as refusal:
        head, *times = series
        if head.counts:
            result.broken += named(head.text, refusal.reason, place)
        for each in times:
            alone = _worked_out(uid, [each], place)
            result.spans += alone.spans
            result.free += alone.free
            result.broken += alone.broken
        return result
    free: list[EventSpan] = []
    for span in spans:
        if span.is_free:
            free.append(span)
        elif not span.is_cancelled and span.start < span.end:
            result.spans.append((uid, span))
    if free:
        first = min(free, key=lambda span: span.start)
        day = first.start.astimezone(place.clocks.person).date().isoformat()
        result.free.append(LeftOutEvent(day, first.name or series[0].text.name))
    return result


def _uid(text: EventText) -> str:
    uid = text.part.text("UID")
    if uid and len(uid) <= _UID_AT_MOST and uid.isprintable():
        return uid
    # Events without one stand alone; what they say makes one that is the same the next time.
    told = (f"{line.name}{line.rest}" for line in text.part.lines if line.name in _TELLING)
    said = uid or "\n".join(told)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
