"""Who is there, over a range of time: against a walk, minute by minute, and by properties."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.clocks.calendar import Calendar, Interval
from policy.roster.coverage import (
    Cover,
    Turn,
    arrivals,
    arrived_at,
    available_hours,
    cover_at,
    coverage,
    gaps,
    leaves_at,
    scheduled_hours,
)
from policy.roster.members import Roster
from policy.roster.team_file import load_team, member_of
from policy.roster.time_off import Day
from policy.rulebook.rulebook import handbook
from policy.words import Role
from tests.policy.teams import (
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    Person,
    Shift,
    Walk,
    at,
    member,
    off,
    roster_of,
)

CONTRACT = handbook().contract_calendar
WEEK = timedelta(days=7)


def everyday(start: str, length: float, days: range = range(5)) -> tuple[Shift, ...]:
    hours, minutes = start.split(":")
    begins = int(hours) * 60 + int(minutes)
    return tuple(Shift(day, begins, int(length * 60)) for day in days)


SPRING = Walk(at("2026-03-02 00:00"), 6 * 7 * 24 * 60)
AUTUMN = Walk(at("2026-10-12 00:00"), 5 * 7 * 24 * 60)
"""The weeks in which the clocks of America and Europe change, and then those of Egypt."""

TWELVE = (
    Person("mariam", "Africa/Cairo", everyday("09:00", 8), frozenset({date(2026, 3, 20)})),
    Person("anna", "Europe/Berlin", everyday("09:00", 4) + everyday("14:00", 4)),
    Person(  # a shift over the night in which the clocks change, and a public holiday
        "bela",
        "Europe/Berlin",
        everyday("22:00", 8, range(7)),
        frozenset({date(2026, 4, 3), date(2026, 10, 26)}),
    ),
    Person(  # out across both changes, in whole local days
        "cleo",
        "Europe/Berlin",
        everyday("08:00", 8, range(7)),
        away=((date(2026, 3, 28), date(2026, 3, 29)), (date(2026, 10, 25), date(2026, 10, 26))),
    ),
    Person(  # half a day out
        "dan",
        "Europe/Berlin",
        everyday("09:00", 8),
        away=((at("2026-03-31 10:30"), at("2026-03-31 15:00")),),
    ),
    Person("eve", "America/New_York", everyday("09:00", 8)),
    Person(
        "finn",
        "America/New_York",
        everyday("18:00", 8, range(7)),
        frozenset({date(2026, 3, 9), date(2026, 11, 11)}),
    ),
    Person(  # ends in the hour that is skipped, and in the one that comes twice
        "gabe", "America/New_York", everyday("18:30", 7.5, range(7)) + everyday("00:30", 1)
    ),
    Person(
        "hana",
        "America/Los_Angeles",
        everyday("21:00", 10, range(7)),
        away=(
            (date(2026, 3, 7), date(2026, 3, 7)),  # the night in which the clocks change
            (at("2026-03-08 05:30"), at("2026-03-08 12:00")),
            (date(2026, 10, 31), date(2026, 10, 31)),
            (at("2026-11-01 08:00"), None),
        ),
    ),
    Person("ines", "America/Los_Angeles", everyday("14:00", 8)),
    Person("jun", "Asia/Kolkata", everyday("06:30", 8.5)),
    Person(  # out twice, and that overlaps
        "kira",
        "Asia/Kolkata",
        everyday("23:45", 8, range(7)),
        away=(
            (at("2026-03-10 00:00"), date(2026, 3, 11)),
            (date(2026, 3, 11), at("2026-03-13 12:34")),
        ),
    ),
)


def by_minute(
    covers: list[Cover], walk: Walk, who: Callable[[Cover], frozenset[str]]
) -> list[frozenset[str]]:
    """Return who the spans say is there in each minute; each has to begin on a whole one."""
    found: list[frozenset[str]] = []
    for cover in covers:
        assert cover.start == walk.at(len(found))
        found += [who(cover)] * ((cover.end - cover.start) // MINUTE)
    return found


def walked(people: tuple[Person, ...], columns: list[list[bool]]) -> list[frozenset[str]]:
    return [
        frozenset(person.login for person, there in zip(people, minute, strict=True) if there)
        for minute in zip(*columns, strict=True)
    ]


def assert_walked(people: tuple[Person, ...], walk: Walk) -> None:
    covers = list(coverage(roster_of(people), walk.begin, walk.end))
    scheduled = walked(people, [walk.scheduled(person) for person in people])
    available = walked(people, [walk.available(person) for person in people])
    assert by_minute(covers, walk, lambda cover: cover.scheduled) == scheduled
    assert by_minute(covers, walk, lambda cover: cover.available) == available


@pytest.mark.parametrize("walk", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_twelve_people_in_five_zones_are_there_when_a_walk_says_so(walk: Walk) -> None:
    assert len({person.zone for person in TWELVE}) == 5
    assert_walked(TWELVE, walk)


@pytest.mark.parametrize("walk", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_gaps_are_the_open_minutes_without_anybody(walk: Walk) -> None:
    contract = Person("contract", CONTRACT.timezone, (Shift(6, 14 * 60, 5 * 24 * 60 + 3 * 60),))
    for people in (TWELVE, TWELVE[:5], TWELVE[5:7], ()):
        opened = walk.scheduled(contract)
        covered = walked(people, [walk.available(each) for each in people]) or [frozenset()] * len(
            opened
        )
        expected = [is_open and not there for is_open, there in zip(opened, covered, strict=True)]
        found = [False] * walk.minutes
        for gap in gaps(roster_of(people), CONTRACT, walk.begin, walk.end):
            first, beyond = (int((each - walk.begin) / MINUTE) for each in gap)
            assert gap == Interval(walk.at(first), walk.at(beyond))
            found[first:beyond] = [True] * (beyond - first)
        assert found == expected


def test_the_team_file_says_the_same_hours() -> None:
    text = "\n".join(
        f"""[[member]]
