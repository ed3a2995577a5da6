"""How much work a roster staffs: against a walk minute by minute, there and back."""

from dataclasses import replace
from datetime import datetime
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.roster.members import Roster
from policy.waits.staffed_work import HORIZON, StaffedWork
from tests.policy.teams import HOUR, MINUTE, MONDAY, Person, Walk, member, roster_of
from tests.policy.waits.test_forecast import LOOKED_AT, people

SECOND = MINUTE / 60


@settings(max_examples=60, deadline=None)
@given(people(), st.integers(0, LOOKED_AT - 1))
def test_it_is_what_a_walk_counts_and_later_sees_the_same(
    team: tuple[Person, ...], later: int
) -> None:
    walk = Walk(MONDAY, LOOKED_AT)
    columns = [walk.available(person) for person in team]
    counted = list(accumulate((sum(each) for each in zip(*columns, strict=True)), initial=0))
    work = StaffedWork.of(roster_of(team), MONDAY)
    assert [work.until(walk.at(minute)) for minute in range(LOOKED_AT)] == counted[:-1]
    since = work.later(walk.at(later))
    assert abs(since.until(walk.end) - (counted[-1] - counted[later])) < 1e-6


@settings(max_examples=100, deadline=None)
@given(people(), st.floats(0, 20_000), st.integers(-100, HORIZON // MINUTE))
def test_work_is_reached_at_the_first_instant_at_which_there_has_been_so_much(
    team: tuple[Person, ...], much: float, minutes: int
) -> None:
    work = StaffedWork.of(roster_of(team), MONDAY)
    reached = work.reached(much)
    if reached is None:
        assert work.until(MONDAY + HORIZON) < much
    else:
        assert abs(work.until(reached) - much) < 1e-6 * 60
        assert reached == MONDAY or work.until(reached - SECOND) < much
    instant = MONDAY + minutes * MINUTE
    first = work.reached(work.until(instant))
    assert first is not None
    assert first <= max(instant, MONDAY) + SECOND / 1000


def test_the_steps_are_plain_and_who_is_at_capacity_is_none_of_them() -> None:
    team = (member("ada"), member("bo", "Mon 11:00-12:30"), member("cy", at_capacity=True))
    work = StaffedWork.of(Roster(team), MONDAY)
    assert work.steps[:4] == ((0.0, 1), (120.0, 2), (210.0, 1), (480.0, 0))
    assert work.steps[-1] == (HORIZON / MINUTE, 0)
    assert replace(work) == StaffedWork(MONDAY, tuple((start, each) for start, each in work.steps))


def reached(much: float) -> datetime | None:
    return StaffedWork.of(Roster((member("ada"),)), MONDAY).reached(much)


def test_nights_stand_still_and_beyond_the_roster_there_is_no_time() -> None:
    assert reached(480) == MONDAY + 8 * HOUR
    assert reached(481) == MONDAY + 24 * HOUR + MINUTE
    assert reached(22 * 480) == MONDAY + 29 * 24 * HOUR + 8 * HOUR
    assert reached(22 * 480 + 1) is None
