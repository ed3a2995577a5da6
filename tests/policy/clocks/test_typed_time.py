"""Times as people type them: every form, the next one after now, and both clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.clocks.typed_time import typed_past, typed_time
from policy.refusal import Refusal

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY_NOON = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)  # 13:00 in Berlin
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe")]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-06T17:00:00Z", "2026-03-06T17:00:00"),
        ("2026-03-06T17:00:00z", "2026-03-06T17:00:00"),
        ("2026-03-06T17:00+02:00", "2026-03-06T15:00:00"),
        ("2026-03-06T17:00", "2026-03-06T16:00:00"),
        ("2026-03-06 17:00", "2026-03-06T16:00:00"),
        ("2026-07-06 17:00", "2026-07-06T15:00:00"),
        ("2026-03-09", "2026-03-08T23:00:00"),
        ("3h", "2026-03-06T15:00:00"),
        ("30m", "2026-03-06T12:30:00"),
        ("2d", "2026-03-08T12:00:00"),
        ("1h30m", "2026-03-06T13:30:00"),
        (" 3H\n", "2026-03-06T15:00:00"),
        ("17:00", "2026-03-06T16:00:00"),
        ("13:00", "2026-03-07T12:00:00"),  # now itself is not after now
        ("9:30", "2026-03-07T08:30:00"),
        ("Fri 17:00", "2026-03-06T16:00:00"),
        ("fri 12:59", "2026-03-13T11:59:00"),
        ("Friday 13:00", "2026-03-13T12:00:00"),
        ("Mon 09:00", "2026-03-09T08:00:00"),
        ("thu 00:00", "2026-03-11T23:00:00"),
    ],
)
def test_each_form(typed: str, meant: str) -> None:
    assert typed_time(typed, FRIDAY_NOON, BERLIN) == utc(meant)


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "25:00", "17:60", "17", "Fri", "Foo 17:00", "fr 17:00", "3x", "h", "-3h", "3h 2d",
     "2026-13-01", "2026-02-30T10:00", "T17:00", "yesterday", "1e3h", "١٧:٠٠", "99999999d"],
)  # fmt: skip
def test_anything_else_is_refused_in_one_line(typed: str) -> None:
    with pytest.raises(Refusal, match="expected") as refused:
        typed_time(typed, FRIDAY_NOON, BERLIN)
    assert "\n" not in refused.value.reason


@pytest.mark.parametrize(
    "typed", ["0001-01-01T00:00", "9999-12-31T23:59", "9999-12-31T23:59-10:00", "0001-01-01Z"]
)
def test_years_that_cannot_be_reckoned_are_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="expected"):
        typed_time(typed, FRIDAY_NOON, BERLIN)


def test_a_length_beyond_the_last_year_is_refused() -> None:
    late = datetime(9990, 1, 1, tzinfo=UTC)
    with pytest.raises(Refusal, match="years 2 to 9998"):
        typed_time("36500d", late, BERLIN)


class TestClockChanges:
    """On 29 March 2026 Berlin skips 02:00 to 03:00; on 25 October 02:00 to 03:00 comes twice."""

    def test_a_skipped_time_counts_from_the_first_instant_that_exists(self) -> None:
        spring = utc("2026-03-28T20:00:00")
        for typed in ("02:30", "Sun 02:30", "2026-03-29T02:30"):
            assert typed_time(typed, spring, BERLIN) == utc("2026-03-29T01:00:00")
            assert typed_time(typed, spring, BERLIN, end=True) == utc("2026-03-29T01:00:00")

    def test_a_repeated_time_is_the_first_for_a_start_and_the_last_for_an_end(self) -> None:
        autumn = utc("2026-10-24T20:00:00")
        for typed in ("02:30", "Sun 02:30", "2026-10-25T02:30"):
            assert typed_time(typed, autumn, BERLIN) == utc("2026-10-25T00:30:00")
            assert typed_time(typed, autumn, BERLIN, end=True) == utc("2026-10-25T01:30:00")

    def test_between_the_two_the_second_is_the_next_one(self) -> None:
        between = utc("2026-10-25T00:45:00")
        assert typed_time("02:30", between, BERLIN) == utc("2026-10-25T01:30:00")

    def test_a_length_is_time_that_passes(self) -> None:
        spring = utc("2026-03-29T00:30:00")  # 01:30 in Berlin
        assert typed_time("1h", spring, BERLIN) == utc("2026-03-29T01:30:00")  # 03:30 there


def instants(first: str, last: str) -> st.SearchStrategy[datetime]:
    seconds = st.integers(int(utc(first).timestamp()), int(utc(last).timestamp()))
    return seconds.map(lambda since_1970: datetime.fromtimestamp(since_1970, UTC))


@given(
    now=instants("2000-01-01", "2060-01-01"),
    showing=st.times(),
    zone=st.sampled_from(ZONES),
    weekday=st.sampled_from(["", "Mon ", "Wed ", "Sun "]),
    end=st.booleans(),
)
def test_a_clock_time_is_the_next_one_after_now(
    now: datetime, showing: time, zone: ZoneInfo, weekday: str, end: bool
) -> None:
    meant = typed_time(f"{weekday}{showing:%H:%M}", now, zone, end=end)
    longest = timedelta(days=8 if weekday else 2)
    assert now < meant < now + longest
    local = meant.astimezone(zone)
    skipped = (local.hour, local.minute) != (showing.hour, showing.minute)
    assert not weekday or local.strftime("%a ") == weekday
    if skipped:  # then the clocks had just jumped past it
        before = (meant - timedelta(seconds=1)).astimezone(zone)
        assert before.utcoffset() != local.utcoffset()


@given(moment=instants("1900-01-01", "2100-01-01"), zone=st.sampled_from(ZONES))
def test_iso_with_an_offset_is_exactly_that_instant(moment: datetime, zone: ZoneInfo) -> None:
    assert typed_time(moment.astimezone(zone).isoformat(), FRIDAY_NOON, zone) == moment


# Looking back


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-06T17:00:00Z", "2026-03-06T17:00:00"),
        ("2026-03-06T09:00", "2026-03-06T08:00:00"),
        ("3h", "2026-03-06T09:00:00"),
        ("2d", "2026-03-04T12:00:00"),
        ("17:00", "2026-03-05T16:00:00"),
        ("13:00", "2026-03-06T12:00:00"),  # now itself is not after now
        ("9:30", "2026-03-06T08:30:00"),
        ("Fri 17:00", "2026-02-27T16:00:00"),
        ("fri 12:59", "2026-03-06T11:59:00"),
        ("Mon 09:00", "2026-03-02T08:00:00"),
    ],
)
def test_each_form_of_a_time_that_is_past(typed: str, meant: str) -> None:
    assert typed_past(typed, FRIDAY_NOON, BERLIN) == utc(meant)


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "Foo 17:00", "99999999d"])
def test_anything_else_is_refused_looking_back_too(typed: str) -> None:
    with pytest.raises(Refusal, match="expected"):
        typed_past(typed, FRIDAY_NOON, BERLIN)


def test_a_local_time_that_came_twice_looking_back() -> None:
    after = datetime(2026, 10, 25, 6, tzinfo=UTC)
    assert typed_past("2:30", after, BERLIN) == utc("2026-10-25T00:30:00")
    assert typed_past("2:30", after, BERLIN, end=True) == utc("2026-10-25T01:30:00")
    between = datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert typed_past("2:30", between, BERLIN, end=True) == utc("2026-10-25T00:30:00")


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis wants bounds without a zone
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(ZONES),
)
def test_a_clock_time_looking_back_is_in_the_last_day(
    now: datetime, hour: int, minute: int, zone: ZoneInfo
) -> None:
    found = typed_past(f"{hour}:{minute:02}", now, zone)
    assert now - timedelta(hours=25) <= found <= now
