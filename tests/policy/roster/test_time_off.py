"""Being out and back: whole days and hours, across clock changes, ended, changed, cancelled."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.clocks.calendar import Interval
from policy.clocks.intervals import joined
from policy.refusal import Refusal
from policy.roster.members import Member, Roster, TimeOff
from policy.roster.time_off import (
    TimeOffChange,
    TimeOffEntry,
    as_entered,
    back,
    changed,
    moved,
    out,
    said,
    time_off_between,
)
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


def after(
    *entries: TimeOff, roster: Roster = TEAM, now: datetime = MONDAY
) -> tuple[Roster, TimeOffChange]:
    change = TimeOffChange(removed=(), added=(), sentence="")
    for entry in entries:
        change = out(roster, entry, now)
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
    ("first", "second"),
    [
        ((0, 2), (1, 3)),
        ((1, 3), (0, 2)),
        ((0, 3), (1, 2)),
        ((0, 2), (1, None)),
        ((0, None), (1, 2)),
        ((1, None), (0, 2)),
        ((0, None), (1, None)),
    ],
)
@pytest.mark.parametrize("reason", ["ill", ""])
def test_what_overlaps_is_an_entry_of_its_own(
    first: tuple[float, float | None], second: tuple[float, float | None], reason: str
) -> None:
    before = mariam(*first, number=7)
    roster, change = after(before, mariam(*second, reason))
    assert roster.time_off == (before, mariam(*second, reason))
    assert change.removed == ()
    assert ". Also out from " in change.sentence
    assert change.sentence.endswith(": holiday.")


def test_it_names_what_overlaps_and_what_runs_beside_it() -> None:
    runs, later = mariam(0, 1, "ill"), mariam(5, 6, "course")
    _, change = after(runs, mariam(2, 3), later, mariam(4, 7))
    assert change.sentence == (
        "Mariam is out from Fri 6 Mar 2026 11:00 until Mon 9 Mar 2026 11:00 (Africa/Cairo):"
        " holiday. Also out from Mon 2 Mar 2026 11:00 until Tue 3 Mar 2026 11:00 (Africa/Cairo):"
        " ill; from Sat 7 Mar 2026 11:00 until Sun 8 Mar 2026 11:00 (Africa/Cairo): course."
    )


@pytest.mark.parametrize("start", [1, 0, 2.5])
@pytest.mark.parametrize("until", [None, 2.75, 9])
def test_with_the_reason_of_what_runs_its_end_is_changed(start: float, until: float | None) -> None:
    """Beginning now, or inside it."""
    before = mariam(0, 3, number=7)
    change = out(Roster(TEAM.members, (before,)), mariam(start, until, "Holiday"), MONDAY + DAY)
    assert (change.removed, change.added) == ((before,), (mariam(0, until, number=7),))
    assert change.sentence.endswith(
        ": holiday. Before, it was from Mon 2 Mar 2026 11:00 until Thu 5 Mar 2026 11:00"
        " (Africa/Cairo): holiday."
    )


@pytest.mark.parametrize(
    ("before", "entered", "now"),
    [
        (mariam(0, 3), mariam(1, 9, "ill"), 1),  # another reason
        (mariam(0, 3, ""), mariam(1, 9, ""), 1),  # none is given
        (mariam(0, 3), mariam(1, 9, ""), 1),
        (mariam(2, 3), mariam(2, 9), 1),  # it does not run yet
        (mariam(0, 3), mariam(3, 9), 1),  # after it
        (mariam(0.5, 3), mariam(0, 9), 1),  # before it
        (mariam(0, 3), mariam(2, 9), 4),  # it is over
        (mariam(0, 3, source="team.ics"), mariam(1, 9), 1),  # a calendar's
    ],
)
def test_any_other_is_an_entry_of_its_own(before: TimeOff, entered: TimeOff, now: float) -> None:
    roster, change = after(entered, roster=Roster(TEAM.members, (before,)), now=MONDAY + now * DAY)
    assert roster.time_off == (before, entered)
    assert change.removed == ()


def test_of_several_with_the_reason_the_one_that_began_last_is_changed() -> None:
    both = mariam(0, 5, number=1), mariam(1, 4, number=2)
    change = out(Roster(TEAM.members, both), mariam(2, 9), MONDAY + 2 * DAY)
    assert change.removed == both[1:]


def test_days_and_instants_keep_to_the_end_that_is_changed() -> None:
    days = entry(date(2026, 3, 2), date(2026, 3, 4))
    (longer,) = out(Roster(TEAM.members, (days,)), entry(None, None), MONDAY + DAY).added
    assert longer.days(MARIAM.hours) == (True, False)
    since_now = entry(None, None)
    roster = Roster(TEAM.members, (since_now,))
    (longer,) = out(roster, entry(None, date(2026, 3, 6), now=MONDAY + DAY), MONDAY + DAY).added
    assert longer.days(MARIAM.hours) == (False, True)
    assert (longer.start, longer.until) == (MONDAY, at("2026-03-06 22:00"))


def entry(
    start: date | datetime | None,
    until: date | datetime | None,
    who: Member = MARIAM,
    now: datetime = MONDAY,
) -> TimeOff:
    return time_off_between(who, start, until, now, reason="holiday", entered_by="lead")


@pytest.mark.parametrize("reason", ["holiday", ""])
def test_what_is_entered_already_is_refused(reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        after(mariam(0, 3, reason), mariam(0, 3, reason))
    why = f": {reason}" if reason else ""
    assert refused.value.reason == (
        "entered already: Mariam is out from Mon 2 Mar 2026 11:00 until Thu 5 Mar 2026 11:00"
        f" (Africa/Cairo){why}; back ends it sooner"
    )
    with pytest.raises(Refusal, match="entered already"):
        after(mariam(5, 6), mariam(5, 6))


def test_what_a_calendar_says_stays_beside_what_is_entered() -> None:
    calendar = mariam(0, 2, source="team.ics")
    roster, change = after(calendar, mariam(0, 2), now=MONDAY + DAY)
    assert roster.time_off == (calendar, mariam(0, 2))
    assert change.removed == ()


def test_an_unknown_login_names_the_nearest() -> None:
    with pytest.raises(Refusal, match="did you mean mariam"):
        out(TEAM, off("maryam", MONDAY, None), MONDAY)
    with pytest.raises(Refusal, match="did you mean gabe"):
        back(TEAM, "gabi", MONDAY)


# Changed


def test_one_entry_reads_otherwise() -> None:
    first, second = mariam(0, 3, number=1), mariam(2, 5, "ill", number=2)
    roster = Roster(TEAM.members, (first, second))
    change = changed(roster, TimeOffEntry(1), mariam(1, 9, "holidays"), MONDAY)
    assert change.applied_to(roster).time_off == (second, mariam(1, 9, "holidays", number=1))
    assert change.sentence == (
        "Mariam is out from Tue 3 Mar 2026 11:00 until Wed 11 Mar 2026 11:00 (Africa/Cairo):"
        " holidays. Before, it was from Mon 2 Mar 2026 11:00 until Thu 5 Mar 2026 11:00"
        " (Africa/Cairo): holiday. Also out from Wed 4 Mar 2026 11:00 until Sat 7 Mar 2026 11:00"
        " (Africa/Cairo): ill."
    )


def test_what_a_calendar_says_is_changed_with_a_warning() -> None:
    roster = Roster(TEAM.members, (mariam(0, 3, number=1, source="team.ics"),))
    change = changed(roster, TimeOffEntry(1), mariam(0, 5), MONDAY)
    assert change.added == (mariam(0, 5, number=1, source="team.ics"),)
    assert change.sentence.endswith(
        " It is in the calendar team.ics, too: take it out there, or it comes back from it."
    )


@pytest.mark.parametrize(
    ("number", "to", "now", "sentence"),
    [
        (1, mariam(0, 3), 0, "nothing is changed: Mariam is out from Mon 2 Mar 2026 11:00 until"),
        (1, mariam(4, 5), 0, "entered already: Mariam is out from Fri 6 Mar 2026 11:00 until"),
        (9, mariam(0, 4), 0, "entry: 9; expected one of Mariam's, 1 (from Mon 2 Mar 2026 11:00"),
        (1, mariam(0, 9), 3, "entry: 1; expected one of Mariam's, 2 (from Fri 6 Mar 2026 11:00"),
        (3, mariam(0, 9), 0, "entry: 3; expected one of Mariam's, 1 (from Mon 2 Mar 2026 11:00"),
        (1, mariam(0, 9), 9, "entry: 1; expected one of Mariam's, none, as there is none"),
    ],
)
def test_what_cannot_be_changed(number: int, to: TimeOff, now: float, sentence: str) -> None:
    entries = mariam(0, 3, number=1), mariam(4, 5, number=2), off("gabe", MONDAY, None, number=3)
    with pytest.raises(Refusal) as refused:
        changed(Roster(TEAM.members, entries), TimeOffEntry(number), to, MONDAY + now * DAY)
    assert refused.value.reason.startswith(sentence)


def test_what_somebody_changed_meanwhile_is_neither_changed_nor_ended() -> None:
    seen = mariam(0, 3, number=1)
    roster = Roster(TEAM.members, (mariam(0, 4, number=1),))
    doings: tuple[Callable[[TimeOffEntry], TimeOffChange], ...] = (
        lambda which: changed(roster, which, mariam(0, 9), MONDAY),
        lambda which: back(roster, "mariam", MONDAY, which=which),
    )
    for doing in doings:
        with pytest.raises(Refusal) as refused:
            doing(TimeOffEntry(1, seen))
        assert refused.value.reason == (
            "somebody changed it meanwhile: Mariam is out from Mon 2 Mar 2026 11:00"
            " until Fri 6 Mar 2026 11:00 (Africa/Cairo): holiday"
        )
        assert doing(TimeOffEntry(1, roster.time_off[0])).removed == roster.time_off


@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2026, 12, 20)),
    st.integers(0, 9),
    st.booleans(),
    st.sampled_from(["day", "time", "open"]),
)
def test_what_was_entered_is_entered_the_same_again(
    zone: str, first: date, days: int, from_day: bool, ends: str
) -> None:
    who = member("ada", timezone=zone)
    last = first + days * DAY
    start = first if from_day else at(f"{first} 00:00")
    until = {"day": last, "time": at(f"{last} 23:59"), "open": None}[ends]
    found = entry(start, until, who)
    assert as_entered(who, found) == (start, until)
    assert entry(*as_entered(who, found), who) == found


def test_whole_days_stay_the_same_dates_where_somebody_moves_to() -> None:
    there = member("mariam", timezone="America/New_York")
    days = entry(date(2026, 3, 9), date(2026, 3, 13))
    gone = moved(days, MARIAM, there)
    assert (gone.start, gone.until) == (at("2026-03-09 04:00"), at("2026-03-14 04:00"))
    assert as_entered(there, gone) == (date(2026, 3, 9), date(2026, 3, 13))
    unsaid = replace(days, starts_with_day=None, ends_with_day=None)
    assert moved(unsaid, MARIAM, there) == gone
    hours = entry(at("2026-03-09 10:00"), at("2026-03-09 12:00"))
    assert moved(hours, MARIAM, there) == hours


# Back


def test_back_ends_what_runs_and_leaves_what_comes() -> None:
    roster, _ = after(mariam(0, 3), mariam(5, 6))
    change = back(roster, "mariam", MONDAY + DAY)
    assert change.applied_to(roster).time_off == (mariam(5, 6), mariam(0, 1))
    assert change.sentence == (
        "Mariam is back. Mariam is out from Sat 7 Mar 2026 11:00"
        " until Sun 8 Mar 2026 11:00 (Africa/Cairo): holiday."
    )


def test_back_ends_the_one_that_began_last_and_names_what_still_holds() -> None:
    roster, _ = after(mariam(1, 4, "ill"), mariam(0, None), mariam(0.5, 9, "course"), now=MONDAY)
    change = back(roster, "mariam", MONDAY + 2 * DAY)
    assert change.removed == (mariam(1, 4, "ill"),)
    assert change.added == (mariam(1, 2, "ill"),)
    assert change.sentence == (
        "Ended: from Tue 3 Mar 2026 11:00 until Fri 6 Mar 2026 11:00 (Africa/Cairo): ill."
        " Mariam is still out from Mon 2 Mar 2026 11:00 until further notice (Africa/Cairo):"
        " holiday; from Mon 2 Mar 2026 23:00 until Wed 11 Mar 2026 11:00 (Africa/Cairo): course."
    )


def test_of_two_that_began_at_once_back_ends_the_one_entered_later() -> None:
    entries = mariam(0, 9, "course", number=2), mariam(0, 3, "ill", number=1)
    assert back(Roster(TEAM.members, entries), "mariam", MONDAY).removed == entries[:1]


def test_back_with_all_ends_all_that_runs_and_leaves_what_comes() -> None:
    entries = mariam(0, 3), mariam(1, 5, "ill"), mariam(4, 6, "course"), mariam(2, 9, "new")
    roster = Roster(TEAM.members, entries)
    change = back(roster, "mariam", MONDAY + 2 * DAY, everything=True)
    assert change.applied_to(roster).time_off == (
        mariam(4, 6, "course"), mariam(0, 2), mariam(1, 2, "ill"),
    )  # fmt: skip
    assert change.sentence.startswith("Mariam is back. Mariam is out from Fri 6 Mar 2026 11:00")


def test_back_with_all_cancels_nothing_that_is_to_come() -> None:
    with pytest.raises(Refusal) as refused:
        back(after(mariam(1, 2))[0], "mariam", MONDAY, everything=True)
    assert refused.value.reason == (
        "Mariam is not out now; without --all, back cancels: Mariam is out from Tue 3 Mar 2026"
        " 11:00 until Wed 4 Mar 2026 11:00 (Africa/Cairo): holiday"
    )


def test_one_entry_by_its_number_ends_or_is_cancelled() -> None:
    entries = mariam(0, 3, number=1), mariam(1, 5, "ill", number=2), mariam(4, 6, number=3)
    roster = Roster(TEAM.members, entries)
    ended = back(roster, "mariam", MONDAY + 2 * DAY, which=TimeOffEntry(1))
    assert (ended.removed, ended.added) == (entries[:1], (mariam(0, 2, number=1),))
    assert "Mariam is still out from Tue" in ended.sentence
    cancelled = back(roster, "mariam", MONDAY + 2 * DAY, which=TimeOffEntry(3))
    assert (cancelled.removed, cancelled.added) == (entries[2:], ())
    assert cancelled.sentence.startswith("Cancelled before it began: Mariam is out from Fri")
    with pytest.raises(Refusal, match="entry: 4; expected one of Mariam's, 1 "):
        back(roster, "mariam", MONDAY + 2 * DAY, which=TimeOffEntry(4))


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
    change = back(roster, "mariam", MONDAY + DAY, everything=True)
    assert len(change.removed) == 2
    assert change.applied_to(roster).out_at("mariam", MONDAY + DAY) is None
    assert change.sentence == (
        "Mariam is back. It is in the calendar team.ics, too: take it out there,"
        " or it comes back from it."
    )


@pytest.mark.parametrize(
    ("start", "until", "days", "clause"),
    [
        ("2026-03-01 22:00", "2026-03-02 22:00", (True, True), "on Mon 2 Mar 2026"),
        ("2026-03-01 22:00", "2026-03-02 22:00", (None, None), "on Mon 2 Mar 2026"),
        ("2026-03-01 22:00", "2026-03-02 22:00", (False, False),
         "from Mon 2 Mar 2026 00:00 until Tue 3 Mar 2026 00:00 (Africa/Cairo)"),
        ("2026-03-01 22:00", "2026-03-04 22:00", (True, True),
         "from Mon 2 Mar 2026 to Wed 4 Mar 2026"),
        ("2026-03-01 22:00", None, (True, False), "from Mon 2 Mar 2026 until further notice"),
        ("2026-03-01 22:00", None, (None, None), "from Mon 2 Mar 2026 until further notice"),
        ("2026-03-02 08:00", None, (None, None),
         "from Mon 2 Mar 2026 10:00 until further notice (Africa/Cairo)"),
        ("2026-03-02 08:00", "2026-03-04 22:00", (False, True),
         "from Mon 2 Mar 2026 10:00 to the end of Wed 4 Mar 2026 (Africa/Cairo)"),
        ("2026-03-02 08:00", "2026-03-04 22:00", (None, None),
         "from Mon 2 Mar 2026 10:00 until Thu 5 Mar 2026 00:00 (Africa/Cairo)"),
        ("2026-03-01 22:00", "2026-03-04 10:00", (True, False),
         "from Mon 2 Mar 2026 until Wed 4 Mar 2026 12:00 (Africa/Cairo)"),
    ],
)  # fmt: skip
def test_time_off_as_a_clause(
    start: str, until: str | None, days: tuple[bool | None, bool | None], clause: str
) -> None:
    ends = None if until is None else at(until)
    clause = f"Mariam is out {clause}"
    assert said(MARIAM, off("mariam", at(start), ends, "", days=days)) == clause
    assert said(MARIAM, off("mariam", at(start), ends, "Ill.", days=days)) == f"{clause}: Ill"


hours = st.integers(0, 30)
steps = st.lists(
    st.tuples(hours, hours, st.integers(1, 12) | st.none(), st.sampled_from(["", "ill"])),
    max_size=12,
)


@settings(max_examples=200)
@given(steps)
def test_whatever_is_entered_somebody_is_out_while_any_holds(
    drawn: list[tuple[int, int, int | None, str]],
) -> None:
    roster, entries = TEAM, list[TimeOff]()
    for _, start, length, reason in drawn:
        ends = None if length is None else MONDAY + (start + length) * HOUR
        entry = off("mariam", MONDAY + start * HOUR, ends, reason)
        try:
            change = out(roster, entry, MONDAY)
        except Refusal:
            assert any((each.until, each.reason) == (ends, reason) for each in entries)
            continue
        roster = change.applied_to(roster)
        entries = [each for each in entries if each not in change.removed] + [*change.added]
        assert len(change.removed) in (0, 1)
        assert change.removed == () or reason == "ill"
    assert sorted(roster.time_off, key=str) == sorted(entries, key=str)
    assert list(roster.away("mariam")) == joined(each.interval for each in entries)


@settings(max_examples=200)
@given(steps)
def test_back_is_back_and_what_was_before_stays(
    drawn: list[tuple[int, int, int | None, str]],
) -> None:
    roster = TEAM
    for now, start, length, reason in drawn:
        ends = None if length is None else MONDAY + (start + length) * HOUR
        instant = MONDAY + now * HOUR
        count = len(roster.holding("mariam", instant))
        past = [
            Interval(each.start, min(each.end, instant))
            for each in roster.away("mariam")
            if each.start < instant
        ]
        for left in reversed(range(count)):
            roster = back(roster, "mariam", instant).applied_to(roster)
            assert len(roster.holding("mariam", instant)) == left
        assert roster.out_at("mariam", instant) is None
        assert [each for each in roster.away("mariam") if each.start < instant] == past
        try:
            entry = off("mariam", MONDAY + start * HOUR, ends, reason)
            roster = numbered(out(roster, entry, instant).applied_to(roster))
        except Refusal:
            continue


def numbered(roster: Roster) -> Roster:
    """Return the roster with what was just written down under a number of its own."""
    highest = max((each.id for each in roster.time_off), default=0)
    entries = [
        each if each.id else replace(each, id=highest + place)
        for place, each in enumerate(roster.time_off, start=1)
    ]
    return Roster(roster.members, tuple(entries))