login = "{person.login}"
name = "{person.login}"
role = "support"
region = "EMEA"
timezone = "{person.zone}"
hours = {[shift.text for shift in person.shifts]}"""
        for person in TWELVE
    )
    entries = load_team(text, "team.toml")
    members = [
        member_of(entry, person.holidays) for entry, person in zip(entries, TWELVE, strict=True)
    ]
    assert [each.hours for each in members] == [person.member.hours for person in TWELVE]


CHANGES = [
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Havana", date(2026, 11, 1)),
    ("Africa/Cairo", date(2026, 4, 24)),
]
ZONES = sorted({zone for zone, _ in CHANGES} | {"UTC", "Asia/Kolkata"})
WALKED = 8 * 24 * 60

shifts = st.builds(
    Shift, st.integers(0, 6), st.sampled_from(range(0, 24 * 60, 15)), st.integers(1, 24 * 60 - 1)
) | st.builds(  # to midnight, or from it
    lambda day, start, *, late: (
        Shift(day, start, 24 * 60 - start) if late else Shift(day, 0, start)
    ),
    st.integers(0, 6),
    st.sampled_from(range(60, 24 * 60, 60)),
    late=st.booleans(),
)


day_or_not = st.booleans()


def _span(
    start: datetime, length: timedelta, from_day: bool, until_day: bool
) -> tuple[Day, Day | None]:
    """Return time off of a length, without an end when that is none, in days or instants."""
    until = start + length
    if until_day and not from_day:
        until += 2 * DAY  # that day is over after the start, wherever it is
    begins = start.date() if from_day else start
    if not length:
        return begins, None
    if from_day and not until_day:
        until += 2 * DAY
    return begins, until.date() if until_day else until


@st.composite
def teams(draw: st.DrawFn) -> tuple[tuple[Person, ...], Walk]:
    """Draw up to four people, and a week in which somebody's clocks change."""
    _, change = draw(st.sampled_from(CHANGES))
    begin = at(f"{change - timedelta(days=4)} 00:00")
    minutes = st.integers(-WALKED, 2 * WALKED)
    people = tuple(
        Person(
            f"person{number}",
            draw(st.sampled_from(ZONES)),
            tuple(draw(st.lists(shifts, min_size=1, max_size=4))),
            frozenset(draw(st.lists(st.sampled_from([change, change + DAY]), max_size=1))),
            tuple(
                _span(begin + start * MINUTE, length * MINUTE, draw(day_or_not), draw(day_or_not))
                for start, length in draw(
                    st.lists(st.tuples(minutes, st.integers(0, 3 * 24 * 60)), max_size=3)
                )
            ),
        )
        for number in range(draw(st.integers(0, 4)))
    )
    return people, Walk(begin, WALKED)


@settings(max_examples=60, deadline=None)
@given(teams())
def test_any_team_is_there_when_a_walk_says_so(drawn: tuple[tuple[Person, ...], Walk]) -> None:
    people, walk = drawn
    if people:
        assert_walked(people, walk)


@settings(max_examples=100, deadline=None)
@given(teams(), st.integers(0, WALKED * 60), st.integers(0, WALKED * 60))
def test_coverage_adds_up(drawn: tuple[tuple[Person, ...], Walk], first: int, length: int) -> None:
    people, walk = drawn
    roster = roster_of(people)
    start = walk.begin + timedelta(seconds=first)
    end = start + timedelta(seconds=length)
    covers = list(coverage(roster, start, end))
    edges = [start, *(cover.end for cover in covers)]
    assert edges == sorted(set(edges))
    assert edges[-1] == end
    assert [cover.start for cover in covers] == edges[:-1]
    for cover in covers:
        assert cover.available <= cover.scheduled
        for login in cover.scheduled:
            out = roster.out_at(login, cover.start)
            assert (out is None) == (login in cover.available)
    for one, following in pairwise(covers):
        assert (one.scheduled, one.available) != (following.scheduled, following.available)


