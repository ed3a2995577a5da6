"""Teams for tests, and a walk that finds out minute by minute who is there.

The walk knows nothing of how the policy reckons: it looks at what a clock on the wall of each
member shows, minute after minute, and follows what docs/design.md says of clock changes literally.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from policy.clocks.calendar import Calendar
from policy.roster.members import Member, Roster, TimeOff
from policy.roster.time_off import Day, time_off_between
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Requester, Ticket
from policy.waits.durations import durations_of
from policy.waits.forecast import Waiting, expected_answers
from policy.waits.staffed_work import StaffedWork
from policy.waits.usual_arrivals import NO_ARRIVALS
from policy.words import OpenedBy, Role, Status
from tests.examples import WORDS

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday morning in UTC, inside the contract's hours, with no clock change near."""


def at(text: str) -> datetime:
    """Return the instant that ``text`` says in UTC, as in "2026-03-02 09:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def member(
    login: str,
    hours: str | Sequence[str] = "Mon-Fri 09:00-17:00",
    timezone: str = "UTC",
    holidays: Iterable[date] = (),
    **fields: Any,  # noqa: ANN401 - any field of a member
) -> Member:
    """Return somebody in support, named as their login with a capital, changed by ``fields``."""
    entries = [hours] if isinstance(hours, str) else hours
    plain: dict[str, Any] = {"role": Role.SUPPORT, "region": "EMEA", "name": login.capitalize()}
    calendar = Calendar.of(timezone, entries, holidays)
    return Member(login=login, hours=calendar, **(plain | fields))


def off(
    login: str,
    start: datetime,
    until: datetime | None,
    reason: str = "holiday",
    *,
    number: int = 0,
    source: str | None = None,
    days: tuple[bool | None, bool | None] = (False, False),
) -> TimeOff:
    """Return time off that a lead entered, or that came from a calendar.

    ``days`` say which ends are the turns of days, None as an older version left it.
    """
    return TimeOff(
        id=number,
        login=login,
        start=start,
        until=until,
        reason=reason,
        entered_by="lead",
        source=source,
        starts_with_day=days[0],
        ends_with_day=days[1],
    )


def ticket(number: int = 1, /, **fields: Any) -> Ticket:  # noqa: ANN401 - any field of a ticket
    """Return a waiting p2 ticket of an Enterprise customer; ``requester`` may be just a name."""
    if isinstance(fields.get("requester"), str):
        name = fields["requester"]
        fields["requester"] = Requester(name=name, email=f"{name.lower()}@example.com")
    fields.setdefault("internal", fields.get("tier") in WORDS.internal)
    plain: dict[str, Any] = {
        "source": "test",
        "external_id": str(number),
        "subject": f"Ticket {number}",
        "customer": "Acme",
        "tier": "enterprise",
        "severity": 2,
        "opened_by": OpenedBy.CUSTOMER,
        "status": Status.NEW,
        "received_at": MONDAY,
        "waiting_since": MONDAY,
        "aim_by": MONDAY + 2 * HOUR,
        "defined_priority": "p2",
        "because": "Because the rule says so.",
    }
    return Ticket(id=number, **(plain | fields))


def expected_in(
    rulebook: Rulebook, roster: Roster, queue: Iterable[Ticket], now: datetime
) -> dict[int, datetime]:
    """Return when tickets that nobody is at are answered, by the policy's times and no history."""
    return expected_answers(
        (Waiting(each.id, each.priority) for each in queue),
        (),
        StaffedWork.of(roster, now),
        durations_of(rulebook, ()),
        NO_ARRIVALS,
        rulebook.vocabulary.priorities,
    )


@dataclass(frozen=True)
class Shift:
    """Weekly hours, in minutes from the local midnight at which their day begins."""

    day: int
    start: int
    length: int

    @property
    def text(self) -> str:
        """The same in the calendar's syntax."""
        end = self.start + self.length
        if self.length < DAY // MINUTE:
            return f"{DAY_NAMES[self.day]} {_clock(self.start)}-{_clock(end % (24 * 60))}"
        last, minutes = divmod(end, 24 * 60)
        last_day = DAY_NAMES[(self.day + last) % 7]
        return f"{DAY_NAMES[self.day]} {_clock(self.start)} - {last_day} {_clock(minutes)}"


