"""When the events of a calendar take place: repetitions, exceptions and moved ones worked out.

What repeats for ever is worked out for a window of time alone, and what would repeat too often for
that to end soon is refused.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from math import prod
from typing import TYPE_CHECKING, Any, Final

from connections.attempts import on_one_line
from connections.calendars.calendar_events import moment
from policy.clocks.calendar import Interval
from policy.refusal import Refusal

if TYPE_CHECKING:
    from icalendar import Event

LONGEST_REPEATED: Final = timedelta(days=366)
"""How long an event that repeats may last, and how far one that is moved may be moved."""

MOST_REPETITIONS: Final = 400_000
"""How often an event may have come before the window ends: daily for a thousand years."""

MOST_IN_WINDOW: Final = 5_000
"""How often an event may come in the window; who is away more often is never in."""

_MARGIN = timedelta(days=2)
"""More than any two zones are apart: events without one are looked for as if they were in UTC."""

_RARE: Final = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
"""How often something may come, and how many days are between then."""

_LONGEST_MONTHS: Final = {month: monthrange(2000, month)[1] for month in range(1, 13)}
_TIMES_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_MOST_IN_A_DAY = 24


def occurrences(series: Sequence["Event"], window: Interval, zone: tzinfo | None) -> "list[Event]":
    """Return every time that a series takes place around ``window``, as an event each.

    A series is an event and those that stand for single repetitions of it. What ``window`` only
    just misses may be among the result. ``zone`` is the one that a calendar has for all of itself,
    if any: what repeats in UTC or without a zone does so on its clocks. Each result says in
    RECURRENCE-ID when it would have been, had it not been moved.

    Raises Refusal saying what is wrong with the series, or that it comes too often.
    """
    import icalendar  # noqa: PLC0415 - it takes longer to come than the board to start
    import recurring_ical_events  # noqa: PLC0415 - as above
    import x_wr_timezone  # noqa: PLC0415 - as above

    if not repeats(series):
        return [_once(event) for event in series]
    calendar = icalendar.Calendar()
    try:
        for event in _with_whole_names(series):
            calendar.add_component(event)
        if zone is not None:
            calendar = x_wr_timezone.to_standard(calendar, timezone=zone)
        start, end = window.start - _MARGIN, window.end + _MARGIN
        found: list[Event] = recurring_ical_events.of(calendar).between(start, end)
    except Exception as error:  # whatever a library makes of a broken event, people get a line
        raise Refusal(f"cannot be worked out: {on_one_line(str(error))}") from None
    if len(found) > MOST_IN_WINDOW:
        raise Refusal(f"comes more than {MOST_IN_WINDOW:,} times; expected fewer")
    return found


def repeats(series: Iterable["Event"]) -> bool:
    """Return whether a series can take place more than once."""
    return any(name in event for event in series for name in ("RRULE", "RDATE", "RECURRENCE-ID"))


def check_event(event: "Event", window: Interval) -> None:
    """Raise Refusal for an event whose times make no sense, or that comes too often to reckon."""
    try:
        start, length = _start_and_length(event)
        meant = as_utc(moment(event, "RECURRENCE-ID")) if "RECURRENCE-ID" in event else start
    except (OverflowError, ValueError):
        raise Refusal("is at a time that cannot be reckoned") from None
    if length < timedelta(0):
        raise Refusal("ends before it starts")
    if length > LONGEST_REPEATED and repeats([event]):
        raise Refusal("repeats, and lasts longer than a year each time")
    rules: Any = event.get("RRULE", ())
    for rule in rules:
        _check_rule(rule, window.end - start)
    if abs(meant - start) > LONGEST_REPEATED:
        raise Refusal("is moved by more than a year")


def as_utc(value: date | datetime) -> datetime:
    """Return roughly when ``value`` is: without a zone, as if it were in UTC."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value.astimezone(UTC)


def _once(event: "Event") -> "Event":
    """Return an event that takes place once, with the end that its length makes."""
    from icalendar.prop import vDDDTypes  # noqa: PLC0415 - as above

    if "DTEND" in event:
        return event
    start = moment(event, "DTSTART")
    length = getattr(event.get("DURATION"), "dt", None)
    if length is None:
        length = timedelta(0) if isinstance(start, datetime) else timedelta(days=1)
    elif length.seconds and not isinstance(start, datetime):
        start = datetime.combine(start, time.min)
    ended = event.copy()
    try:
        ended["DTEND"] = vDDDTypes(start + length)
    except OverflowError:
        raise Refusal("is at a time that cannot be reckoned") from None
    return ended


def _with_whole_names(series: Sequence["Event"]) -> "list[Event]":
    """Return the events of a series, each naming the time that it stands for as the series does.

    Some programs name the day alone of a series that has times.
    """
    starts = [moment(event, "DTSTART") for event in series if "RECURRENCE-ID" not in event]
    first = next(iter(starts), None)
    return [_with_whole_name(event, first) for event in series]


def _with_whole_name(event: "Event", first: date | None) -> "Event":
    from icalendar.prop import vDDDTypes  # noqa: PLC0415 - as above

    known: Any = event.get("RECURRENCE-ID")
    if known is None or isinstance(known.dt, datetime) or not isinstance(first, datetime):
        return event
    named = event.copy()
    whole = vDDDTypes(datetime.combine(known.dt, first.timetz()))
    whole.params.update(known.params)
    whole.params.pop("VALUE", None)
    named["RECURRENCE-ID"] = whole
    return named


def _check_rule(rule: Any, since_start: timedelta) -> None:  # noqa: ANN401 - a vRecur
    frequency = str(next(iter(rule.get("FREQ", [])), "")).upper()
    in_a_day = prod(len(rule.get(part, [0])) for part in _TIMES_OF_DAY)
    if frequency not in _RARE or in_a_day > _MOST_IN_A_DAY:
        raise Refusal(f"repeats more than {_MOST_IN_A_DAY} times a day; expected days off")
    if any(interval < 1 for interval in rule.get("INTERVAL", [])):
        raise Refusal("repeats at an INTERVAL of less than 1")
    if "COUNT" in rule and "UNTIL" in rule:
        raise Refusal("repeats with COUNT and UNTIL; expected one of them")
    if frequency == "DAILY" and "BYSETPOS" in rule:
        raise Refusal("repeats daily with BYSETPOS; expected another rule")
    if not _has_days(rule):
        raise Refusal("repeats on days that no month has")
    bare = not any(part.startswith("BY") for part in map(str.upper, rule))
    days = since_start.days // (_RARE[frequency] if bare else 1)
    if days * in_a_day > MOST_REPETITIONS:
        raise Refusal("repeats since so long ago that it cannot be worked out")


def _has_days(rule: Any) -> bool:  # noqa: ANN401 - a vRecur
    """Return whether there can be a day that a rule wants; without one it is sought for ever."""
    days = rule.get("BYMONTHDAY", [1])
    months = (int(month) for month in rule.get("BYMONTH", [1]))
    longest = max((_LONGEST_MONTHS.get(month, 0) for month in months), default=0)
    return any(1 <= abs(day) <= longest for day in days)


def _start_and_length(event: "Event") -> tuple[datetime, timedelta]:
    begins = as_utc(moment(event, "DTSTART"))
    if "DTEND" in event:
        return begins, as_utc(moment(event, "DTEND")) - begins
    length = getattr(event.get("DURATION"), "dt", None)
    return begins, length if isinstance(length, timedelta) else timedelta(0)
