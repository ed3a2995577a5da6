"""Writes the roster as a calendar that calendar programs subscribe to."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from policy.clocks.calendar import Interval, in_utc
from policy.roster.coverage import scheduled_hours
from policy.roster.members import Member, Roster, TimeOff

if TYPE_CHECKING:
    from icalendar import Calendar, Event

NAME: Final = "numberone: the team"
"""The name that a calendar program shows for it."""

_LONGEST_SHIFT = timedelta(days=8)
"""Hours that come every week last a week at most; looked for around the window, so that a shift
has its whole length, and the same identifier, whenever the calendar is written."""

_REFRESH = timedelta(minutes=15)


def roster_ics(roster: Roster, start: datetime, end: datetime) -> bytes:
    """Return the shifts and the time off that touch ``start`` to ``end``, as iCalendar text.

    Times are in UTC, so that every program shows them in its reader's own zone, clock changes and
    all. A shift takes up no time in the program of whoever subscribes; time off does, and its
    reason stays here, as a calendar travels further than the board. Time off that has no known
    end goes on until ``end``; a day off is what it takes, a night shift to its end. The same
    roster is the same text, but for its window.
    """
    window = Interval(in_utc(start), in_utc(end))
    calendar = _empty()
    for member in roster.members:
        for shift in _shifts(member, window):
            uid = f"shift-{shift.start:%Y%m%dT%H%M%SZ}-{member.login}"
            calendar.add_component(_event(uid, f"{member.name}: on shift", shift, window))
        for number, off in enumerate(roster.off(member.login)):
            spans = roster.spans(off) or [off.interval]
            begins = spans[0].start
            ends = max(window.end, begins) if off.until is None else spans[-1].end
            span = Interval(begins, ends)
            if _touches(span, window):
                uid = f"out-{_identifier(off, number)}-{member.login}"
                event = _event(uid, f"{member.name}: out", span, window, away=True)
                calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _empty() -> "Calendar":
    import icalendar  # noqa: PLC0415 - it takes longer to come than the board to start

    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", "-//numberone//the team//EN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", NAME)
    calendar.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT15M")
    return calendar


def _event(
    uid: str, summary: str, span: Interval, window: Interval, *, away: bool = False
) -> "Event":
    import icalendar  # noqa: PLC0415 - as above

    event = icalendar.Event()
    event.add("UID", f"{uid}@numberone")
    event.add("SUMMARY", summary)
    event.add("DTSTART", span.start)
    event.add("DTEND", span.end)
    event.add("DTSTAMP", window.start)  # required; any other would differ each time it is written
    event.add("TRANSP", "OPAQUE" if away else "TRANSPARENT")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", "OOF" if away else "FREE")
    return event


def _shifts(member: Member, window: Interval) -> Iterator[Interval]:
    around = scheduled_hours(member, window.start - _LONGEST_SHIFT, window.end + _LONGEST_SHIFT)
    return (shift for shift in around if _touches(shift, window))


def _touches(span: Interval, window: Interval) -> bool:
    return span.start < window.end and window.start < span.end


def _identifier(off: TimeOff, number: int) -> str:
    """Return what time off is known by: its id, or its place among those not written down yet."""
    return str(off.id) if off.id else f"unwritten-{number}"
