"""Being out and back: whole days and hours, across clock changes, joined, ended and cancelled."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.clocks.calendar import Interval
from policy.clocks.intervals import joined
from policy.refusal import Refusal
from policy.roster.members import FOREVER, Roster, TimeOff
from policy.roster.time_off import TimeOffChange, back, out, said, time_off_between
from tests.policy.teams import DAY, HOUR, MINUTE, MONDAY, at, member, off

MARIAM = member("mariam", timezone="Africa/Cairo")
GABE = member("gabe", timezone="UTC")
TEAM = Roster((MARIAM, GABE))
ZONES = ["UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Kolkata"]


def entered(
    start: date | datetime | None,
    until: date | datetime | None,
    timezone: str = "Europe/Berlin",
    now: datetime = MONDAY,
) -> tuple[datetime, datetime | None]:
    who = member("ada", timezone=timezone)
    found = time_off_between(who, start, until, now, reason=" ill ", entered_by="lee")
    assert (found.login, found.reason, found.entered_by, found.id) == ("ada", "ill", "lee", 0)
    return found.start, found.until


# What is entered


@pytest.mark.parametrize(
    ("timezone", "first", "last", "start", "until"),
    [
        ("UTC", "2026-03-29", "2026-03-30", "2026-03-29 00:00", "2026-03-31 00:00"),
        ("Europe/Berlin", "2026-03-29", "2026-03-30", "2026-03-28 23:00", "2026-03-30 22:00"),
        ("Europe/Berlin", "2026-10-25", "2026-10-25", "2026-10-24 22:00", "2026-10-25 23:00"),
        ("America/New_York", "2026-03-08", "2026-03-08", "2026-03-08 05:00", "2026-03-09 04:00"),
        ("America/New_York", "2026-11-01", "2026-11-01", "2026-11-01 04:00", "2026-11-02 05:00"),
        ("Africa/Cairo", "2026-04-24", "2026-04-24", "2026-04-23 22:00", "2026-04-24 21:00"),
        ("America/Havana", "2026-10-31", "2026-10-31", "2026-10-31 04:00", "2026-11-01 04:00"),
        ("America/Havana", "2026-11-01", "2026-11-01", "2026-11-01 04:00", "2026-11-02 05:00"),
        ("America/Sao_Paulo", "2018-02-17", "2018-02-17", "2018-02-17 02:00", "2018-02-18 03:00"),
        ("Asia/Kolkata", "2026-03-29", "2026-03-29", "2026-03-28 18:30", "2026-03-29 18:30"),
    ],
)
def test_dates_are_whole_local_days_the_last_one_included(
    timezone: str, first: str, last: str, start: str, until: str
) -> None:
    days = date.fromisoformat(first), date.fromisoformat(last)
    assert entered(*days, timezone) == (at(start), at(until))


@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2026, 12, 20)),
    st.integers(0, 9),
    st.integers(-3 * 24 * 4, 14 * 24 * 4),
)
def test_whole_days_hold_exactly_the_instants_of_these_dates(
    timezone: str, first: date, days: int, quarters: int
) -> None:
    last = first + days * DAY
    start, until = entered(first, last, timezone)
    instant = at(f"{first} 00:00") + quarters * 15 * MINUTE
    is_out = until is not None and start <= instant < until
    assert is_out == (first <= instant.astimezone(ZoneInfo(timezone)).date() <= last)


def test_times_are_instants_wherever_they_are_said() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    half_day = entered(
        datetime(2026, 3, 29, 13, tzinfo=berlin), datetime(2026, 3, 29, 17, tzinfo=berlin)
    )
    assert half_day == (at("2026-03-29 11:00"), at("2026-03-29 15:00"))
    assert half_day[0].utcoffset() == timedelta(0)


def test_a_date_and_a_time_together() -> None:
    assert entered(date(2026, 3, 3), at("2026-03-03 12:00")) == (
        at("2026-03-02 23:00"), at("2026-03-03 12:00"),
    )  # fmt: skip


def test_without_a_start_it_begins_now_and_without_an_end_it_is_open() -> None:
    assert entered(None, None) == (MONDAY, None)
    assert entered(None, date(2026, 3, 2)) == (MONDAY, at("2026-03-02 23:00"))


@pytest.mark.parametrize(
    ("start", "until", "sentence"),
    [
        (date(2026, 3, 30), date(2026, 3, 29),
         "until: 2026-03-29; expected a time after from, 2026-03-30"),
        (MONDAY, MONDAY, "until: 2026-03-02 09:00:00+00:00; expected a time after from,"
                         " 2026-03-02 09:00:00+00:00"),
        (None, MONDAY - HOUR, "until: 2026-03-02 08:00:00+00:00; expected a time after now"),
        (None, date(2026, 3, 1), "until: 2026-03-01; expected a time after now"),
        (date(1, 1, 1), None, "from: 0001-01-01; expected a year from 1970 to 9000"),
        (None, date(9999, 12, 31), "until: 9999-12-31; expected a year from 1970 to 9000"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(
    start: date | datetime | None, until: date | datetime | None, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        entered(start, until)
    assert refused.value.reason == sentence


# Out


def mariam(
    start: float,
    until: float | None,
    reason: str = "holiday",
    *,
    number: int = 0,
    source: str | None = None,
) -> TimeOff:
    """Return time off of Mariam's, in days from Monday on."""
    ends = None if until is None else MONDAY + until * DAY
    return off("mariam", MONDAY + start * DAY, ends, reason, number=number, source=source)


