"""Twelve people, their absences by hand and by calendar: against a walk minute by minute.

What the command line was told is written down once more below, as plainly as a person would say
it, and the walk looks at every minute what the clock on each person's wall shows. It knows nothing
of how the program reckons.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from store.desk import Desk
from tests.connections.calendars.calendar_programs import Away as Event
from tests.connections.calendars.calendar_programs import apple, google, outlook
from tests.databases import address_of
from tests.tui.command_runs import CommandLine, Document

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEKDAYS = range(5)
EVERY_DAY = range(7)
HOLIDAYS = {
    "DE": {date(2026, 4, 3), date(2026, 4, 6)},
    "US": {date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26)},
    "": set[date](),
}
"""The public holidays inside the weeks that are walked, from an almanac."""


@dataclass(frozen=True)
class Away:
    """An absence: from and until instants (UTC), or days where somebody lives, the last included.

    ``until`` None is until further notice.
    """

    start: date | datetime
    until: date | datetime | None

    def has(self, day: date, instant: datetime) -> bool:
        """Return whether it takes a minute of the shift that begins on a day."""
        begun = self.start <= instant if isinstance(self.start, datetime) else self.start <= day
        if self.until is None:
            return begun
        if isinstance(self.until, datetime):
            return begun and instant < self.until
        return begun and day <= self.until


@dataclass(frozen=True)
class Worker:
    """Somebody of the team; ``shifts`` are weekdays, when they begin, and for how many minutes."""

    zone: str
    hours: tuple[str, ...]
    shifts: tuple[tuple[range, time, int], ...]
    away: tuple[Away, ...] = ()
    country: str = ""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def days(first: str, last: str = "") -> Away:
    return Away(date.fromisoformat(first), date.fromisoformat(last or first))


def local(zone: str, start: str, until: str) -> Away:
    """Return an absence between two times of a zone's clocks."""
    begins, ends = (
        datetime.fromisoformat(each).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        for each in (start, until)
    )
    return Away(begins, ends)