@settings(max_examples=100, deadline=None)
@given(teams(), st.integers(0, WALKED))
def test_one_instant_arrivals_and_departures_agree_with_the_spans(
    drawn: tuple[tuple[Person, ...], Walk], minute: int
) -> None:
    people, walk = drawn
    roster, now = roster_of(people), walk.at(minute)
    covers = list(coverage(roster, now, now + WEEK))
    here = cover_at(roster, now)
    assert (here.scheduled, here.available) == (covers[0].scheduled, covers[0].available)
    for each in roster.members:
        there = [each.login in cover.available for cover in covers]
        comes = [
            cover.start
            for cover, before, during in zip(covers[1:], there, there[1:], strict=False)
            if during and not before
        ]
        goes = [
            cover.start
            for cover, before, during in zip(covers[1:], there, there[1:], strict=False)
            if before and not during
        ]
        found = [turn.at for turn in arrivals(roster, now, WEEK) if turn.login == each.login]
        assert found == comes[:1]
        leaves = [*goes, now + WEEK][0] if there[0] else None
        assert leaves_at(roster, each, now, WEEK) == leaves


@settings(max_examples=50, deadline=None)
@given(teams(), st.integers(1, WALKED))
def test_who_arrived_last_is_the_latest_to_come_of_those_who_are_there(
    drawn: tuple[tuple[Person, ...], Walk], minute: int
) -> None:
    people, walk = drawn
    roster, instant = roster_of(people), walk.at(minute)
    came: dict[str, datetime] = {}
    for cover in coverage(roster, instant - WEEK, instant + MINUTE):
        if cover.start <= instant:
            came = {login: came.get(login, cover.start) for login in cover.available}
    assert arrived_at(roster, instant, WEEK) == max(came.values(), default=None)


def test_only_support_counts() -> None:
    roles = [member(role.value, role=role) for role in Role]
    assert cover_at(Roster(tuple(roles)), MONDAY).available == {"support"}
    assert arrivals(Roster(tuple(roles)), MONDAY - HOUR, DAY) == [Turn(login="support", at=MONDAY)]


def test_no_time_at_all_has_no_spans() -> None:
    roster = Roster((member("ada"),))
    assert list(coverage(roster, MONDAY, MONDAY)) == []
    assert list(coverage(roster, MONDAY, MONDAY - HOUR)) == []
    assert gaps(roster, CONTRACT, MONDAY, MONDAY) == []


def test_nobody_is_one_span_of_nobody() -> None:
    (cover,) = coverage(Roster(), MONDAY, MONDAY + DAY)
    assert cover == Cover(
        start=MONDAY, end=MONDAY + DAY, scheduled=frozenset(), available=frozenset()
    )
    assert gaps(Roster(), Calendar.of("UTC", ["Mon 10:00-12:00"]), MONDAY, MONDAY + DAY) == [
        Interval(MONDAY + HOUR, MONDAY + 3 * HOUR)
    ]


def test_an_arrival_is_after_now_and_somebody_who_comes_now_is_here() -> None:
    roster = Roster((member("ada"), member("bo", "Mon-Fri 10:00-18:00")))
    assert cover_at(roster, MONDAY).available == {"ada"}
    assert arrivals(roster, MONDAY, DAY) == [
        Turn(login="bo", at=MONDAY + HOUR),
    ]
    assert arrivals(roster, MONDAY, 2 * DAY) == [
        Turn(login="bo", at=MONDAY + HOUR),
        Turn(login="ada", at=MONDAY + DAY),
    ]


def test_somebody_back_from_time_off_in_the_middle_of_the_day_arrives_then() -> None:
    roster = Roster((member("ada"),), (off("ada", MONDAY - DAY, MONDAY + 3 * HOUR),))
    assert arrivals(roster, MONDAY, DAY) == [Turn(login="ada", at=MONDAY + 3 * HOUR)]
    assert leaves_at(roster, roster.members[0], MONDAY, DAY) is None
    assert leaves_at(roster, roster.members[0], MONDAY + 3 * HOUR, DAY) == MONDAY + 8 * HOUR


def test_who_is_out_without_a_known_end_does_not_arrive() -> None:
    roster = Roster((member("ada"),), (off("ada", MONDAY + HOUR, None),))
    assert leaves_at(roster, roster.members[0], MONDAY, DAY) == MONDAY + HOUR
    assert arrivals(roster, MONDAY + HOUR, 30 * DAY) == []


def test_hours_of_a_member() -> None:
    ada = member("ada", ["Mon 09:00-12:00", "Mon 13:00-17:00"], holidays=[date(2026, 3, 9)])
    roster = Roster((ada,), (off("ada", MONDAY + HOUR, MONDAY + 5 * HOUR),))
    two_weeks = MONDAY - HOUR, MONDAY + 2 * WEEK - HOUR
    assert list(scheduled_hours(ada, *two_weeks)) == [
        Interval(MONDAY, MONDAY + 3 * HOUR),
        Interval(MONDAY + 4 * HOUR, MONDAY + 8 * HOUR),
    ]
    assert list(available_hours(roster, ada, *two_weeks)) == [
        Interval(MONDAY, MONDAY + HOUR),
        Interval(MONDAY + 5 * HOUR, MONDAY + 8 * HOUR),
    ]