def after(*entries: TimeOff, roster: Roster = TEAM) -> tuple[Roster, TimeOffChange]:
    change = TimeOffChange(removed=(), added=(), sentence="")
    for entry in entries:
        change = out(roster, entry)
        roster = change.applied_to(roster)
    return roster, change


def test_out_is_added() -> None:
    roster, change = after(mariam(0, 1, ""))
    assert roster.time_off == (mariam(0, 1, ""),)
    assert change.sentence == (
        "Mariam is out from Mon 2 Mar 2026 11:00 until Tue 3 Mar 2026 11:00 (Africa/Cairo)."
    )


def test_what_touches_stays_apart() -> None:
    roster, _ = after(mariam(1, 2), mariam(0, 1), mariam(2, 3), off("gabe", MONDAY, None))
    assert len(roster.time_off) == 4


@pytest.mark.parametrize(
    ("first", "second", "union"),
    [
        ((0, 2), (1, 3), (0, 3)),
        ((1, 3), (0, 2), (0, 3)),
        ((0, 3), (1, 2), (0, 3)),
        ((0, 2), (1, None), (0, None)),
        ((0, None), (1, 2), (0, 2)),  # during time off without a known end, an end is its end
        ((1, None), (0, 2), (0, None)),
        ((0, None), (1, None), (0, None)),
    ],
)
def test_what_overlaps_is_joined(
    first: tuple[float, float | None],
    second: tuple[float, float | None],
    union: tuple[float, float | None],
) -> None:
    before = mariam(*first, number=7)
    roster, change = after(before, mariam(*second, "ill"))
    assert roster.time_off == (mariam(*union, "holiday; ill"),)
    assert change.removed == (before,)
    assert change.sentence.endswith(": holiday; ill, joined with 1 entered before.")


def test_several_are_joined_into_one() -> None:
    roster, change = after(mariam(0, 1), mariam(2, 3), mariam(4, 5), mariam(0.5, 4.5))
    assert roster.time_off == (mariam(0, 5),)
    assert change.sentence.endswith(", joined with 3 entered before.")


def test_what_is_entered_already_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        after(mariam(0, 3), mariam(1, 2))
    assert refused.value.reason == (
        "entered already: Mariam is out from Mon 2 Mar 2026 11:00 until Thu 5 Mar 2026 11:00"
        " (Africa/Cairo): holiday; back ends it sooner"
    )


def test_what_a_calendar_says_stays_beside_what_is_entered() -> None:
    calendar = mariam(0, 2, source="team.ics")
    roster, change = after(calendar, mariam(1, 3))
    assert roster.time_off == (calendar, mariam(1, 3))
    assert change.removed == ()


def test_an_unknown_login_names_the_nearest() -> None:
    with pytest.raises(Refusal, match="did you mean mariam"):
        out(TEAM, off("maryam", MONDAY, None))
    with pytest.raises(Refusal, match="did you mean gabe"):
        back(TEAM, "gabi", MONDAY)


# Back


def test_back_ends_what_runs_and_leaves_what_comes() -> None:
    roster, _ = after(mariam(0, 3), mariam(5, 6))
    change = back(roster, "mariam", MONDAY + DAY)
    assert change.applied_to(roster).time_off == (mariam(5, 6), mariam(0, 1))
    assert change.sentence == (
        "Mariam is back. Mariam is out from Sat 7 Mar 2026 11:00"
        " until Sun 8 Mar 2026 11:00 (Africa/Cairo): holiday."
    )


