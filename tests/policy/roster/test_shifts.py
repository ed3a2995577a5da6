"""What is a shift, and which ones a day off, a public holiday and an instant take."""

from datetime import date, datetime

import pytest

from policy.clocks.calendar import Calendar, Interval, open_intervals, spans_between
from policy.roster.coverage import available_hours, scheduled_hours
from policy.roster.members import Member, Roster
from policy.roster.shifts import in_shifts
from policy.roster.time_off import Day, time_off_between
from tests.policy.teams import DAY, MONDAY, at, member, off

NIGHTS = "Mon-Fri 18:00-02:00"
WEEK = at("2026-03-09 00:00"), at("2026-03-16 00:00")
"""A week from Monday to Sunday in which no clock of these tests changes."""


def shifts(hours: list[str], timezone: str = "UTC") -> list[str]:
    """Return each shift that begins in the week, as ``Mon 18:00-02:00``."""
    calendar = in_shifts(Calendar.of(timezone, hours))
    return [f"{each.start:%a %H:%M}-{each.end:%H:%M}" for each in spans_between(calendar, *WEEK)]


def there(who: Member, *away: tuple[Day, Day | None]) -> list[str]:
    """Return when somebody is in during the week, with these absences."""
    entries = [
        time_off_between(who, start, until, MONDAY, reason="", entered_by="lead")
        for start, until in away
    ]
    return said(list(available_hours(Roster((who,), tuple(entries)), who, *WEEK)))


def said(intervals: list[Interval]) -> list[str]:
    return [f"{each.start:%a %H:%M}-{each.end:%H:%M}" for each in intervals]


def march(day: int) -> date:
    return date(2026, 3, day)


# What a shift is


def test_each_entry_of_the_hours_is_a_shift_on_each_of_its_days() -> None:
    assert shifts(["Mon-Tue 09:00-13:00", "Mon-Tue 14:00-18:00"]) == [
        "Mon 09:00-13:00", "Mon 14:00-18:00", "Tue 09:00-13:00", "Tue 14:00-18:00",
    ]  # fmt: skip
    assert shifts(["Mon-Tue 00:00-24:00"]) == ["Mon 00:00-00:00", "Tue 00:00-00:00"]
    assert shifts(["Mon 18:00-02:00", "Tue 01:00-09:00"]) == ["Mon 18:00-02:00", "Tue 01:00-09:00"]


def test_what_is_written_in_two_pieces_at_midnight_is_one() -> None:
    assert shifts(["Mon-Tue 18:00-24:00", "Tue-Wed 00:00-02:00"]) == shifts(["Mon-Tue 18:00-02:00"])
    assert shifts(["Sun 18:00-24:00", "Mon 00:00-02:00"]) == ["Sun 18:00-02:00"]


def test_what_goes_on_all_day_is_no_night_shift() -> None:
    assert shifts(["Mon-Sun 00:00-12:00", "Mon-Sun 12:00-24:00"])[:2] == [
        "Mon 00:00-12:00", "Mon 12:00-00:00",
    ]  # fmt: skip


def test_hours_of_more_than_a_day_are_a_shift_a_day() -> None:
    assert shifts(["Mon 14:00 - Wed 17:00"]) == [
        "Mon 14:00-00:00", "Tue 00:00-00:00", "Wed 00:00-17:00",
    ]  # fmt: skip
    assert len(shifts(["Mon 00:00 - Sun 24:00"])) == 7
    assert shifts(["Mon 09:00 - Tue 09:00"]) == ["Mon 09:00-09:00"]


def test_shifts_are_the_same_time_as_the_hours() -> None:
    for hours in (
        ["Mon-Tue 18:00-24:00", "Tue-Wed 00:00-02:00"],
        ["Sun 14:00 - Fri 17:00"],
        ["Mon-Sun 00:00-12:00", "Mon-Sun 12:00-24:00"],
    ):
        calendar = Calendar.of("America/New_York", hours)
        year = at("2026-01-01 00:00"), at("2027-01-01 00:00")
        assert list(open_intervals(in_shifts(calendar), *year)) == list(
            open_intervals(calendar, *year)
        )


# What a day off takes