TEAM = {
    "ada": Worker(
        "Europe/Berlin",
        ("Mon-Fri 09:00-17:00",),
        ((WEEKDAYS, time(9), 8 * 60),),
        (
            days("2026-03-30", "2026-04-02"),  # from a calendar, as what follows
            *(
                local("Europe/Berlin", f"{day}T14:00", f"{day}T16:00")
                for day in ("2026-03-17", "2026-03-24", "2026-03-31", "2026-04-14")
            ),
            local("Europe/Berlin", "2026-04-08T10:00", "2026-04-08T12:00"),
            Away(at("2026-03-27 12:00"), date(2026, 3, 30)),  # by hand
        ),
        "DE",
    ),
    "bela": Worker(  # the nights in which Europe's clocks change
        "Europe/Berlin",
        ("Mon-Sun 22:00-06:00",),
        ((EVERY_DAY, time(22), 8 * 60),),
        (
            Away(at("2026-03-20 15:00"), at("2026-04-01 10:00")),
            days("2026-03-27", "2026-04-01"),
            days("2026-10-24"),
        ),
        "DE",
    ),
    "cleo": Worker(
        "Europe/Berlin",
        ("Mon-Sun 08:00-12:00", "Mon-Sun 13:00-17:00"),
        ((EVERY_DAY, time(8), 4 * 60), (EVERY_DAY, time(13), 4 * 60)),
        (
            local("Europe/Berlin", "2026-10-23T13:00", "2026-10-25T10:00"),  # from a calendar
            days("2026-10-26", "2026-10-27"),
            Away(at("2026-10-24 08:30"), at("2026-11-03 09:00")),  # by hand
        ),
    ),
    "dora": Worker(  # her nights in two pieces each, as some write them
        "Europe/London",
        ("Mon-Fri 16:00-24:00", "Tue-Sat 00:00-02:00"),
        ((WEEKDAYS, time(16), 10 * 60),),
        (days("2026-03-27"), days("2026-03-30", "2026-03-31"), days("2026-10-23")),
    ),
    "eve": Worker(
        "America/New_York",
        ("Mon-Fri 09:00-17:00",),
        ((WEEKDAYS, time(9), 8 * 60),),
        (
            days("2026-03-05", "2026-03-05"),
            Away(at("2026-03-05 18:00"), at("2026-03-06 15:00")),
            Away(at("2026-03-06 14:00"), at("2026-03-06 15:00")),
        ),
        "US",
    ),
    "finn": Worker(  # the nights in which America's clocks change
        "America/New_York",
        ("Mon-Sun 18:00-02:00",),
        ((EVERY_DAY, time(18), 8 * 60),),
        (Away(at("2026-03-07 00:30"), date(2026, 3, 7)), days("2026-10-31"), days("2026-11-10")),
        "US",
    ),
    "gabe": Worker(
        "America/New_York",
        ("Mon-Sun 23:30-07:30",),
        ((EVERY_DAY, time(23, 30), 8 * 60),),
        (days("2026-03-09", "2026-03-13"), Away(at("2026-03-06 09:00"), at("2026-03-07 09:00"))),
    ),
    "hana": Worker(
        "America/Los_Angeles",
        ("Mon-Sun 21:00-07:00",),
        ((EVERY_DAY, time(21), 10 * 60),),
        (
            Away(at("2026-03-11 08:00"), date(2026, 3, 13)),
            Away(date(2026, 3, 13), at("2026-03-15 10:00")),
            days("2026-10-31", "2026-11-01"),
        ),
    ),
    "ines": Worker(
        "America/Los_Angeles",
        ("Mon-Fri 14:00-22:00",),
        ((WEEKDAYS, time(14), 8 * 60),),
        (days("2026-03-16", "2026-03-20"), Away(at("2026-11-06 00:00"), None)),
        "US",
    ),
    "jun": Worker(
        "Asia/Kolkata", ("Mon-Fri 06:30-15:00",), ((WEEKDAYS, time(6, 30), 8 * 60 + 30),)
    ),
    "kira": Worker(
        "Asia/Kolkata",
        ("Mon-Sun 23:45-07:45",),
        ((EVERY_DAY, time(23, 45), 8 * 60),),
        (
            days("2026-03-10"),  # from a calendar, as the next
            local("Asia/Kolkata", "2026-03-12T01:00", "2026-03-12T03:00"),
            Away(at("2026-03-11 00:00"), at("2026-03-11 23:00")),  # by hand
            days("2026-11-20", "2026-11-22"),
            days("2026-11-21", "2026-11-25"),
        ),
    ),
    "mia": Worker("Africa/Cairo", ("Sun-Thu 09:00-17:00",), (((6, 0, 1, 2, 3), time(9), 8 * 60),)),  # type: ignore[arg-type] # any days
}
LEAD = """
[[member]]
login = "mo"
name = "Mo"
role = "lead"
region = "EMEA"
timezone = "UTC"
"""
TOLD = (
    ("2026-03-02T08:00Z", "out eve --from 2026-03-05 --until 2026-03-05 --reason course"),
    ("2026-03-02T08:05Z", "out gabe --from 2026-03-09 --until 2026-03-13 --reason holidays"),
    ("2026-03-04T14:00Z", "out hana --from 2026-03-09 --until 2026-03-11 --reason training"),
    (
        "2026-03-04T14:01Z",
        "out hana --from 2026-03-11T08:00Z --until 2026-03-13 --reason holidays",
    ),
    ("2026-03-04T14:02Z", "back hana"),
    (
        "2026-03-04T14:03Z",
        "out hana --from 2026-03-13 --until 2026-03-15T10:00Z --reason moving",
    ),
    ("2026-03-05T18:00Z", "out eve --reason ill"),
    ("2026-03-06T09:00Z", "out gabe --until 2026-03-10 --reason sick"),
    ("2026-03-06T14:00Z", "out eve --until 5h --reason dentist"),
    ("2026-03-06T15:00Z", "back eve --all"),
    ("2026-03-07T00:30Z", "out finn --until 2026-03-07 --reason ill"),
    ("2026-03-07T09:00Z", "back gabe"),
    ("2026-03-11T00:00Z", "out kira --reason ill"),
    ("2026-03-11T12:00Z", "out kira --until 2026-03-11T23:00Z --reason ill"),
    ("2026-03-12T09:00Z", "out ines --from 2026-03-16 --until 2026-03-18 --reason away"),
    ("2026-03-12T09:01Z", "out ines --entry {ines} --until 2026-03-20"),
    ("2026-03-12T09:02Z", "back ines"),
    ("2026-03-12T09:03Z", "undo"),
    ("2026-03-20T15:00Z", "out bela --reason sick"),
    ("2026-03-23T15:00Z", "out bela --from 2026-03-27 --until 2026-03-29 --reason holidays"),
    ("2026-03-26T09:00Z", "out dora --from 2026-03-30 --until 2026-03-31 --reason away"),
    ("2026-03-26T09:01Z", "out dora --from 2026-03-27 --until 2026-03-27 --reason away"),
    ("2026-03-27T12:00Z", "out ada --until 2026-03-30 --reason errands"),
    ("2026-03-28T12:00Z", "out bela --from 2026-03-28 --until 2026-04-01 --reason holidays"),
    ("2026-04-01T10:00Z", "back bela --entry {bela}"),
    ("2026-10-20T09:00Z", "out dora --from 2026-10-23 --until 2026-10-23"),
    ("2026-10-20T09:01Z", "out bela --from 2026-10-24 --until 2026-10-24 --reason party"),
    ("2026-10-20T09:02Z", "out finn --from 2026-10-31 --until 2026-10-31 --reason halloween"),
    ("2026-10-20T09:03Z", "out finn --from 2026-11-10 --until 2026-11-10"),
    ("2026-10-20T09:04Z", "out hana --from 2026-10-31 --until 2026-11-01 --reason halloween"),
    ("2026-10-20T09:05Z", "out jun --from 2026-10-21 --until 2026-11-30 --reason mistake"),
    ("2026-10-20T09:06Z", "undo"),
    ("2026-10-24T08:30Z", "out cleo --reason ill"),
    ("2026-11-03T09:00Z", "back cleo"),
    ("2026-11-06T00:00Z", "out ines --reason ill"),
    ("2026-11-10T09:00Z", "out kira --from 2026-11-20 --until 2026-11-22 --reason one"),
    ("2026-11-10T09:01Z", "out kira --from 2026-11-21 --until 2026-11-25 --reason other"),
)
"""What was typed when; ``{login}`` is the number of their first entry of those in the list."""