def test_back_at_once_leaves_nothing() -> None:
    roster, _ = after(mariam(0, None))
    change = back(roster, "mariam", MONDAY)
    assert (change.applied_to(roster).time_off, change.sentence) == ((), "Mariam is back.")


def test_back_before_out_cancels_the_next_that_has_not_begun() -> None:
    roster, _ = after(mariam(5, 6), mariam(1, 2))
    change = back(roster, "mariam", MONDAY)
    assert change.applied_to(roster).time_off == (mariam(5, 6),)
    assert change.sentence == (
        "Cancelled before it began: Mariam is out from Tue 3 Mar 2026 11:00"
        " until Wed 4 Mar 2026 11:00 (Africa/Cairo): holiday."
    )


def test_back_without_time_off_is_refused() -> None:
    roster, _ = after(mariam(0, 1))
    with pytest.raises(Refusal) as refused:
        back(roster, "mariam", MONDAY + DAY)
    assert refused.value.reason == "Mariam is not out, and no time off is to come"


def test_back_from_what_a_calendar_says_warns() -> None:
    roster, _ = after(mariam(0, None, source="team.ics"), mariam(0.5, 9))
    change = back(roster, "mariam", MONDAY + DAY)
    assert len(change.removed) == 2
    assert change.applied_to(roster).out_at("mariam", MONDAY + DAY) is None
    assert change.sentence == (
        "Mariam is back. It is in the calendar team.ics, too: take it out there,"
        " or it comes back from it."
    )


@pytest.mark.parametrize(
    ("start", "until", "clause"),
    [
        ("2026-03-01 22:00", "2026-03-02 22:00", "Mariam is out on Mon 2 Mar 2026"),
        ("2026-03-01 22:00", "2026-03-04 22:00",
         "Mariam is out from Mon 2 Mar 2026 to Wed 4 Mar 2026"),
        ("2026-03-02 08:00", None,
         "Mariam is out from Mon 2 Mar 2026 10:00 until further notice (Africa/Cairo)"),
    ],
)  # fmt: skip
def test_time_off_as_a_clause(start: str, until: str | None, clause: str) -> None:
    ends = None if until is None else at(until)
    assert said(MARIAM, off("mariam", at(start), ends, "")) == clause
    assert said(MARIAM, off("mariam", at(start), ends, "Ill.")) == f"{clause}: Ill"


hours = st.integers(0, 30)
steps = st.lists(
    st.tuples(hours, hours, st.integers(1, 12) | st.none(), st.sampled_from(["", "ill"])),
    max_size=12,
)


@settings(max_examples=200)
@given(steps)
def test_whatever_is_entered_nothing_overlaps_and_nothing_is_lost(
    drawn: list[tuple[int, int, int | None, str]],
) -> None:
    roster = TEAM
    for _, start, length, reason in drawn:
        ends = None if length is None else MONDAY + (start + length) * HOUR
        entry = off("mariam", MONDAY + start * HOUR, ends, reason)
        before = roster.away("mariam")
        try:
            roster = out(roster, entry).applied_to(roster)
        except Refusal:
            assert roster.away("mariam") == joined([*before, entry.interval]) or ends is not None
        away = [each.interval for each in roster.off("mariam")]
        assert sorted(edge for each in away for edge in each) == [
            edge for each in away for edge in each
        ]
        if all(each.end != FOREVER for each in before):
            assert roster.away("mariam") == joined([*before, entry.interval])


@settings(max_examples=200)
@given(steps)
def test_back_is_back_and_what_was_before_stays(
    drawn: list[tuple[int, int, int | None, str]],
) -> None:
    roster = TEAM
    for now, start, length, reason in drawn:
        ends = None if length is None else MONDAY + (start + length) * HOUR
        instant = MONDAY + now * HOUR
        was_out = roster.out_at("mariam", instant) is not None
        past = [
            Interval(each.start, min(each.end, instant))
            for each in roster.away("mariam")
            if each.start < instant
        ]
        try:
            roster = back(roster, "mariam", instant).applied_to(roster)
        except Refusal:
            assert not was_out
        assert roster.out_at("mariam", instant) is None
        assert [each for each in roster.away("mariam") if each.start < instant] == past
        try:
            roster = out(roster, off("mariam", MONDAY + start * HOUR, ends, reason)).applied_to(
                roster
            )
        except Refusal:
            continue