def test_a_day_off_takes_the_shift_that_begins_on_it_and_leaves_the_tail_before() -> None:
    nora = member("nora", NIGHTS)
    assert there(nora)[:3] == ["Mon 18:00-02:00", "Tue 18:00-02:00", "Wed 18:00-02:00"]
    assert there(nora, (march(10), march(10)))[:3] == [
        "Mon 18:00-02:00", "Wed 18:00-02:00", "Thu 18:00-02:00",
    ]  # fmt: skip


def test_instants_cut_whatever_shift_runs() -> None:
    nora = member("nora", NIGHTS)
    assert there(nora, (at("2026-03-10 00:00"), at("2026-03-11 00:00")))[:3] == [
        "Mon 18:00-00:00", "Wed 00:00-02:00", "Wed 18:00-02:00",
    ]  # fmt: skip


def test_one_end_may_be_a_day_and_the_other_an_instant() -> None:
    nora = member("nora", NIGHTS)
    assert there(nora, (at("2026-03-10 20:00"), march(11)))[:3] == [
        "Mon 18:00-02:00", "Tue 18:00-20:00", "Thu 18:00-02:00",
    ]  # fmt: skip
    assert there(nora, (at("2026-03-10 20:00"), march(10)))[:3] == [
        "Mon 18:00-02:00", "Tue 18:00-20:00", "Wed 18:00-02:00",
    ]  # fmt: skip
    assert there(nora, (march(10), at("2026-03-10 23:00")))[:3] == [
        "Mon 18:00-02:00", "Tue 23:00-02:00", "Wed 18:00-02:00",
    ]  # fmt: skip
    assert there(nora, (march(10), None)) == ["Mon 18:00-02:00"]
    assert there(nora, (march(10), at("2026-03-10 01:00")))[0] == "Mon 18:00-02:00"


def test_days_off_one_after_the_other_are_each_their_own_shifts() -> None:
    nora = member("nora", NIGHTS)
    both = there(nora, (march(10), march(10)), (march(11), march(11)))
    assert both == there(nora, (march(10), march(11)))
    assert both[:2] == ["Mon 18:00-02:00", "Thu 18:00-02:00"]


def test_a_shift_of_the_day_after_that_has_begun_meanwhile_is_kept() -> None:
    double = member("dora", ["Mon 18:00-04:00", "Tue 02:00-10:00", "Wed 09:00-17:00"])
    assert there(double, (march(9), march(9))) == ["Tue 02:00-10:00", "Wed 09:00-17:00"]
    assert there(double, (march(10), march(10))) == ["Mon 18:00-04:00", "Wed 09:00-17:00"]


def test_a_day_off_of_whoever_is_always_on_is_that_day() -> None:
    for hours in ("Mon-Sun 00:00-24:00", "Mon 00:00 - Sun 24:00"):
        assert there(member("a", hours), (march(11), march(12))) == [
            "Mon 00:00-00:00", "Fri 00:00-00:00",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("timezone", "day", "begins", "ends"),
    [
        ("Europe/Berlin", "2026-03-28", "2026-03-28 21:00", "2026-03-29 04:00"),
        ("Europe/Berlin", "2026-10-24", "2026-10-24 20:00", "2026-10-25 05:00"),
        ("America/New_York", "2026-03-07", "2026-03-08 03:00", "2026-03-08 10:00"),
        ("America/New_York", "2026-10-31", "2026-11-01 02:00", "2026-11-01 11:00"),
        ("America/Havana", "2026-10-31", "2026-11-01 02:00", "2026-11-01 11:00"),
        ("Africa/Cairo", "2026-04-23", "2026-04-23 20:00", "2026-04-24 03:00"),
    ],
)
def test_the_night_of_a_clock_change_is_off_to_its_end(
    timezone: str, day: str, begins: str, ends: str
) -> None:
    """22:00 to 06:00, an hour shorter or longer than others, at midnight or after it."""
    nora = member("nora", "Mon-Sun 22:00-06:00", timezone)
    free = date.fromisoformat(day)
    entry = time_off_between(nora, free, free, MONDAY, reason="", entered_by="lead")
    around = at(begins) - DAY, at(ends) + DAY
    with_it = list(available_hours(Roster((nora,), (entry,)), nora, *around))
    scheduled = list(scheduled_hours(nora, *around))
    night = Interval(at(begins), at(ends))
    assert night in scheduled
    assert with_it == [each for each in scheduled if each != night]


