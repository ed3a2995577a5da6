"""Business time: against a walk, minute by minute, that knows nothing of how it is reckoned."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from policy.clocks.business_time import (
    add_business_time,
    business_time_between,
    closes_at,
    is_open,
    next_opening,
)
from policy.clocks.calendar import Calendar, open_intervals
from policy.clocks.deadlines import Deadlines, deadlines
from policy.contract.ticket_words import words_of
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook, handbook, load_rulebook
from tests.policy.clocks.walks import MINUTE, Case, Shift, cases, open_minutes

away = st.timedeltas(timedelta(days=-15), timedelta(days=15))
durations = st.timedeltas(timedelta(0), timedelta(days=3))


# An end that comes twice, at the first and the last minute of the hour that does; and hours that
# run into the week of UTC from two local weeks before.
@example(Case("Europe/Berlin", date(2026, 10, 25), (Shift(6, 60, 60),), frozenset()))
@example(Case("America/Havana", date(2026, 11, 1), (Shift(5, 60, 1380),), frozenset()))
@example(Case("America/Los_Angeles", date(2026, 3, 8), (Shift(6, 1380, 10020),), frozenset()))
@given(cases())
@settings(deadline=None)
def test_open_intervals_agree_with_a_walk(case: Case) -> None:
    walk = open_minutes(case)
    expected = [False] * case.minutes
    for start, end in open_intervals(case.calendar, case.begin, case.at(case.minutes)):
        first, beyond = ((edge - case.begin) // MINUTE for edge in (start, end))
        expected[first:beyond] = [True] * (beyond - first)
    assert walk == expected


@given(cases(), st.data())
@settings(deadline=None)
def test_adding_agrees_with_a_walk(case: Case, data: st.DataObject) -> None:
    walk, calendar = open_minutes(case), case.calendar
    start = data.draw(st.integers(0, case.minutes - 1))
    worked = [number for number in range(start, case.minutes) if walk[number]]
    assume(worked)
    amount = data.draw(st.integers(1, len(worked)))
    due = add_business_time(calendar, case.at(start), amount * MINUTE)
    assert due == case.at(worked[amount - 1] + 1)
    assert business_time_between(calendar, case.at(start), due) == amount * MINUTE
    assert next_opening(calendar, case.at(start)) == case.at(worked[0])


@given(cases(), st.data())
@settings(deadline=None)
def test_being_open_agrees_with_a_walk(case: Case, data: st.DataObject) -> None:
    walk, calendar = open_minutes(case), case.calendar
    for number in data.draw(st.lists(st.integers(0, case.minutes - 1), max_size=20)):
        assert is_open(calendar, case.at(number)) == walk[number]
        closed = next((later for later in range(number, case.minutes) if not walk[later]), None)
        if closed is not None:
            assert closes_at(calendar, case.at(number)) == case.at(closed)


@given(cases(), away, away, durations, durations)
@settings(deadline=None)
def test_adding_is_monotone(
    case: Case, start: timedelta, other: timedelta, duration: timedelta, longer: timedelta
) -> None:
    first, second = sorted((case.away(start), case.away(other)))
    shorter, longer = sorted((duration, longer))
    calendar = case.calendar
    assert add_business_time(calendar, first, shorter) <= add_business_time(
        calendar, second, shorter
    )
    assert add_business_time(calendar, first, shorter) <= add_business_time(calendar, first, longer)


@given(cases(), away, durations, durations)
@settings(deadline=None)
def test_adding_is_additive(
    case: Case, distance: timedelta, first: timedelta, second: timedelta
) -> None:
    calendar, start = case.calendar, case.away(distance)
    halfway = add_business_time(calendar, start, first)
    assert add_business_time(calendar, halfway, second) == add_business_time(
        calendar, start, first + second
    )


@given(cases(), away, durations)
@settings(deadline=None)
def test_due_is_the_first_instant_at_which_the_time_is_over(
    case: Case, distance: timedelta, duration: timedelta
) -> None:
    calendar, start = case.calendar, case.away(distance)
    due = add_business_time(calendar, start, duration)
    assert business_time_between(calendar, start, due) == duration
    assert business_time_between(calendar, due, start) == -duration
    if duration:
        a_moment_before = due - timedelta.resolution
        assert business_time_between(calendar, start, a_moment_before) < duration


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def due(hours: Sequence[str], zone: str, start: str, amount: timedelta) -> datetime:
    return add_business_time(Calendar.of(zone, hours), instant(start), amount)


DAILY, NIGHTLY, SPLIT = (
    ["Mon-Fri 09:00-17:00"],
    ["Mon-Fri 18:00-02:00"],
    ["Mon-Fri 09:00-12:00", "Mon-Fri 13:00-17:00"],
)
ALL_WEEK = ["Sun 14:00 - Fri 17:00"]


@pytest.mark.parametrize(
    ("hours", "zone", "start", "amount", "expected"),
    [
        # Over the weekend, and over one in which the clocks go on.
        (DAILY, "Europe/Berlin", "2026-03-06T16:30+01:00", 60, "2026-03-09T09:30+01:00"),
        (DAILY, "Europe/Berlin", "2026-03-27T16:30+01:00", 60, "2026-03-30T09:30+02:00"),
        # Work that ends exactly at closing is due at closing.
        (DAILY, "Europe/Berlin", "2026-03-06T16:00+01:00", 60, "2026-03-06T17:00+01:00"),
        (DAILY, "Europe/Berlin", "2026-03-06T17:00+01:00", 480, "2026-03-09T17:00+01:00"),
        # Before opening, on a closed day, in the break of a split day.
        (DAILY, "Europe/Berlin", "2026-03-05T07:00+01:00", 120, "2026-03-05T11:00+01:00"),
        (DAILY, "Europe/Berlin", "2026-03-07T12:00+01:00", 120, "2026-03-09T11:00+01:00"),
        (SPLIT, "Asia/Kolkata", "2026-03-05T11:00+05:30", 120, "2026-03-05T14:00+05:30"),
        (SPLIT, "Asia/Kolkata", "2026-03-05T12:30+05:30", 30, "2026-03-05T13:30+05:30"),
        (SPLIT, "Asia/Kolkata", "2026-03-05T11:00+05:30", 60, "2026-03-05T12:00+05:30"),
        # Past midnight, and Friday's shift into Saturday.
        (NIGHTLY, "Europe/Berlin", "2026-03-05T23:00+01:00", 240, "2026-03-06T19:00+01:00"),
        (NIGHTLY, "Europe/Berlin", "2026-03-06T23:00+01:00", 240, "2026-03-09T19:00+01:00"),
        # 24x5, over the weekend in which the clocks go on, and the one in which they go back.
        (ALL_WEEK, "America/Los_Angeles", "2026-03-06T12:00-08:00", 2880, "2026-03-10T09:00-07:00"),
        (ALL_WEEK, "America/Los_Angeles", "2026-03-06T13:00-08:00", 240, "2026-03-06T17:00-08:00"),
        (ALL_WEEK, "America/Los_Angeles", "2026-03-07T13:00-08:00", 120, "2026-03-08T16:00-07:00"),
        (ALL_WEEK, "America/Los_Angeles", "2026-10-30T16:00-07:00", 120, "2026-11-01T15:00-08:00"),
        # Through a night that is an hour shorter, longer, or half an hour longer.
        (["Sat 22:00 - Sun 06:00"], "Europe/Berlin", "2026-03-28T22:00+01:00", 420,
         "2026-03-29T06:00+02:00"),
        (["Sat 22:00 - Sun 06:00"], "Europe/Berlin", "2026-10-24T22:00+02:00", 540,
         "2026-10-25T06:00+01:00"),
        (["Sat 22:00 - Sun 06:00"], "Australia/Lord_Howe", "2026-04-04T22:00+11:00", 510,
         "2026-04-05T06:00+10:30"),
    ],
)  # fmt: skip
def test_deadlines_worked_out_by_hand(
    hours: list[str], zone: str, start: str, amount: int, expected: str
) -> None:
    assert due(hours, zone, start, amount * MINUTE) == instant(expected)


def test_holidays_are_left_out() -> None:
    calendar = Calendar.of("Europe/Berlin", DAILY, [date(2026, 12, 25), date(2026, 12, 28)])
    start = instant("2026-12-24T16:00+01:00")
    assert add_business_time(calendar, start, 120 * MINUTE) == instant("2026-12-29T10:00+01:00")


def test_no_time_at_all_is_over_at_once_even_when_closed() -> None:
    saturday = "2026-03-07T12:00:00.000001+01:00"
    assert due(DAILY, "Europe/Berlin", saturday, timedelta(0)) == instant(saturday)


def test_microseconds_count() -> None:
    start = "2026-03-06T16:59:59.999999+01:00"
    assert due(DAILY, "Europe/Berlin", start, timedelta.resolution) == instant(
        "2026-03-06T17:00+01:00"
    )
    assert due(DAILY, "Europe/Berlin", start, 2 * timedelta.resolution) == instant(
        "2026-03-09T09:00:00.000001+01:00"
    )


def test_what_is_open_has_a_start_but_no_end() -> None:
    calendar = Calendar.of("UTC", DAILY)
    opening, closing = instant("2026-03-06T09:00Z"), instant("2026-03-06T17:00Z")
    assert is_open(calendar, opening)
    assert not is_open(calendar, closing)
    assert next_opening(calendar, opening) == opening
    assert next_opening(calendar, closing) == instant("2026-03-09T09:00Z")
    assert closes_at(calendar, opening) == closing
    assert closes_at(calendar, closing) == closing


def test_a_calendar_that_never_closes_says_so() -> None:
    always = Calendar.of("Europe/Berlin", ["Mon-Sun 00:00-24:00"])
    assert closes_at(always, instant("2026-03-06T09:00Z")) is None


def test_time_too_far_away_is_refused() -> None:
    calendar = Calendar.of("UTC", ["Mon 09:00-17:00"])
    start = instant("9998-12-01T09:00Z")
    with pytest.raises(Refusal, match="in the years 2 to 9998 only"):
        add_business_time(calendar, start, timedelta(days=30))
    with pytest.raises(Refusal, match="in the years 2 to 9998 only"):
        add_business_time(calendar, datetime.max.replace(tzinfo=UTC), timedelta(days=1))
    with pytest.raises(Refusal, match="in the years 2 to 9998 only"):
        is_open(calendar, datetime.min.replace(tzinfo=UTC))


def test_time_to_add_is_not_negative() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        due(DAILY, "UTC", "2026-03-06T09:00Z", -MINUTE)


def owed_by(
    book: Rulebook,
    tier: str,
    priority: str | None,
    since: datetime | None,
    *,
    answered_before: bool = False,
) -> Deadlines:
    return deadlines(
        book,
        words_of(tier=tier, priority=priority),
        received_at=instant("2026-03-04T20:00Z"),
        waiting_since=since,
        answered_before=answered_before,
    )


def test_the_handbook_says_when_we_owe_an_answer() -> None:
    since = instant("2026-03-05T20:00Z")
    aim = since + timedelta(hours=2)
    owed = {"p0": 2, "p1": 4, "p2": 8}
    for priority, hours in owed.items():
        respond_by = since + timedelta(hours=hours)
        found = owed_by(handbook(), "free", priority, since)
        assert found == Deadlines(respond_by=respond_by, aim_by=aim)
    two_days = owed_by(handbook(), "team", "p3", since)
    assert two_days == Deadlines(respond_by=instant("2026-03-09T09:00-07:00"), aim_by=aim)


def test_after_our_first_answer_the_aim_is_what_we_owe() -> None:
    since = instant("2026-03-04T20:00Z")
    aim = since + timedelta(hours=2)
    found = owed_by(handbook(), "team", "p3", since, answered_before=True)
    assert found == Deadlines(respond_by=aim, aim_by=aim)


@pytest.mark.parametrize("answered_before", [True, False])
def test_some_tickets_have_no_deadline(answered_before: bool) -> None:
    since, none = instant("2026-03-04T20:00Z"), Deadlines(None, None)
    book = handbook()
    for tier, priority, waiting_since in (
        ("internal", "p0", since),
        ("team", "p0", None),
        ("presales", None, since),
        ("team", "P1", since),  # a word of another policy
    ):
        found = owed_by(book, tier, priority, waiting_since, answered_before=answered_before)
        assert found == none


def test_another_policy_gives_other_deadlines() -> None:
    book = load_rulebook(
        '[calendar]\ntimezone = "UTC"\nopen = ["Mon-Fri 09:00-17:00"]\n'
        '[response]\naim = "30m"\np3 = "1d"\nno_contract = []\n',
        "here",
    )
    found = owed_by(book, "internal", "p3", instant("2026-03-06T16:45Z"))
    assert found == Deadlines(
        respond_by=instant("2026-03-11T16:45Z"), aim_by=instant("2026-03-09T09:15Z")
    )
