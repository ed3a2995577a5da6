"""What three kinds of programs write is read to the minute, against a walk through every minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connections.calendars.time_off_calendar import CalendarReading, calendar_reading
from policy.clocks.calendar import Interval
from tests.connections.calendars.calendar_programs import PROGRAMS, Away, local, midnight

SPRING = Interval(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 10, tzinfo=UTC))
AUTUMN = Interval(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC))
MINUTE = timedelta(minutes=1)

KEPT = (
    Away(uid="sea", title="Sea\\, sun", start=date(2026, 3, 27), end=date(2026, 3, 31)),
    Away(uid="one", title="A day", start=date(2026, 10, 25), end=date(2026, 10, 26)),
    Away(
        uid="night",
        title="Nights",
        start=local("2026-03-14 22:00"),
        end=local("2026-03-15 06:00"),
        times=5,
        not_on=frozenset({local("2026-03-21 22:00")}),
        moved={local("2026-04-04 22:00"): (local("2026-04-06 01:00"), local("2026-04-06 04:30"))},
    ),
    Away(
        uid="autumn",
        title="Autumn nights",
        start=local("2026-10-17 22:00"),
        end=local("2026-10-18 06:00"),
        times=3,
    ),
    Away(
        uid="york",
        title="Course",
        zone="America/New_York",
        start=local("2026-03-06 18:00"),
        end=local("2026-03-06 23:00"),
        every=1,
        times=4,
    ),
    Away(
        uid="sydney",
        title="Family",
        zone="Australia/Sydney",
        start=local("2026-04-04 20:00"),
        end=local("2026-04-05 09:00"),
    ),
    Away(
        uid="days",
        title="Fridays",
        start=date(2026, 10, 9),
        end=date(2026, 10, 10),
        times=4,
        not_on=frozenset({date(2026, 10, 16)}),
    ),
    Away(uid="lunch", title="Lunch", start=date(2026, 3, 16), end=date(2026, 3, 17), free=True),
)
"""Overlapping absences in three zones, over both changes of the clocks of each."""


def walked(person: str, window: Interval) -> set[datetime]:
    """Return the minutes away, looked up one by one on the clocks of where each absence is."""
    spans = [
        (ZoneInfo(person if away.all_day else away.zone), _wall(start), _wall(end))
        for away in KEPT
        if not away.free
        for start, end in away.occurrences()
    ]
    away = set()
    instant = window.start
    while instant < window.end:
        for zone, start, end in spans:
            if start <= instant.astimezone(zone).replace(tzinfo=None) < end:
                away.add(instant)
                break
        instant += MINUTE
    return away


def _wall(value: date) -> datetime:
    return value if isinstance(value, datetime) else midnight(value)


def minutes_of(reading: CalendarReading, window: Interval) -> set[datetime]:
    def each() -> Iterator[datetime]:
        for absence in reading.absences:
            instant = max(absence.start, window.start)
            while instant < min(absence.end, window.end):
                yield instant
                instant += MINUTE

    return set(each())


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("window", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize("person", ["Europe/Berlin", "Asia/Tokyo"])
def test_every_minute_is_as_somebody_walking_through_it_finds(
    program: str, window: Interval, person: str
) -> None:
    reading = calendar_reading(PROGRAMS[program](KEPT), "team.ics", person, window)
    assert minutes_of(reading, window) == walked(person, window)
    assert not reading.broken
    assert [each.name for each in reading.free] == (["Lunch"] if window is SPRING else [])


def test_the_walk_finds_what_there_is() -> None:
    assert len(walked("Europe/Berlin", SPRING)) > 5 * 24 * 60
    assert len(walked("Europe/Berlin", AUTUMN)) > 4 * 24 * 60


@pytest.mark.parametrize("program", PROGRAMS)
def test_titles_ids_and_days_are_the_same_from_each(program: str) -> None:
    text = PROGRAMS[program](KEPT)
    reading = calendar_reading(text, "team.ics", "Europe/Berlin", SPRING)
    assert {each.summary for each in reading.absences} == {"Sea, sun", "Nights", "Course", "Family"}
    [sea] = [each for each in reading.absences if each.summary == "Sea, sun"]
    assert sea.all_day
    assert len({(each.uid, each.repetition) for each in reading.absences}) == len(reading.absences)
