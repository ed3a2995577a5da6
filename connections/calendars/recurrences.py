"""When the events of a calendar take place: repetitions, exceptions and moved ones worked out.

What repeats for ever is worked out for a window of time alone, and what would repeat too often for
that to end soon is refused.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from math import prod
from typing import TYPE_CHECKING, Any, Final

from connections.attempts import on_one_line
from policy.clocks.calendar import Interval
from policy.refusal import Refusal, expected, quoted

if TYPE_CHECKING:
    from icalendar import Component, Event

LONGEST_REPEATED: Final = timedelta(days=366)
"""How long an event that repeats may last, and how far one that is moved may be moved."""

MOST_REPETITIONS: Final = 400_000
"""How often an event may have come before the window ends: daily for a thousand years."""

_MARGIN = timedelta(days=2)
"""More than any two zones are apart: events without one are looked for as if they were in UTC."""

_RARE = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_TIMES_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_MOST_IN_A_DAY = 24
_WHEN = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")


def occurrences(series: list["Event"], window: Interval) -> list["Event"]:
    """Return every time that a series takes place around ``window``, as an event each.

    A series is an event and those that stand for single repetitions of it. What ``window`` only
    just misses may be among the result. Raises Refusal naming the event that is broken or
    repeats too often.
    """
    import icalendar  # noqa: PLC0415 - it takes longer to come than the board to start
    import recurring_ical_events  # noqa: PLC0415 - as above

    calendar = icalendar.Calendar()
    start, end = window.start - _MARGIN, window.end + _MARGIN
    try:
        for event in series:
            _check(event, window)
            calendar.add_component(event)
        found: list[Event] = recurring_ical_events.of(calendar).between(start, end)
    except Refusal:
        raise
    except Exception as error:  # whatever a library makes of a broken event, people get a line
        raise Refusal(
            f"{named(series[0])} cannot be worked out: {on_one_line(str(error))}"
        ) from None
    return found


def repeats(series: Iterable["Event"]) -> bool:
    """Return whether a series can take place more than once."""
    return any(name in event for event in series for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def named(event: "Event") -> str:
    """Return an event as a person knows it."""
    return f"the event {quoted(str(event.get('SUMMARY') or event.get('UID') or 'without a name'))}"


def values(event: "Component", name: str) -> Iterator[Any]:
    """Yield the values of a property, which can stand there several times."""
    found = event.get(name)
    yield from found if isinstance(found, list) else () if found is None else (found,)


def moment(event: "Event", name: str) -> date | datetime:
    """Return the day or time of a property; raises Refusal when it is neither."""
    found = getattr(event.get(name), "dt", None)
    if not isinstance(found, date):
        raise Refusal(f"{named(event)}: {name} is neither a day nor a time")
    return found


def frequency_of(rule: Any) -> str:  # noqa: ANN401 - a vRecur
    """Return how often a rule lets something come, in the standard's word."""
    return str(next(iter(rule.get("FREQ", [])), "")).upper()


def never_ends(rule: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether the library would look for the next time and never come to it."""
    return any(interval < 1 for interval in rule.get("INTERVAL", []))


def check_readable(event: "Event") -> None:
    """Raise Refusal when a line of an event that says when it is could not be read."""
    for name, message in event.errors:
        if name is None or name.upper() in _WHEN:
            raise Refusal(f"{named(event)} cannot be read: {on_one_line(str(message))}")


def _check(event: "Event", window: Interval) -> None:
    """Raise Refusal for an event whose times make no sense, or that comes too often."""
    if "DTSTART" not in event:
        raise Refusal(f"{named(event)} has no start")
    for name in _ONCE:
        if isinstance(event.get(name), list):
            raise Refusal(f"{named(event)} says {name} twice")
    _check_zones(event)
    start, length = _start_and_length(event)
    if length < timedelta(0):
        raise Refusal(f"{named(event)} ends before it starts")
    if length > LONGEST_REPEATED and repeats([event]):
        raise Refusal(f"{named(event)} repeats, and lasts longer than a year each time")
    for rule in values(event, "RRULE"):
        _check_rule(named(event), rule, window.end - start)
    if "RECURRENCE-ID" in event:
        moved_by = _as_utc(moment(event, "RECURRENCE-ID")) - start
        if abs(moved_by) > LONGEST_REPEATED:
            raise Refusal(f"{named(event)} is moved by more than a year")


def _check_zones(event: "Event") -> None:
    for name in _WHEN:
        for value in values(event, name):
            zone = getattr(value, "params", {}).get("TZID")
            times = [each.dt for each in getattr(value, "dts", [value]) if hasattr(each, "dt")]
            if zone is not None and any(_is_floating(each) for each in times):
                what = expected("a time zone that is known or described in the calendar", str(zone))
                raise Refusal(f"{named(event)}: {what}")


def _check_rule(name: str, rule: Any, since_start: timedelta) -> None:  # noqa: ANN401 - a vRecur
    frequency = frequency_of(rule)
    in_a_day = prod(len(rule.get(part, [0])) for part in _TIMES_OF_DAY)
    if frequency not in _RARE or in_a_day > _MOST_IN_A_DAY:
        raise Refusal(f"{name} repeats more than {_MOST_IN_A_DAY} times a day; expected days off")
    if never_ends(rule):
        raise Refusal(f"{name} repeats at an INTERVAL of less than 1")
    if frequency == "DAILY" and "BYSETPOS" in rule:
        raise Refusal(f"{name} repeats daily with BYSETPOS; expected another rule")
    if since_start.days * in_a_day > MOST_REPETITIONS:
        raise Refusal(f"{name} repeats since so long ago that it cannot be worked out")


def _start_and_length(event: "Event") -> tuple[datetime, timedelta]:
    begins = _as_utc(moment(event, "DTSTART"))
    if "DTEND" in event:
        return begins, _as_utc(moment(event, "DTEND")) - begins
    length = getattr(event.get("DURATION"), "dt", None)
    return begins, length if isinstance(length, timedelta) else timedelta(0)


def _as_utc(value: date | datetime) -> datetime:
    """Return roughly when ``value`` is: without a zone, as if it were in UTC."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value.astimezone(UTC)


def _is_floating(value: object) -> bool:
    return isinstance(value, datetime) and value.tzinfo is None
