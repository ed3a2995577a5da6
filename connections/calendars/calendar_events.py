"""Reads one event of a calendar, as far as it says when it is and whether somebody is away."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from connections.attempts import on_one_line
from connections.calendars.calendar_parts import CalendarPart, PropertyLine
from connections.calendars.calendar_zones import CalendarClocks
from policy.clocks.calendar import FIRST_YEAR, LAST_YEAR
from policy.refusal import Refusal, expected

if TYPE_CHECKING:
    from icalendar import Event

MOST_LISTED: Final = 5_000
"""How many days or times an event may list, be it as its own or as those that it leaves out."""

LENGTH_PARTS: Final = "X-NUMBERONE-LENGTH"
"""Where an event that is read keeps its DURATION, as its days and the rest: hours are hours,
whatever clocks do meanwhile, while days are days however long they are."""

_LAST_OF_DAY = time(23, 59, 59)
_SUMMARY_AT_MOST = 200
_NOT_AWAY = frozenset({"FREE", "WORKINGELSEWHERE"})
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")
_MOMENT = re.compile(r"(\d{8})(?:T(\d{4}(?:\d{2})?)(Z?))?", re.IGNORECASE | re.ASCII)
_LENGTH = re.compile(
    r"([+-]?)P(?=.)(?:(\d{1,5})W)?(?:(\d{1,6})D)?"
    r"(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?",
    re.IGNORECASE | re.ASCII,
)
_A_MOMENT = "a day as 20260316 or a time as 20260316T090000Z"
_A_LENGTH = "a length such as P1D or PT1H30M"
_A_RULE = "a repetition such as FREQ=WEEKLY;BYDAY=MO"
_A_ZONE = "a time zone that is known or described in the calendar"


@dataclass(frozen=True, slots=True)
class EventText:
    """An event as it stands in its calendar: what can be told of it although it may be broken."""

    part: CalendarPart

    @property
    def name(self) -> str:
        """What people know it by: its title, else its id; one printable line."""
        title = self.part.text("SUMMARY") or self.part.text("UID")
        return on_one_line(title, _SUMMARY_AT_MOST) or "without a name"

    @property
    def is_cancelled(self) -> bool:
        """Whether it takes place no more."""
        return self.part.text("STATUS").upper() == "CANCELLED"

    @property
    def is_free(self) -> bool:
        """Whether nobody is away during it: it is shown as free, or as work at another place."""
        return is_shown_as_free(
            self.part.text("TRANSP"), self.part.text("X-MICROSOFT-CDO-BUSYSTATUS")
        )

    @property
    def is_repetition(self) -> bool:
        """Whether it stands for one time of a series."""
        return bool(self.part.named("RECURRENCE-ID"))

    @property
    def repeats(self) -> bool:
        """Whether it can take place more than once."""
        return bool(self.part.named("RRULE") or self.part.named("RDATE"))

    def days(self) -> list[date]:
        """Return the days that can be read of those it starts, ends, or would have been on."""
        names = ("DTSTART", "DTEND", "RECURRENCE-ID")
        lines = (line for name in names for line in self.part.named(name))
        return [day for line in lines if (day := _day_in(line.last_value)) is not None]

    def last_days(self) -> list[date] | None:
        """Return the days on which its repetitions end, None where one may go on for ever."""
        rules = [line.last_value.upper() for line in self.part.named("RRULE")]
        ends = [_day_in(rule.partition("UNTIL=")[2]) for rule in rules]
        if self.part.named("RDATE") or None in ends:
            return None
        return [end for end in ends if end is not None]


def event_of(text: EventText, clocks: CalendarClocks, *, lenient: bool = False) -> "Event":
    """Return the event that a text says, its times with their zones.

    Times without a zone get the calendar's own; without that they stay so. One that is ``lenient``
    leaves out what cannot be read but its start, to tell roughly when it is.

    Raises Refusal saying what cannot be read, and what was expected.
    """
    try:
        return _Reading(text.part, clocks, lenient).event()
    except (OverflowError, ValueError):
        raise Refusal("is at a time that cannot be reckoned") from None


def stand_in(text: EventText, clocks: CalendarClocks) -> "Event":
    """Return an event that only takes away the one time of a series that ``text`` stands for.

    Raises Refusal when it does not say which.
    """
    reading = _Reading(text.part, clocks, lenient=True)
    event = reading.bare()
    event["RECURRENCE-ID"] = reading.moment("RECURRENCE-ID")
    event["DTSTART"] = event["RECURRENCE-ID"]
    event["STATUS"] = "CANCELLED"
    return event


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a line tells its days or times, of which it can have very many."""

    name: str
    zone: str
    only_day: bool

    @classmethod
    def of(cls, line: PropertyLine) -> "_Manner":
        only_day = (line.parameter("VALUE") or "").upper() == "DATE"
        return cls(line.name, line.parameter("TZID") or "", only_day)


