"""Calendars: how hours are written, and when they are open, to the second, worked out by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from policy.clocks.calendar import Calendar, Interval, Span, open_intervals, parse_hours
from policy.refusal import Refusal

DAY = 24 * 60


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def opened(calendar: Calendar, start: str, end: str) -> list[tuple[str, str]]:
    """Return the open intervals as "DD HH:MM" in UTC."""
    return [
        (f"{opening:%d %H:%M}", f"{closing:%d %H:%M}")
        for opening, closing in open_intervals(calendar, instant(start), instant(end))
    ]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Mon 09:00-17:00", [(540, 480)]),
        ("Mon 9:00 - 17:00", [(540, 480)]),
        ("mon 09:00–17:00", [(540, 480)]),
        ("Mon-Wed 09:00-17:00", [(540, 480), (DAY + 540, 480), (2 * DAY + 540, 480)]),
        ("Mon - Tue 18:00-02:00", [(1080, 480), (DAY + 1080, 480)]),
        ("Sat-Mon 10:00-14:00", [(5 * DAY + 600, 240), (6 * DAY + 600, 240), (600, 240)]),
        ("Mon 00:00-24:00", [(0, DAY)]),
        ("Tue 12:00-24:00", [(DAY + 720, 720)]),
        ("Sun 14:00 - Fri 17:00", [(6 * DAY + 840, 5 * DAY - 840 + 1020)]),
        ("Sun 14:00-Fri 17:00", [(6 * DAY + 840, 5 * DAY - 840 + 1020)]),
        ("Mon 00:00 - Sun 24:00", [(0, 7 * DAY)]),
        ("Tue 00:00 - Mon 24:00", [(DAY, 7 * DAY)]),
        ("Fri 18:00 - Mon 08:00", [(4 * DAY + 1080, 2 * DAY + 840)]),
        ("Mon 10:00 - Mon 09:00", [(600, 7 * DAY - 60)]),
    ],
)
def test_hours_are_read(text: str, spans: list[tuple[int, int]]) -> None:
    assert parse_hours(text) == tuple(Span(*span) for span in spans)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "open hours such as"),
        ("Mon", "open hours such as"),
        ("09:00-17:00", "open hours such as"),
        ("Monday 09:00-17:00", "open hours such as"),
        ("Mon-Fry 09:00-17:00", "open hours such as"),
        ("Mon-Fri 9-17", "open hours such as"),
        ("Mon-Fri 09:00-17:00 Sat", "open hours such as"),
        ("Mon-Fri 09:00 - Fri 17:00", "open hours such as"),
        ("Mon-Fri ٠٩:00-17:00", "open hours such as"),
        ("Mon 09:60-17:00", "times from 00:00 to 24:00"),
        ("Mon 09:00-24:01", "times from 00:00 to 24:00"),
        ("Mon 09:00 - Tue 25:00", "times from 00:00 to 24:00"),
        ("Mon 09:00-09:00", "hours that end at another time than they start"),
        ("Mon 09:00 - Mon 09:00", "hours that end at another time than they start"),
        ("Mon 24:00-08:00", "a start before 24:00"),
        ("Mon 24:00 - Tue 08:00", "a start before 24:00"),
        ("Mon-Mon 09:00-17:00", "a range of two different days"),
    ],
)
def test_hours_that_cannot_be_read_are_named(text: str, what: str) -> None:
    with pytest.raises(ValueError, match=what) as caught:
        parse_hours(text)
    assert str(caught.value).endswith(f'not "{text}"')


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "America", "../UTC", "/etc", "a\0b", "x" * 999, "a." * 400 + "a/b"]
)
def test_an_unknown_zone_is_named(zone: str) -> None:
    with pytest.raises(ValueError, match="expected a time zone such as Europe/Berlin or UTC, not"):
        Calendar.of(zone, ["Mon 09:00-17:00"])


def test_no_hours_at_all_are_refused() -> None:
    with pytest.raises(ValueError, match="expected at least one entry of open hours"):
        Calendar.of("UTC", [])


def test_calendars_that_say_the_same_are_the_same() -> None:
    first = Calendar.of("UTC", ["Mon-Tue 09:00-17:00"], [date(2026, 1, 1)])
    other = Calendar.of("UTC", ["Tue 9:00 - 17:00", "Mon 09:00-17:00"], [date(2026, 1, 1)])
    assert first == other
    assert hash(first) == hash(other)


def test_open_hours_are_merged_and_cut_to_what_was_asked() -> None:
    calendar = Calendar.of("UTC", ["Mon 09:00-12:00", "Mon 11:00-13:00", "Mon 13:00-14:00"])
    assert opened(calendar, "2026-03-02", "2026-03-09") == [("02 09:00", "02 14:00")]
    assert opened(calendar, "2026-03-02 10:00", "2026-03-02 11:00") == [("02 10:00", "02 11:00")]
    assert opened(calendar, "2026-03-02 14:00", "2026-03-09 09:00") == []
    assert opened(calendar, "2026-03-02 10:00", "2026-03-02 10:00") == []


def test_a_calendar_that_never_closes_is_one_interval_across_weeks() -> None:
    calendar = Calendar.of("Europe/Berlin", ["Mon 00:00 - Sun 24:00"])
    start, end = instant("2026-01-01"), instant("2026-12-31")
    assert list(open_intervals(calendar, start, end)) == [Interval(start, end)]


@pytest.mark.parametrize(
    ("zone", "hours", "start", "intervals"),
    [
        # Clocks go on from 02:00 to 03:00 at 01:00 UTC on 29 March.
        ("Europe/Berlin", "Sun 01:00-05:00", "2026-03-29", [("29 00:00", "29 03:00")]),
        ("Europe/Berlin", "Sun 02:30-05:00", "2026-03-29", [("29 01:00", "29 03:00")]),
        ("Europe/Berlin", "Sun 01:00-02:30", "2026-03-29", [("29 00:00", "29 01:00")]),
        ("Europe/Berlin", "Sun 02:00-03:00", "2026-03-29", []),
        ("Europe/Berlin", "Sun 02:15-02:45", "2026-03-29", []),
        # They go back from 03:00 to 02:00 at 01:00 UTC on 25 October.
        ("Europe/Berlin", "Sun 02:30-05:00", "2026-10-25", [("25 00:30", "25 04:00")]),
        ("Europe/Berlin", "Sun 01:00-02:30", "2026-10-25", [("24 23:00", "25 01:30")]),
        ("Europe/Berlin", "Sun 02:00-03:00", "2026-10-25", [("25 00:00", "25 02:00")]),
        ("Europe/Berlin", "Sun 01:00-02:00", "2026-10-25", [("24 23:00", "25 01:00")]),
        # Forward at 10:00 UTC on 8 March, back at 09:00 UTC on 1 November.
        ("America/Los_Angeles", "Sun 02:30-04:00", "2026-03-08", [("08 10:00", "08 11:00")]),
        ("America/Los_Angeles", "Sun 01:30-03:00", "2026-11-01", [("01 08:30", "01 11:00")]),
        ("America/Los_Angeles", "Sun 00:00-01:30", "2026-11-01", [("01 07:00", "01 09:30")]),
        # Half an hour: forward at 15:30 UTC on 3 October, back at 15:00 UTC on 4 April.
        ("Australia/Lord_Howe", "Sun 02:15-04:00", "2026-10-04", [("03 15:30", "03 17:00")]),
        ("Australia/Lord_Howe", "Sun 01:45-03:00", "2026-04-05", [("04 14:45", "04 16:30")]),
        # At midnight: forward at 22:00 UTC on 23 April, back at 21:00 UTC on 29 October.
        ("Africa/Cairo", "Thu 18:00-00:30", "2026-04-23", [("23 16:00", "23 22:00")]),
        ("Africa/Cairo", "Fri 00:00-02:00", "2026-04-23", [("23 22:00", "23 23:00")]),
        ("Africa/Cairo", "Thu 22:00-23:30", "2026-10-29", [("29 19:00", "29 21:30")]),
        ("Africa/Cairo", "Thu 18:00-24:00", "2026-10-29", [("29 15:00", "29 22:00")]),
        ("America/Sao_Paulo", "Sat 22:00-24:00", "2019-02-16", [("17 00:00", "17 03:00")]),
        # Back from 01:00 to 00:00 at 05:00 UTC on 1 November: the end of the day comes twice.
        ("America/Havana", "Sat 22:00-24:00", "2026-10-31", [("01 02:00", "01 05:00")]),
        # 30 December 2011 did not exist: the island went to the other side of the date line.
        ("Pacific/Apia", "Fri 09:00-17:00", "2011-12-30", []),
        ("Pacific/Apia", "Thu 22:00 - Sat 02:00", "2011-12-30", [("30 08:00", "30 12:00")]),
    ],
)
def test_clock_changes(zone: str, hours: str, start: str, intervals: list[tuple[str, str]]) -> None:
    around = instant(start)
    calendar = Calendar.of(zone, [hours])
    found = open_intervals(calendar, around - timedelta(days=1), around + timedelta(days=2))
    assert [(f"{one.start:%d %H:%M}", f"{one.end:%d %H:%M}") for one in found] == intervals


def test_a_holiday_closes_its_local_day_and_nothing_else() -> None:
    night = Calendar.of("Europe/Berlin", ["Mon-Sun 18:00-02:00"], [date(2026, 1, 6)])
    # The shift of the 5th ends at midnight; the one that begins on the 6th is open after it.
    assert opened(night, "2026-01-05 12:00", "2026-01-07 12:00") == [
        ("05 17:00", "05 23:00"),
        ("06 23:00", "07 01:00"),
    ]


def test_a_holiday_is_as_long_as_its_day() -> None:
    always = "Mon 00:00 - Sun 24:00"
    spring = Calendar.of("Europe/Berlin", [always], [date(2026, 3, 29)])
    assert opened(spring, "2026-03-28", "2026-03-31") == [
        ("28 00:00", "28 23:00"),
        ("29 22:00", "31 00:00"),
    ]
    autumn = Calendar.of("America/Sao_Paulo", [always], [date(2019, 2, 16)])
    assert opened(autumn, "2019-02-16", "2019-02-18") == [
        ("16 00:00", "16 02:00"),
        ("17 03:00", "18 00:00"),
    ]


def test_a_local_day_that_comes_in_two_parts_is_closed_in_both() -> None:
    # Clocks in St. John's went back from 00:01 to 23:01 of the day before, at 02:31 UTC.
    calendar = Calendar.of("America/St_Johns", ["Mon 00:00 - Sun 24:00"], [date(2010, 11, 6)])
    assert opened(calendar, "2010-11-06", "2010-11-08") == [
        ("06 00:00", "06 02:30"),
        ("07 02:30", "07 02:31"),
        ("07 03:30", "08 00:00"),
    ]


def test_a_holiday_on_a_day_that_does_not_exist_closes_nothing() -> None:
    always = ["Mon 00:00 - Sun 24:00"]
    calendar = Calendar.of("Pacific/Apia", always, [date(2011, 12, 30)])
    start, end = instant("2011-12-25"), instant("2012-01-05")
    assert list(open_intervals(calendar, start, end)) == [Interval(start, end)]


@pytest.mark.parametrize("year", [1, 9999])
def test_years_too_far_away_are_refused(year: int) -> None:
    calendar = Calendar.of("UTC", ["Mon 09:00-17:00"])
    far = datetime(year, 6, 1, tzinfo=UTC)
    with pytest.raises(Refusal, match="in the years 2 to 9998 only"):
        next(open_intervals(calendar, far, far))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "UTC"])
@pytest.mark.parametrize("day", [datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)])
def test_the_first_and_the_last_year_are_reckoned(zone: str, day: datetime) -> None:
    calendar = Calendar.of(zone, ["Mon 00:00 - Sun 24:00"], [date(2, 1, 4), date(9999, 1, 1)])
    assert list(open_intervals(calendar, day, day + timedelta(hours=8)))


def test_an_instant_needs_a_zone() -> None:
    calendar = Calendar.of("UTC", ["Mon 09:00-17:00"])
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point
    with pytest.raises(ValueError, match="an instant needs a time zone"):
        next(open_intervals(calendar, naive, naive))
