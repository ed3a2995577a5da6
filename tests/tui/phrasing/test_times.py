"""Times as people say them, all of them agreeing with a clock that shows whole minutes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.phrasing import times
from tui.phrasing.text import width

NOW = datetime(2026, 3, 4, 14, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "words", "column", "past"),
    [
        (65, "in 1 h 5 m", "1h05m", "in 1 h 5 m"),
        (59, "in 59 m", "59m", "in 59 m"),
        (1, "in 1 m", "1m", "in 1 m"),
        (0, "due now", "now", "just now"),
        (-1, "1 m late", "1m late", "1 m ago"),
        (-12, "12 m late", "12m late", "12 m ago"),
        (-75, "1 h 15 m late", "1h late", "1 h 15 m ago"),
        (51 * 60, "in 2 d 3 h", "2d03h", "in 2 d 3 h"),
        (24 * 60, "in 1 d", "1d00h", "in 1 d"),
        (14 * 24 * 60, "in 14 d", "14d", "in 14 d"),
        (-120 * 24 * 60, "120 d late", "17w late", "120 d ago"),
        (-800 * 24 * 60, "800 d late", "2y late", "800 d ago"),
    ],
)
def test_time_left(minutes: int, words: str, column: str, past: str) -> None:
    deadline = NOW + timedelta(minutes=minutes)
    assert times.in_words(deadline, NOW) == words
    assert times.in_column(deadline, NOW) == column
    assert times.ago(deadline, NOW) == past


def test_seconds_never_make_the_clock_and_the_countdown_disagree() -> None:
    assert times.in_words(datetime(2026, 3, 4, 15, 10, 1, tzinfo=UTC), NOW) == "in 1 h 5 m"
    assert times.in_words(datetime(2026, 3, 4, 14, 5, 1, tzinfo=UTC), NOW) == "due now"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 3, 4, 15, 10, tzinfo=UTC), "15:10"),
        (datetime(2026, 3, 4, 22, 30, tzinfo=UTC), "Thu 00:30"),
        (datetime(2026, 3, 9, 9, 0, tzinfo=UTC), "Mon 11:00"),
        (datetime(2026, 2, 20, 9, 0, tzinfo=UTC), "20 Feb 11:00"),
        (datetime(2024, 12, 2, 9, 0, tzinfo=UTC), "2 Dec 2024"),
    ],
)
def test_a_moment_is_as_short_as_is_clear(moment: datetime, shown: str) -> None:
    there = timezone(timedelta(hours=2))
    expected = "17:10" if shown == "15:10" else shown
    assert times.at(moment, NOW, there) == expected


@given(st.timedeltas(timedelta(days=-5000), timedelta(days=5000)))
def test_the_column_is_never_wider_than_eight_cells(left: timedelta) -> None:
    assert width(times.in_column(NOW + left, NOW)) <= 8


def test_how_long_ago_in_a_column() -> None:
    assert times.age_in_column(NOW - timedelta(hours=7, minutes=9), NOW) == "7h"
    assert times.age_in_column(NOW, NOW) == "now"


def test_a_column_of_moments_keeps_the_next_one_apart() -> None:
    assert times.column([], 12) == 12
    assert times.column(["15:10", "2 Dec 2027"], 12) == 12
    assert times.column(["15:10", "14 Apr 14:00"], 12) == 14