@dataclass(frozen=True, slots=True)
class _Reading:
    part: CalendarPart
    clocks: CalendarClocks
    lenient: bool

    def event(self) -> "Event":
        for name in () if self.lenient else _ONCE:
            if len({line.rest for line in self.part.named(name)}) > 1:
                raise Refusal(f"says {name} twice")
        if not self.part.named("DTSTART"):
            raise Refusal("has no start")
        event = self.bare()
        start = self.moment("DTSTART")
        event["DTSTART"] = start
        self._add("DTEND", event, lambda: self._end(start.dt))
        if "DTEND" not in event:
            self._add("DURATION", event, lambda: self._length(event))
        if self.part.named("RECURRENCE-ID"):
            event["RECURRENCE-ID"] = self.moment("RECURRENCE-ID")
        self._add("RRULE", event, lambda: self._rules(start.dt))
        for name in ("RDATE", "EXDATE"):
            self._add(name, event, partial(self._lists, name))
        if self.part.named("EXRULE") and not self.lenient:
            raise Refusal("EXRULE: expected EXDATE")
        if not self.part.named("RRULE") and not self.part.named("RDATE"):
            _keep_in_reach(event)
        return event

    def bare(self) -> "Event":
        """Return an event with what can be read of any: its id, title, and how it is shown."""
        import icalendar  # noqa: PLC0415 - it takes longer to come than the board to start
        from icalendar.prop import vText  # noqa: PLC0415 - as above

        event = icalendar.Event()
        event["SUMMARY"] = vText(self.part.text("SUMMARY"))
        for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"):
            event[name] = vText(self.part.text(name))
        sequence = self.part.text("SEQUENCE")
        if re.fullmatch(r"[0-9]{1,9}", sequence):
            event["SEQUENCE"] = int(sequence)
        return event

    def moment(self, name: str) -> Any:  # noqa: ANN401 - a vDDDTypes
        """Return the day or time of a property; the first where it stands there several times."""
        from icalendar.prop import vDDDTypes  # noqa: PLC0415 - as above

        [line, *_] = self.part.named(name)
        value = vDDDTypes(self._moment_of(_Manner.of(line), line.last_value))
        if (line.parameter("RANGE") or "").upper() == "THISANDFUTURE":
            value.params["RANGE"] = "THISANDFUTURE"
        return value

    def _add(self, name: str, event: "Event", read: Callable[[], Any]) -> None:
        if not self.part.named(name):
            return
        try:
            value = read()
        except Refusal:
            if not self.lenient:
                raise
            return
        if value is not None:
            event[name] = value

    def _end(self, start: date) -> Any:  # noqa: ANN401 - a vDDDTypes
        from icalendar.prop import vDDDTypes  # noqa: PLC0415 - as above

        end = self.moment("DTEND")
        [line, *_] = self.part.named("DTEND")
        told = line.parameter("TZID") or line.last_value.upper().endswith("Z")
        if isinstance(start, datetime) and isinstance(end.dt, datetime) and not told:
            return vDDDTypes(end.dt.replace(tzinfo=start.tzinfo))  # the same clock, said once
        return end

    def _length(self, event: "Event") -> Any:  # noqa: ANN401 - a vDuration
        from icalendar.prop import vDuration  # noqa: PLC0415 - as above

        [line, *_] = self.part.named("DURATION")
        nominal, exact = _length(line.name, line.last_value)
        event[LENGTH_PARTS] = (nominal, exact)
        return vDuration(nominal + exact)

    def _rules(self, start: date) -> list[Any]:
        from icalendar.prop import vRecur  # noqa: PLC0415 - as above

        rules = []
        for line in self.part.named("RRULE"):
            try:
                rule = vRecur.from_ical(line.last_value.strip(";"))
            except (ValueError, KeyError, TypeError):
                raise Refusal(f"RRULE: {expected(_A_RULE, line.last_value)}") from None
            if not rule.get("FREQ"):
                raise Refusal(f"RRULE: {expected(_A_RULE, line.last_value)}")
            if not all(isinstance(each, date) for each in rule.get("UNTIL", [])):
                raise Refusal(f"RRULE: {expected(_A_RULE, line.last_value)}")  # a mere time of day
            if "UNTIL" in rule:
                rule["UNTIL"] = [self._until(each, start) for each in rule["UNTIL"]]
            rules.append(rule)
        return rules

    def _until(self, until: date, start: date) -> date:
        """Return when the last time of a series may be, as exactly as its times are told.

        A day without a time is all of that day where the event is.
        """
        if not isinstance(start, datetime):
            return _as_day(until, self.clocks.home)
        zone = start.tzinfo
        if zone is UTC and self.clocks.zone is not None:
            zone = self.clocks.zone  # on whose clocks it repeats
        if not isinstance(until, datetime):
            until = datetime.combine(until, _LAST_OF_DAY)
        try:
            if zone is None:
                at_home = until if until.tzinfo is None else until.astimezone(self.clocks.home)
                return at_home.replace(tzinfo=None)
            return (until if until.tzinfo else until.replace(tzinfo=zone)).astimezone(UTC)
        except (OverflowError, ValueError):  # in the years 1 and 9999 no zone makes a difference
            return until.replace(tzinfo=None if zone is None else UTC)

    def _lists(self, name: str) -> list[Any] | None:
        from icalendar.prop import vDDDLists  # noqa: PLC0415 - as above

        lists = []
        lines = self.part.named(name)
        if sum(line.rest.count(",") + 1 for line in lines) > MOST_LISTED:
            raise Refusal(f"{name}: lists more than {MOST_LISTED:,} days or times")
        for line in lines:
            manner = _Manner.of(line)
            texts = filter(None, map(str.strip, line.last_value.split(",")))
            if moments := [self._moment_or_span(manner, each) for each in texts]:
                lists.append(vDDDLists(moments))
        return lists or None

    def _moment_or_span(self, line: "_Manner", text: str) -> Any:  # noqa: ANN401 - a date, or two
        start, slash, end = text.partition("/")
        begins = self._moment_of(line, start)
        if not slash:
            return begins
        if not isinstance(begins, datetime):
            raise Refusal(f"{line.name}: {expected(_A_MOMENT, text)}")
        if end.lstrip("+-")[:1].upper() == "P":
            return begins, sum(_length(line.name, end), timedelta(0))
        return begins, self._moment_of(line, end)

    def _moment_of(self, line: "_Manner", text: str) -> date | datetime:
        match = _MOMENT.fullmatch(text)
        day = None if match is None else _day_in(text)
        if match is None or day is None:
            raise Refusal(f"{line.name}: {expected(_A_MOMENT, text)}")
        if match[2] is None or line.only_day:
            return day
        try:
            at = datetime.combine(day, time.fromisoformat(f"{match[2][:2]}:{match[2][2:4]}"))
            at = at.replace(second=min(int(match[2][4:] or 0), 59))
        except ValueError:
            raise Refusal(f"{line.name}: {expected(_A_MOMENT, text)}") from None
        if match[3]:
            return at.replace(tzinfo=UTC)
        return at.replace(tzinfo=self._zone(line))

    def _zone(self, line: "_Manner") -> tzinfo | None:
        if not line.zone:
            return self.clocks.zone
        zone = self.clocks.find_zone(line.zone)
        if zone is None and not self.lenient:
            raise Refusal(f"{line.name}: {expected(_A_ZONE, line.zone)}")
        return zone or self.clocks.home