def berlin(text: str) -> datetime:
    """Return a time as somebody in Berlin enters it, without a zone."""
    return datetime.fromisoformat(text)


GOOGLE = google(
    [
        Event(uid="1@google.com", title="Urlaub", start=date(2026, 3, 30), end=date(2026, 4, 3)),
        Event(
            uid="2@google.com",
            title="Kurs",
            start=berlin("2026-03-17T14:00"),
            end=berlin("2026-03-17T16:00"),
            times=5,
            not_on=frozenset({berlin("2026-04-07T14:00")}),
        ),
        Event(
            uid="3@google.com",
            title="Arzt",
            start=berlin("2026-04-08T10:00"),
            end=berlin("2026-04-08T12:00"),
        ),
    ]
)
OUTLOOK = outlook(
    [
        Event(
            uid="040000008200E00074C5B7101A82E0080000000000000001",
            title="Abwesend",
            start=berlin("2026-10-23T13:00"),
            end=berlin("2026-10-25T10:00"),
        ),
        Event(
            uid="040000008200E00074C5B7101A82E0080000000000000002",
            title="Urlaub",
            start=date(2026, 10, 26),
            end=date(2026, 10, 28),
        ),
    ]
)
APPLE = apple(
    [
        Event(uid="5E1C1B50-0001", title="Holi", start=date(2026, 3, 10), end=date(2026, 3, 11)),
        Event(
            uid="5E1C1B50-0002",
            title="Call",
            start=berlin("2026-03-11T20:30"),
            end=berlin("2026-03-11T22:30"),
        ),
    ]
)
CALENDARS = (
    ("2026-03-03T12:00Z", "ada", GOOGLE),
    ("2026-03-03T12:01Z", "kira", APPLE),
    ("2026-10-20T12:00Z", "cleo", OUTLOOK),
)
WALKED = (("2026-03-02", 7 * 7), ("2026-10-05", 8 * 7))
"""Weeks in which the clocks of America and Europe change, and public holidays fall."""


