"""Times of a contract: open time, closings and pauses, against a walk minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from policy.clocks.business_time import add_business_time
from policy.clocks.calendar import Calendar, Interval, open_intervals, together
from policy.clocks.target_time import (
    TargetTime,
    closes_within_the_day,
    due_at,
    ever_closes,
)
from policy.refusal import Refusal
from tests.policy.clocks.walks import CLOCK_CHANGES, MINUTE, Case, Shift, cases, open_minutes

OFFICE = Calendar.of("Europe/Berlin", ["Mon-Fri 09:00-17:00"], [date(2026, 3, 4)])
"""Closed on a Wednesday."""

EXPECTATION = 'a time in quotes such as "4h" of open time, "1bd" for a closing, or "none"'


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@st.composite
def days_cases(draw: st.DrawFn) -> Case:
    """Draw a calendar whose hours end on the day on which they begin."""
    zone, around = draw(st.sampled_from(CLOCK_CHANGES))
    near = st.integers(-8, 8).map(lambda days: around + timedelta(days=days))
    days = draw(st.lists(st.integers(0, 6), min_size=1, max_size=6))
    hours = []
    for day in days:
        start = draw(st.integers(0, 23 * 60))
        length = draw(st.integers(1, 24 * 60 - start) | st.just(24 * 60 - start))
        hours.append(Shift(day, start, length))
    case = Case(zone, around, tuple(hours), draw(st.frozensets(near, max_size=3)))
    assume(closes_within_the_day(case.calendar))
    return case


@st.composite
def pauses(draw: st.DrawFn, case: Case) -> list[Interval]:
    minutes = st.integers(0, case.minutes - 1)
    spans = draw(st.lists(st.tuples(minutes, st.integers(0, 4 * 24 * 60)), max_size=3))
    return [Interval(case.at(begin), case.at(begin + length)) for begin, length in spans]


def running(case: Case, stops: list[Interval]) -> list[bool]:
    """Return for each minute of the walk whether the clock runs."""
    walk = open_minutes(case)
    for stop in stops:
        first, beyond = ((edge - case.begin) // MINUTE for edge in stop)
        for minute in range(first, min(beyond, len(walk))):
            walk[minute] = False
    return walk


def walked_closing(case: Case, stops: list[Interval], start: int, day: int) -> datetime | None:
    """Return the closing of the n-th open day after the minute ``start``, found by walking."""
    opened, runs, zone = open_minutes(case), running(case, stops), ZoneInfo(case.zone)
    counted = today = case.at(start).astimezone(zone).date()
    days = 0
    for minute in range(start, case.minutes - 1):
        if minute == start or not opened[minute - 1]:
            today = case.at(minute).astimezone(zone).date()  # of which the hours are that begin
        if not runs[minute]:
            continue
        if today > counted:
            counted, days = today, days + 1
        if days >= day and not opened[minute + 1]:
            return case.at(minute + 1)
    return None


@given(cases(), st.data())
@settings(deadline=None)
def test_open_time_with_pauses_agrees_with_a_walk(case: Case, data: st.DataObject) -> None:
    stops = data.draw(pauses(case))
    start = data.draw(st.integers(0, case.minutes - 1))
    runs = running(case, stops)
    ran = [minute for minute in range(start, case.minutes) if runs[minute]]
    assume(ran)
    amount = data.draw(st.integers(1, len(ran)))
    due = due_at(case.calendar, case.at(start), TargetTime(amount * MINUTE), stops)
    assert due == case.at(ran[amount - 1] + 1)


@given(days_cases(), st.data())
@settings(deadline=None)
@example(Case("Europe/Berlin", date(2026, 10, 25), (Shift(6, 60, 60),), frozenset()), None)
@example(
    Case("America/Havana", date(2026, 11, 1), (Shift(0, 0, 1440), Shift(5, 0, 1440)), frozenset()),
    None,
)
def test_closings_agree_with_a_walk(case: Case, data: st.DataObject | None) -> None:
    stops = [] if data is None else data.draw(pauses(case))
    start = 0 if data is None else data.draw(st.integers(0, case.minutes - 2))
    day = 4 if data is None else data.draw(st.integers(0, 8))
    closing = walked_closing(case, stops, start, day)
    assume(closing is not None)
    assert due_at(case.calendar, case.at(start), TargetTime(business_day=day), stops) == closing


@given(cases(), st.data())
@settings(deadline=None)
def test_the_next_closing_agrees_with_a_walk_where_hours_go_on_over_midnight(
    case: Case, data: st.DataObject
) -> None:
    stops = data.draw(pauses(case))
    start = data.draw(st.integers(0, case.minutes - 2))
    closing = walked_closing(case, stops, start, 0)
    assume(closing is not None)
    assert due_at(case.calendar, case.at(start), TargetTime(business_day=0), stops) == closing


@given(cases(), st.data())
@settings(deadline=None)
def test_two_calendars_together_are_open_whenever_one_is(case: Case, data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(["Asia/Kolkata", "America/Los_Angeles", "Europe/Berlin"]))
    other = Case(zone, case.around, (Shift(data.draw(st.integers(0, 6)), 60, 2000),), case.holidays)
    either = [one or two for one, two in zip(open_minutes(case), open_minutes(other), strict=True)]
    found = [False] * case.minutes
    both = together([case.calendar, other.calendar])
    for span in open_intervals(both, case.begin, case.at(case.minutes)):
        first, beyond = ((edge - case.begin) // MINUTE for edge in span)
        found[first:beyond] = [True] * (beyond - first)
    assert found == either
    assert together([case.calendar]) == case.calendar


@given(cases(), st.integers(0, 1000), st.integers(1, 3000))
@settings(deadline=None)
def test_a_pause_before_it_came_or_after_it_is_due_changes_nothing(
    case: Case, start: int, amount: int
) -> None:
    came, time = case.at(start), TargetTime(amount * MINUTE)
    due = add_business_time(case.calendar, came, amount * MINUTE)
    stops = [Interval(case.begin, came), Interval(due, due + timedelta(days=1))]
    assert due_at(case.calendar, came, time, stops) == due


@pytest.mark.parametrize(
    ("received", "written", "due"),
    [
        ("2026-03-02T10:00", "0bd", "2026-03-02T16:00"),
        ("2026-03-02T16:00", "0bd", "2026-03-03T16:00"),  # at closing itself it is closed
        ("2026-03-02T10:00", "1bd", "2026-03-03T16:00"),
        ("2026-03-02T05:00", "1bd", "2026-03-03T16:00"),  # before opening, still that day
        ("2026-03-03T10:00", "1bd", "2026-03-05T16:00"),  # the day between is a holiday
        ("2026-03-04T10:00", "1bd", "2026-03-05T16:00"),
        ("2026-03-07T10:00", "1bd", "2026-03-09T16:00"),  # a Saturday
        ("2026-03-27T10:00", "1bd", "2026-03-30T15:00"),  # the clocks change in between
        ("2026-03-06T23:30", "1bd", "2026-03-09T16:00"),  # Saturday in Berlin
        ("2026-03-02T10:00", "none", None),
    ],
)
def test_business_days_end_with_a_closing(received: str, written: str, due: str | None) -> None:
    expected = None if due is None else utc(due)
    assert due_at(OFFICE, utc(received), TargetTime.of(written)) == expected


def test_a_closing_that_falls_into_a_pause_is_none() -> None:
    over_night = [Interval(utc("2026-03-03T15:00"), utc("2026-03-05T09:00"))]
    due = due_at(OFFICE, utc("2026-03-02T10:00"), TargetTime.of("1bd"), over_night)
    assert due == utc("2026-03-05T16:00")


def test_a_calendar_that_never_closes_has_no_closing() -> None:
    always = Calendar.of("UTC", ["Mon-Sun 00:00-24:00"])
    with pytest.raises(Refusal):
        due_at(always, utc("2026-03-02T10:00"), TargetTime(business_day=0))
    assert not ever_closes(always)
    assert ever_closes(OFFICE)


@pytest.mark.parametrize(
    ("hours", "within"),
    [
        (["Mon-Fri 09:00-17:00"], True),
        (["Mon-Fri 09:00-12:00", "Mon-Fri 13:00-24:00"], True),
        (["Mon 00:00-24:00", "Wed 00:00-24:00"], True),
        (["Mon-Fri 00:00-24:00"], False),
        (["Mon-Fri 18:00-02:00"], False),
        (["Sun 14:00 - Fri 17:00"], False),
        (["Mon-Sun 00:00-24:00"], False),
        (["Sun 20:00-24:00", "Mon 00:00-02:00"], False),
    ],
)
def test_hours_end_within_the_day_or_not(hours: list[str], within: bool) -> None:
    assert closes_within_the_day(Calendar.of("UTC", hours)) is within


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("4h", TargetTime(timedelta(hours=4))),
        ("90m", TargetTime(timedelta(minutes=90))),
        ("5d", TargetTime(timedelta(days=5))),
        ("0bd", TargetTime(business_day=0)),
        ("2bd", TargetTime(business_day=2)),
        ("none", TargetTime()),
    ],
)
def test_times_are_read_and_written_alike(written: str, time: TargetTime) -> None:
    assert TargetTime.of(written) == time
    assert time.written == written
    assert time.promised is (written != "none")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (4, f"expected {EXPECTATION}, not 4"),
        (True, f"expected {EXPECTATION}, not true"),
        ("", f'expected {EXPECTATION}, not ""'),
        ("soon", f'expected {EXPECTATION}, not "soon"'),
        ("1.5bd", f'expected {EXPECTATION}, not "1.5bd"'),
        ("-1bd", f'expected {EXPECTATION}, not "-1bd"'),
        ("367bd", 'expected at most 366bd, not "367bd"'),
        ("0h", 'expected more than no time and at most 366d, not "0h"'),
        ("367d", 'expected more than no time and at most 366d, not "367d"'),
    ],
)
def test_what_is_no_time_is_refused(written: object, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the reason is compared below
        TargetTime.of(written)
    assert str(caught.value) == reason