def _day_in(text: str) -> date | None:
    """Return the day that a text begins with, None when it begins with something else."""
    digits = text.strip()[:8]
    if re.fullmatch(r"[0-9]{8}", digits) is None:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _keep_in_reach(event: "Event") -> None:
    """Let an event that takes place once begin and end in years that can be reckoned with."""
    from icalendar.prop import vDDDTypes  # noqa: PLC0415 - it takes longer to come than the board

    for name in ("DTSTART", "DTEND"):
        if name not in event:
            continue
        value = moment(event, name)
        if value.year < FIRST_YEAR:
            event[name] = vDDDTypes(value.replace(year=FIRST_YEAR, month=1, day=2))
        elif value.year > LAST_YEAR:
            event[name] = vDDDTypes(value.replace(year=LAST_YEAR, month=12, day=30))


def _as_day(until: date, home: tzinfo) -> date:
    """Return the last day of a series of whole days, whose end was written as a time.

    Midnight in UTC is a day that a program had to write as a time; any other is told on the clocks
    of whoever wrote it.
    """
    if not isinstance(until, datetime):
        return until
    if until.tzinfo is None or until.time() == time(0):
        return until.date()
    try:
        return until.astimezone(home).date()
    except OverflowError:  # in the years 1 and 9999 no zone makes a difference
        return until.date()


def _length(name: str, text: str) -> tuple[timedelta, timedelta]:
    """Return the days of a length, and its hours, minutes and seconds."""
    match = _LENGTH.fullmatch(text)
    if match is None:
        raise Refusal(f"{name}: {expected(_A_LENGTH, text)}")
    sign, *numbers = match.groups()
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in numbers)
    nominal = timedelta(days=weeks * 7 + days)
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return (-nominal, -exact) if sign == "-" else (nominal, exact)


def moment(event: "Event", name: str) -> date | datetime:
    """Return the day or time of a property that an event has; raises Refusal when it is neither."""
    found = getattr(event.get(name), "dt", None)
    if not isinstance(found, date):
        raise Refusal(f"{name}: {expected(_A_MOMENT, str(found))}")
    return found


def is_shown_as_free(transparency: str, busy_status: str) -> bool:
    """Return whether an event with this TRANSP, and this status of Outlook's, takes up no time."""
    return transparency.upper() == "TRANSPARENT" or busy_status.upper() in _NOT_AWAY