@pytest.fixture
def told(numberone: CommandLine) -> CommandLine:
    """Give the desk after all that was told, in its order, the calendars read and read again."""
    members = [
        f'[[member]]\nlogin = "{login}"\nname = "{login.title()}"\nrole = "support"\n'
        f'region = "EMEA"\ntimezone = "{who.zone}"\nhours = {list(who.hours)}\n'
        + (f'holidays = "{who.country}"\n' if who.country else "")
        for login, who in TEAM.items()
    ]
    (numberone.folder / "team.toml").write_text("\n".join([LEAD, *members]))
    numberone("--at 2026-03-01T12:00Z team import team.toml")
    for when, login, text in CALENDARS:
        (numberone.folder / f"{login}.ics").write_bytes(text)
        for _ in range(2):
            numberone(f"--at {when} calendar read {login}.ics --for {login}")
    numbers: dict[str, int] = {}
    for when, typed in TOLD:
        listed = numberone.json(f"--at {when} team --out")["absences"]
        for each in listed:
            numbers.setdefault(each["login"], each["id"])
        numberone(f"--at {when} {typed.format_map(numbers)}")
    return numberone


def walked(first: str, length: int) -> Iterator[tuple[datetime, set[str], set[str]]]:
    """Yield each minute of some days of UTC with who is scheduled then, and who is available."""
    begin = at(f"{first} 00:00")
    zones = {who.zone: ZoneInfo(who.zone) for who in TEAM.values()}
    for number in range(length * 24 * 60):
        instant = begin + number * MINUTE
        walls = {
            name: instant.astimezone(zone).replace(tzinfo=None) for name, zone in zones.items()
        }
        scheduled, available = set(), set()
        for login, who in TEAM.items():
            for day in on_shift(who, walls[who.zone]):
                scheduled.add(login)
                if not any(away.has(day, instant) for away in who.away):
                    available.add(login)
        yield instant, scheduled, available


def on_shift(who: Worker, wall: datetime) -> Iterator[date]:
    """Yield the day on which each shift began that is on when a clock shows ``wall``."""
    for day in (wall.date() - DAY, wall.date()):
        if day in HOLIDAYS[who.country]:
            continue
        for weekdays, begins, minutes in who.shifts:
            start = datetime.combine(day, begins)
            if day.weekday() in weekdays and start <= wall < start + minutes * MINUTE:
                yield day


def is_open(instant: datetime) -> bool:
    """Return whether the contract's hours include an instant: Sunday 14:00 to Friday 17:00."""
    wall = instant.astimezone(ZoneInfo("America/Los_Angeles"))
    weekday, clock = wall.weekday(), wall.time()
    if weekday == 6:
        return clock >= time(14)
    return weekday < 4 or (weekday == 4 and clock < time(17))


@pytest.mark.parametrize(("first", "length"), WALKED, ids=["spring", "autumn"])
def test_everybody_is_there_when_the_walk_says_so(
    told: CommandLine, first: str, length: int
) -> None:
    begin = at(f"{first} 00:00")
    with closing(Desk.open(address_of(told.db), actor="mo", clock=lambda: begin)) as desk:
        view = desk.team.coverage(begin, begin + length * DAY)
    counted = counts(told.json(f"coverage --from {first}T00:00Z --hours {length * 24}"))
    covers, cover, sampled = iter(view.covers), view.covers[0], 0
    for instant, scheduled, available in walked(first, length):
        while instant >= cover.end:
            cover = next(covers)
        assert (set(cover.scheduled), set(cover.available)) == (scheduled, available), instant
        assert next(counted) == (len(scheduled), len(available)), instant
        in_gap = any(gap.start <= instant < gap.end for gap in view.gaps)
        assert in_gap == (is_open(instant) and not available), instant
        if instant.minute == 0 and instant.hour % 12 == 9 and instant.day % 3 == 0:
            document = told.json(f"--at {instant:%Y-%m-%dT%H:%MZ} capacity")
            assert set(document["available"]) == available, instant
            assert set(document["scheduled"]) == scheduled, instant
            sampled += 1
    assert sampled > 25
    assert next(counted, None) is None


def counts(coverage: Document) -> Iterator[tuple[int, int]]:
    """Yield for each minute how many the command line says are scheduled, and available."""
    for each in coverage["intervals"]:
        start, until = (datetime.fromisoformat(each[name]) for name in ("from", "until"))
        yield from [(each["scheduled"], each["available"])] * ((until - start) // MINUTE)
