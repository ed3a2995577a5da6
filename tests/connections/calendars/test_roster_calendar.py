"""The roster as a calendar: what other programs read from it is what the roster says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import hypothesis
import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.calendars.roster_calendar import roster_ics
from connections.calendars.time_off_calendar import calendar_reading
from policy.clocks.calendar import Calendar, Interval
from policy.roster.coverage import scheduled_hours
from policy.roster.members import Member, Roster, TimeOff
from policy.words import Role

UNHURRIED = hypothesis.settings(deadline=None)

# The weeks in which America and Europe change their clocks.
START = datetime(2026, 3, 2, tzinfo=UTC)
END = datetime(2026, 4, 6, tzinfo=UTC)
NIGHTS = Calendar.of("America/New_York", ["Mon-Fri 18:00-02:00"])
DAYS = Calendar.of(
    "Europe/Berlin", ["Mon-Fri 09:00-12:30", "Mon-Fri 13:30-17:00"], [date(2026, 4, 3)]
)


def member(login: str, hours: Calendar, name: str = "") -> Member:
    return Member(login=login, name=name or login, role=Role.SUPPORT, region="EMEA", hours=hours)


def time_off(login: str, start: datetime, until: datetime | None, number: int = 1) -> TimeOff:
    return TimeOff(
        id=number, login=login, start=start, until=until, reason="a secret", entered_by="lead"
    )


TEAM = Roster(
    members=(member("ada", DAYS, "Ada, the first"), member("bob", NIGHTS)),
    time_off=(
        time_off(
            "ada", datetime(2026, 3, 28, 11, tzinfo=UTC), datetime(2026, 3, 30, tzinfo=UTC), 7
        ),
        time_off("bob", datetime(2026, 4, 1, tzinfo=UTC), None, 8),
        time_off("bob", datetime(2026, 1, 1, tzinfo=UTC), START, 9),
    ),
)


class Written(NamedTuple):
    """An event as another program reads it."""

    uid: str
    start: datetime
    end: datetime
    takes_time: bool


def at(when: date) -> datetime:
    assert isinstance(when, datetime)
    return when


def events(roster: Roster, start: datetime = START, end: datetime = END) -> list[Written]:
    written = icalendar.Calendar.from_ical(roster_ics(roster, start, end))
    assert isinstance(written, icalendar.Calendar)
    return [
        Written(str(each["UID"]), at(each.start), at(each.end), str(each["TRANSP"]) == "OPAQUE")
        for each in written.events
    ]


def test_a_day_off_of_a_night_shift_is_written_to_the_end_of_the_night() -> None:
    off = time_off("bob", datetime(2026, 3, 3, 5, tzinfo=UTC), datetime(2026, 3, 4, 5, tzinfo=UTC))
    roster = Roster(TEAM.members, (replace(off, starts_with_day=True, ends_with_day=True),))
    assert spans(roster, "out", "bob") == [
        Interval(datetime(2026, 3, 3, 7, tzinfo=UTC), datetime(2026, 3, 4, 7, tzinfo=UTC))
    ]


def spans(roster: Roster, kind: str, login: str) -> list[Interval]:
    return [
        Interval(each.start, each.end)
        for each in events(roster)
        if each.uid.startswith(kind) and each.uid.endswith(f"-{login}@numberone")
    ]


@pytest.mark.parametrize("who", TEAM.members, ids=lambda each: each.login)
def test_shifts_are_the_scheduled_hours(who: Member) -> None:
    assert spans(TEAM, "shift", who.login) == list(scheduled_hours(who, START, END))


def test_a_shift_that_begins_before_the_window_is_whole() -> None:
    middle = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)  # 19:30 in New York
    [shift] = events(Roster((member("bob", NIGHTS),)), middle, middle + timedelta(minutes=1))
    assert (shift.start.hour, shift.end.hour) == (22, 6)


def test_time_off_comes_back_as_it_was_and_shifts_are_none() -> None:
    window = Interval(START, END)
    found = calendar_reading(
        roster_ics(TEAM, START, END), "team.ics", "Asia/Tokyo", window
    ).absences
    assert [(each.uid, each.start, each.end, each.all_day, each.summary) for each in found] == [
        (
            "out-7-ada@numberone",
            datetime(2026, 3, 28, 11, tzinfo=UTC),
            datetime(2026, 3, 30, tzinfo=UTC),
            False,
            "Ada, the first: out",
        ),
        (
            "out-8-bob@numberone",
            datetime(2026, 4, 1, tzinfo=UTC),
            END,
            False,
            "bob: out",
        ),
    ]


def test_identifiers_are_the_same_whenever_it_is_written() -> None:
    later = START + timedelta(days=3, hours=1)
    first, second = events(TEAM), events(TEAM, later)
    assert len({each.uid for each in first}) == len(first)
    assert set(second) < set(first)
    assert roster_ics(TEAM, START, END) == roster_ics(TEAM, START, END)


def test_what_programs_that_subscribe_need_to_know() -> None:
    written = roster_ics(TEAM, START, END)
    assert b"a secret" not in written
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    for line in (b"VERSION:2.0", b"METHOD:PUBLISH", b"REFRESH-INTERVAL;VALUE=DURATION:PT15M"):
        assert line in written.split(b"\r\n")
    for each in events(TEAM):
        assert each.takes_time is each.uid.startswith("out")


def test_nobody_is_an_empty_calendar() -> None:
    assert events(Roster()) == []


def test_time_off_that_begins_after_the_window_and_has_no_end() -> None:
    coming = Roster((member("ada", DAYS),), (time_off("ada", END + timedelta(days=1), None),))
    assert spans(coming, "out", "ada") == []


@UNHURRIED
@given(st.text(max_size=40), st.text(min_size=1, max_size=20))
def test_whatever_people_are_called(name: str, login: str) -> None:
    team = Roster(
        (member(login, DAYS, name),),
        (TimeOff(login=login, start=START, until=END, reason="", entered_by="lead"),),
    )
    read = events(team, START, START + timedelta(days=1))
    assert (read[-1].start, read[-1].end) == (START, END)
    assert len({each.uid for each in read}) == len(read) == 3
