"""Lengths of time: written, read, written again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.clocks.typed_time import LONGEST_DURATION, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90m", 90),
        ("2h", 120),
        ("2d", 2 * 24 * 60),
        ("1h30m", 90),
        ("1 h 30 m", 90),
        (" 1d2h3m ", 1563),
        ("0m", 0),
        ("36500d", 36_500 * 24 * 60),
    ],
)
def test_a_length_of_time_is_read(text: str, minutes: int) -> None:
    assert parse_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text",
    ["", "2", "h", "2 hours", "2H", "-2h", "1.5h", "30m1h", "2h2h", "1h 30", "2s", "٢h", "2h\n3"],
)
def test_anything_else_is_named_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected a length of time such as 90m, 2h, 1h30m or 2d"):
        parse_duration(text)


@pytest.mark.parametrize("text", ["36500d1m", "99999999d", "999999999h", "36501d"])
def test_more_than_a_hundred_years_is_too_long(text: str) -> None:
    with pytest.raises(ValueError, match=f'expected at most 36500d, not "{text}"'):
        parse_duration(text)


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=2), "2h"),
        (timedelta(hours=48), "48h"),
        (timedelta(days=7), "7d"),
        (timedelta(days=3, hours=1), "73h"),
        (timedelta(0), "0m"),
    ],
)
def test_there_is_one_way_to_write_it(duration: timedelta, text: str) -> None:
    assert format_duration(duration) == text


@given(st.integers(0, LONGEST_DURATION // timedelta(minutes=1)))
def test_what_is_written_is_read_back(minutes: int) -> None:
    duration = timedelta(minutes=minutes)
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize("duration", [timedelta(seconds=1), timedelta(minutes=-1)])
def test_what_cannot_be_written_is_refused(duration: timedelta) -> None:
    with pytest.raises(ValueError, match="expected whole minutes"):
        format_duration(duration)
