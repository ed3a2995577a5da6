"""What times of a day or more mean in calendars that are open for less than 24 hours a day."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.clocks.calendar import Calendar
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.rulebook.warnings import warnings_of
from policy.rulebook.working_days import open_each_day

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def warned(hours: str, times: str) -> tuple[str, ...]:
    text = f'[calendar]\ntimezone = "Europe/Berlin"\nopen = {hours}\n[response]\n{times}\n'
    return warnings_of(load_rulebook(text, "ours.toml"))


OFFICE = '["Mon-Fri 09:00-17:00"]'
DAYS = "(a day counts as 24 h of it)"


def test_the_handbook_is_open_all_day() -> None:
    assert warnings_of(handbook()) == ()


@pytest.mark.parametrize(
    ("hours", "times", "said"),
    [
        (OFFICE, 'p3 = "2d"', (
            f"response.p3 is 48 h of open time {DAYS}; the calendar is open 8 h a day, so that is"
            " 6 working days.",)),
        (OFFICE, 'p3 = "1d"', (
            f"response.p3 is 24 h of open time {DAYS}; the calendar is open 8 h a day, so that is"
            " 3 working days.",)),
        (OFFICE, 'p3 = "16h"', ()),
        (OFFICE, 'p2 = "1d12h"\np3 = "23h"', (
            f"response.p2 is 36 h of open time {DAYS}; the calendar is open 8 h a day, so that is"
            " 4.5 working days.",)),
        ('["Mon-Thu 09:00-17:30", "Fri 09:00-13:00"]', 'p3 = "2d"', (
            f"response.p3 is 48 h of open time {DAYS}; the calendar is open at most 8 h 30 m a day,"
            " so that is at least 5.6 working days.",)),
        ('["Mon-Fri 09:00-12:00", "Mon-Fri 13:00-17:00", "Mon-Fri 10:00-12:00"]', 'p3 = "28h"', (
            f"response.p3 is 28 h of open time {DAYS}; the calendar is open 7 h a day, so that is"
            " 4 working days.",)),
        ('["Mon-Sun 00:00-24:00"]', 'p3 = "9d"', ()),
        ('["Sun 14:00 - Fri 17:00"]', 'p3 = "2d"', ()),
        ('["Mon-Fri 18:00-02:00"]', 'p3 = "1d"', (
            f"response.p3 is 24 h of open time {DAYS}; the calendar is open at most 8 h a day, so"
            " that is at least 3 working days.",)),
    ],
)  # fmt: skip
def test_a_day_or_more_is_told(hours: str, times: str, said: tuple[str, ...]) -> None:
    assert warned(hours, times) == said


def test_a_calendar_alone_changes_what_the_handbooks_times_mean() -> None:
    assert [each.split()[0] for each in warned(OFFICE, "")] == ["response.p3"]


@given(
    st.integers(0, 6), st.integers(0, 23), st.integers(1, 24 * 6), st.integers(0, 6),
    st.integers(0, 22),
)  # fmt: skip
def test_the_days_add_up_to_the_week(
    day: int, hour: int, length: int, other: int, start: int
) -> None:
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    end_day, end_hour = divmod(day * 24 + hour + length, 24)
    once = f"{names[day]} {hour:02}:00 - {names[end_day % 7]} {end_hour:02}:00"
    daily = f"{names[other]} {start:02}:00-{start + 1:02}:00"
    each = open_each_day(Calendar.of("UTC", [once, daily]))
    assert len(each) == 7
    assert all(timedelta(0) <= length <= DAY for length in each)
    begins, ends = day * 24 + hour, day * 24 + hour + length
    inside = any(begins <= other * 24 + start + week * 168 < ends for week in (0, 1))
    assert sum(each, timedelta(0)) == timedelta(hours=length + (not inside))