def test_a_shift_that_ends_at_a_midnight_that_comes_twice_ends_at_the_second() -> None:
    """So it reaches into the day after, which its own day off does not leave there."""
    eve = member("eve", "Mon-Sun 16:00-24:00", "America/Havana")
    free = date(2026, 10, 31)
    entry = time_off_between(eve, free, free, MONDAY, reason="", entered_by="lead")
    around = at("2026-10-31 12:00"), at("2026-11-01 12:00")
    assert said(list(scheduled_hours(eve, *around))) == ["Sat 20:00-05:00"]
    assert list(available_hours(Roster((eve,), (entry,)), eve, *around)) == []


# What a public holiday takes


def test_a_public_holiday_takes_the_shift_that_begins_on_it() -> None:
    nora = member("nora", NIGHTS, holidays=[march(10)])
    assert said(list(scheduled_hours(nora, *WEEK)))[:2] == ["Mon 18:00-02:00", "Wed 18:00-02:00"]


def test_a_public_holiday_on_a_day_without_a_shift_takes_nothing() -> None:
    nora = member("nora", NIGHTS, holidays=[march(14)])
    assert said(list(scheduled_hours(nora, *WEEK)))[-1] == "Fri 18:00-02:00"


def test_the_contracts_hours_are_closed_all_day() -> None:
    calendar = Calendar.of("UTC", [NIGHTS], [march(10)])
    assert said(list(open_intervals(calendar, *WEEK)))[:2] == ["Mon 18:00-00:00", "Wed 00:00-02:00"]


def test_a_holiday_and_a_day_off_next_to_each_other() -> None:
    nora = member("nora", NIGHTS, holidays=[march(10)])
    assert there(nora, (march(11), march(11)))[:2] == ["Mon 18:00-02:00", "Thu 18:00-02:00"]


# What older versions wrote


@pytest.mark.parametrize(
    ("start", "until", "days"),
    [
        ("2026-03-09 23:00", "2026-03-10 23:00", (True, True)),
        ("2026-03-09 23:00", None, (True, False)),
        ("2026-03-09 23:00", "2026-03-10 12:00", (False, False)),
        ("2026-03-09 12:00", "2026-03-10 23:00", (False, False)),
        ("2026-03-10 00:00", "2026-03-11 00:00", (False, False)),  # midnights of another zone
    ],
)
def test_what_does_not_say_it_is_days_from_midnight_to_midnight(
    start: str, until: str | None, days: tuple[bool, bool]
) -> None:
    hours = member("nora", NIGHTS, "Europe/Berlin").hours
    ends = None if until is None else at(until)
    assert off("nora", at(start), ends, days=(None, None)).days(hours) == days


def test_whoever_is_not_scheduled_has_no_shifts_and_may_be_out() -> None:
    lea = Member(
        login="lea", name="Lea", role=member("x").role, region="EMEA", hours=Calendar("UTC", ())
    )
    entry = time_off_between(lea, march(9), march(9), MONDAY, reason="", entered_by="lea")
    roster = Roster((lea,), (entry,))
    assert list(scheduled_hours(lea, *WEEK)) == []
    assert roster.away("lea") == [Interval(at("2026-03-09 00:00"), at("2026-03-10 00:00"))]
    assert roster.out_until("lea", datetime.fromisoformat("2026-03-09T12:00Z")) == at(
        "2026-03-10 00:00"
    )


def test_where_shifts_overlap_nobody_is_there_once_each_is_taken_by_some_entry() -> None:
    who = member("nora", ["Tue 16:15-02:01", "Wed 00:15-02:01"])
    tuesday, wednesday = (march(10), march(10)), (march(11), march(11))
    assert there(who, tuesday) == ["Wed 00:15-02:01"]
    assert there(who, wednesday) == ["Tue 16:15-02:01"]
    assert there(who, tuesday, wednesday) == []
    assert there(who, tuesday, (at("2026-03-11 01:00"), None)) == ["Wed 00:15-01:00"]
