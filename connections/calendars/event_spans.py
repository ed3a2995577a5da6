"""From when until when an event is, in UTC, by the rules that the desk has for clock changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from connections.attempts import on_one_line
from connections.calendars.calendar_events import LENGTH_PARTS, is_shown_as_free, moment
from connections.calendars.calendar_zones import CalendarClocks
from policy.clocks.zones import Stretch, first_showing, last_showing, stretches
from policy.refusal import Refusal

if TYPE_CHECKING:
    from icalendar import Event

_SUMMARY_AT_MOST = 200
_DAY = timedelta(days=1)
_AROUND = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSpan:
    """A half-open span in UTC in which an event takes place once; whole days when ``all_day``.

    ``repetition`` is the time of its series that it stands for, "" when it is no series.
    """

    start: datetime
    end: datetime
    all_day: bool
    name: str
    repetition: str
    is_free: bool
    is_cancelled: bool


def span_of(event: "Event", clocks: CalendarClocks) -> EventSpan:
    """Return when an event is, its days and times without a zone on these clocks.

    Raises Refusal when that cannot be reckoned.
    """
    start = moment(event, "DTSTART")
    end = moment(event, "DTEND") if "DTEND" in event else start
    all_day = not isinstance(start, datetime) and not isinstance(end, datetime)
    try:
        if all_day:
            end = max(end, start + _DAY)  # some programs write a day's own date as its end
        begins = _instant(start, clocks, is_end=False)
        ends = _end(event, start, end, clocks)
        repetition = identity(event)
    except (OverflowError, ValueError):
        raise Refusal("is at a time that cannot be reckoned") from None
    return EventSpan(
        start=begins,
        end=ends,
        all_day=all_day,
        name=on_one_line(str(event.get("SUMMARY", "")), _SUMMARY_AT_MOST),
        repetition=repetition,
        is_free=is_shown_as_free(
            str(event.get("TRANSP", "")), str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", ""))
        ),
        is_cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
    )


def identity(event: "Event") -> str:
    """Return which time of its series an event is, in iCalendar's form; with a zone, in UTC.

    Raises Refusal when that cannot be reckoned.
    """
    if "RECURRENCE-ID" not in event:
        return ""
    value = moment(event, "RECURRENCE-ID")
    if not isinstance(value, datetime):
        return f"{value:%Y%m%d}"
    if value.tzinfo is None:
        return f"{value:%Y%m%dT%H%M%S}"
    try:
        return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    except OverflowError:  # in the years 1 and 9999 a zone can reach beyond all years
        raise Refusal("is at a time that cannot be reckoned") from None


def _end(event: "Event", start: date, end: date, clocks: CalendarClocks) -> datetime:
    """Return when an event ends: hours of a DURATION are hours, though clocks change meanwhile."""
    length: Any = event.get(LENGTH_PARTS, (timedelta(0), timedelta(0)))
    days: timedelta = length[0]
    hours: timedelta = length[1]
    begun = start if isinstance(start, datetime) else datetime.combine(start, time.min)
    if hours and _clock(end) - _clock(start) == days + hours:
        return _instant(begun + days, clocks, is_end=False) + hours
    return _instant(end, clocks, is_end=True)


def _clock(value: date | datetime) -> datetime:
    """Return what clocks show, without a zone."""
    at = value if isinstance(value, datetime) else datetime.combine(value, time.min)
    return at.replace(tzinfo=None)


def _instant(value: date | datetime, clocks: CalendarClocks, *, is_end: bool) -> datetime:
    """Return the instant in UTC at which clocks show ``value``, in its own zone if it has one.

    "A local time that a clock change skips counts from the first instant that exists; one that
    comes twice is the first for a start, the last for an end."
    """
    if not isinstance(value, datetime):
        wall = datetime.combine(value, time.min, UTC)
        parts = stretches(clocks.person, wall - _AROUND, wall + _AROUND)
        return _over(parts, wall) if is_end else first_showing(parts, wall)
    zone = value.tzinfo or clocks.home
    at = value.replace(tzinfo=zone)
    if at.replace(fold=0).utcoffset() == at.replace(fold=1).utcoffset():
        return at.astimezone(UTC)
    wall = value.replace(tzinfo=UTC, fold=0)
    parts = stretches(zone, wall - _AROUND, wall + _AROUND)
    return last_showing(parts, wall) if is_end else first_showing(parts, wall)


def _over(parts: Sequence[Stretch], midnight: datetime) -> datetime:
    """Return when the day before ``midnight`` is over, though its last hour may come twice."""
    return max(
        min(end, midnight - offset) for begin, end, offset in parts if midnight - offset > begin
    )