@dataclass(frozen=True)
class Person:
    """Somebody as the walk knows them; ``away`` is from and until, instants or whole days."""

    login: str
    zone: str
    shifts: tuple[Shift, ...]
    holidays: frozenset[date] = frozenset()
    away: tuple[tuple[Day, Day | None], ...] = ()

    @property
    def member(self) -> Member:
        """The same person as the policy knows them."""
        hours = [shift.text for shift in self.shifts]
        return member(self.login, hours, self.zone, self.holidays)

    @property
    def time_off(self) -> list[TimeOff]:
        """The same time off as the policy knows it."""
        return [
            time_off_between(self.member, start, until, MONDAY, reason="holiday", entered_by="lead")
            for start, until in self.away
        ]

    def begins_on(self, shift: Shift, day: date) -> date:
        """Return the day on which a shift begins whose hours are written down for ``day``.

        That is the day before for what begins at midnight, where the hours before it are written
        to 24:00 and both together are less than a day.
        """
        before = (
            each
            for each in self.shifts
            if each.day == (shift.day - 1) % 7
            and 0 < each.start == 24 * 60 - each.length
            and each.length + shift.length < 24 * 60
        )
        return day - DAY if shift.start == 0 and any(before) else day


def roster_of(people: Iterable[Person]) -> Roster:
    """Return what the policy is told of the people."""
    everybody = list(people)
    return Roster(
        tuple(person.member for person in everybody),
        tuple(each for person in everybody for each in person.time_off),
    )


@dataclass(frozen=True)
class Walk:
    """Minutes of UTC from ``begin`` on."""

    begin: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        """When the walk ends, which does not belong to it."""
        return self.at(self.minutes)

    def at(self, minute: int) -> datetime:
        """Return the instant at which a minute begins."""
        return self.begin + minute * MINUTE

    def scheduled(self, person: Person) -> list[bool]:
        """Return for each minute whether the person's working hours include it."""
        return self._working(person, lambda _, __: True)

    def available(self, person: Person) -> list[bool]:
        """Return for each minute whether the person is scheduled and not out."""
        return self._working(person, lambda day, instant: not _is_away(person.away, day, instant))

    def _working(self, person: Person, is_there: Callable[[date, datetime], bool]) -> list[bool]:
        """Return for each minute whether any shift includes it in which the person is there.

        ``is_there`` is asked with the day on which the shift begins, and with the minute.
        """
        shown, highest, lowest = _clocks(person.zone, self.begin, self.minutes)
        last_shown = {wall: number for number, wall in enumerate(shown)}
        working = [False] * self.minutes
        first_day = shown[0].date() - 8 * DAY
        for day in (first_day + number * DAY for number in range(self.minutes // (24 * 60) + 17)):
            for shift in (each for each in person.shifts if each.day == day.weekday()):
                start = datetime.combine(day, time(0)) + shift.start * MINUTE
                end = start + shift.length * MINUTE
                first = bisect_left(highest, start)
                beyond = last_shown.get(end, bisect_left(lowest, end))
                begins_on = person.begins_on(shift, day)
                if begins_on not in person.holidays:
                    for minute in range(first, min(beyond, self.minutes)):
                        working[minute] |= is_there(begins_on, self.at(minute))
        return working


def _is_away(away: Iterable[tuple[Day, Day | None]], day: date, instant: datetime) -> bool:
    """Return whether somebody is out at an instant of a shift that begins on ``day``."""
    return any(
        _has_begun(start, day, instant) and _goes_on(until, day, instant) for start, until in away
    )


def _has_begun(start: Day, day: date, instant: datetime) -> bool:
    return start <= instant if isinstance(start, datetime) else start <= day


def _goes_on(until: Day | None, day: date, instant: datetime) -> bool:
    if until is None:
        return True
    return instant < until if isinstance(until, datetime) else day <= until


@lru_cache(maxsize=64)
def _clocks(zone: str, begin: datetime, minutes: int) -> tuple[list[datetime], ...]:
    """Return what a clock on the wall shows at each minute, its highest so far, its lowest yet."""
    shown = [
        (begin + number * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        for number in range(minutes)
    ]
    highest = list(accumulate(shown, max))
    lowest = list(accumulate(reversed(shown), min))[::-1]
    return shown, highest, lowest


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
