"""When each ticket can expect its answer: against a simulation, minute by minute."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.roster.members import Roster
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.ticket import Ticket
from policy.waits.forecast import HORIZON, expected_answers
from tests.examples import PRIORITIES
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
    ticket,
)

MINUTES = {"p0": 120, "p1": 90, "p2": 45, "p3": 30}
LOOKED_AT = 4 * 24 * 60
NEVER = datetime.max.replace(tzinfo=MONDAY.tzinfo)

shifts = st.builds(
    Shift, st.integers(0, 6), st.sampled_from(range(0, 24 * 60, 5)), st.integers(1, 12 * 60)
)


@st.composite
def people(draw: st.DrawFn, most: int = 4) -> tuple[Person, ...]:
    minutes = st.integers(0, LOOKED_AT)
    return tuple(
        Person(
            f"person{number}",
            draw(st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"])),
            tuple(draw(st.lists(shifts, min_size=1, max_size=8))),
            away=tuple(
                (MONDAY + start * MINUTE, MONDAY + (start + length) * MINUTE)
                for start, length in draw(
                    st.lists(st.tuples(minutes, st.integers(1, 24 * 60)), max_size=2)
                )
            ),
        )
        for number in range(draw(st.integers(1, most)))
    )


queues = st.lists(st.sampled_from(list(PRIORITIES)), max_size=14).map(
    lambda priorities: [
        ticket(number, defined_priority=priority)
        for number, priority in enumerate(priorities, start=1)
    ]
)


def simulated(team: tuple[Person, ...], queue: list[Ticket], walk: Walk) -> dict[int, datetime]:
    """Let as many as are there work a minute each, every minute, on the first that are not done."""
    columns = [walk.available(person) for person in team]
    left = [MINUTES[each.priority or "p3"] for each in queue]
    done: dict[int, datetime] = {}
    for minute in range(walk.minutes):
        there = sum(column[minute] for column in columns)
        for place in [place for place, minutes in enumerate(left) if minutes][:there]:
            left[place] -= 1
            if not left[place]:
                done[queue[place].id] = walk.at(minute + 1)
    return done


@settings(max_examples=60, deadline=None)
@given(people(), queues)
def test_the_forecast_is_what_a_simulation_comes_to(
    team: tuple[Person, ...], queue: list[Ticket]
) -> None:
    walk = Walk(MONDAY, LOOKED_AT)
    expected = expected_answers(handbook(), roster_of(team), queue, MONDAY)
    soon = {number: time for number, time in expected.items() if time <= walk.end}
    assert soon == simulated(team, queue, walk)


def forecast(team: tuple[Person, ...], queue: list[Ticket]) -> dict[int, datetime]:
    found = expected_answers(handbook(), roster_of(team), queue, MONDAY)
    return {each.id: found.get(each.id, NEVER) for each in queue}


@settings(max_examples=100, deadline=None)
@given(people(), queues)
def test_one_more_person_never_makes_any_ticket_later(
    team: tuple[Person, ...], queue: list[Ticket]
) -> None:
    fewer, more = forecast(team[1:], queue), forecast(team, queue)
    assert all(more[number] <= fewer[number] for number in fewer)


@settings(max_examples=100, deadline=None)
@given(people(), queues, st.data())
def test_one_more_ticket_never_makes_another_one_earlier(
    team: tuple[Person, ...], queue: list[Ticket], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(queue)))
    another = ticket(99, defined_priority=data.draw(st.sampled_from(PRIORITIES)))
    fewer, more = forecast(team, queue), forecast(team, [*queue[:place], another, *queue[place:]])
    assert all(fewer[number] <= more[number] for number in fewer)
    assert [more[each.id] for each in queue[:place]] == [fewer[each.id] for each in queue[:place]]


@settings(max_examples=100, deadline=None)
@given(people(), queues)
def test_equal_handling_is_answered_in_the_order_of_the_queue(
    team: tuple[Person, ...], queue: list[Ticket]
) -> None:
    found = forecast(team, queue)
    for priority in PRIORITIES:
        alike = [found[each.id] for each in queue if each.priority is priority]
        assert all(one <= following for one, following in pairwise(alike))


@settings(max_examples=50, deadline=None)
@given(people(), queues, st.sets(st.integers(0, 3)))
def test_whoever_is_at_capacity_takes_no_new_tickets(
    team: tuple[Person, ...], queue: list[Ticket], full: set[int]
) -> None:
    roster = roster_of(team)
    members = [
        replace(each, at_capacity=number in full) for number, each in enumerate(roster.members)
    ]
    others = roster_of(person for number, person in enumerate(team) if number not in full)
    with_them = Roster(tuple(members), roster.time_off)
    found = expected_answers(handbook(), with_them, queue, MONDAY)
    assert found == expected_answers(handbook(), others, queue, MONDAY)


def hours(*expected: datetime) -> list[float]:
    return [(each - MONDAY) / HOUR for each in expected]


def test_two_people_and_three_tickets() -> None:
    roster = Roster((member("ada"), member("bo")))
    queue = [
        ticket(7, defined_priority="p0"),
        ticket(3, defined_priority="p3"),
        ticket(5, defined_priority="p1"),
    ]
    found = expected_answers(handbook(), roster, queue, MONDAY)
    assert list(found) == [3, 7, 5]
    assert hours(found[7], found[3], found[5]) == [2, 0.5, 2]


def test_what_does_not_get_done_is_handed_over_to_whoever_comes_next() -> None:
    early, late = member("ada", "Mon-Fri 09:00-10:00"), member("bo", "Mon-Fri 12:00-20:00")
    queue = [ticket(1, defined_priority="p0"), ticket(2, defined_priority="p3")]
    found = expected_answers(handbook(), Roster((early, late)), queue, MONDAY)
    assert hours(found[1], found[2]) == [4, 4.5]


def test_who_leaves_leaves_the_ticket_that_is_furthest_back() -> None:
    short = member("ada", "Mon-Fri 09:00-10:00")
    queue = [ticket(1, defined_priority="p0"), ticket(2, defined_priority="p1")]
    found = expected_answers(handbook(), Roster((short, member("bo"))), queue, MONDAY)
    assert hours(found[1], found[2]) == [2, 2.5]


def test_what_is_through_when_somebody_leaves_is_answered_then() -> None:
    roster = Roster((member("ada", "Mon 09:00-10:30"),))
    queue = [ticket(1, defined_priority="p1"), ticket(2)]
    found = expected_answers(handbook(), roster, queue, MONDAY)
    assert hours(found[1], found[2]) == [1.5, 7 * 24 + 0.75]


def test_a_ticket_that_has_had_its_answer_still_takes_its_time() -> None:
    answered = ticket(1, waiting_since=None, aim_by=None, first_response_at=MONDAY - HOUR)
    found = expected_answers(handbook(), Roster((member("ada"),)), [answered, ticket(2)], MONDAY)
    assert hours(found[1], found[2]) == [0.75, 1.5]


def test_handling_is_the_policys() -> None:
    ours = load_rulebook('handling.p2 = "3h"', "ours.toml")
    found = expected_answers(ours, Roster((member("ada"),)), [ticket(1)], MONDAY)
    assert hours(found[1]) == [3]


def test_beyond_the_horizon_nothing_is_expected() -> None:
    roster = Roster((member("ada"),), (off("ada", MONDAY - DAY, MONDAY + HORIZON),))
    assert expected_answers(handbook(), roster, [ticket(1)], MONDAY) == {}
    assert expected_answers(handbook(), Roster(), [ticket(1)], MONDAY) == {}
    hour_before = (off("ada", MONDAY - DAY, MONDAY + HORIZON - HOUR),)
    found = expected_answers(
        handbook(), Roster((member("ada", "Mon 00:00 - Sun 24:00"),), hour_before),
        [ticket(1), ticket(2)], MONDAY,
    )  # fmt: skip
    assert found == {1: MONDAY + HORIZON - 15 * MINUTE}


def test_no_more_of_the_queue_is_read_than_can_be_begun() -> None:
    read: list[int] = []

    def million() -> Iterator[Ticket]:
        for number in range(1_000_000):
            read.append(number)
            yield ticket(number)

    roster = Roster((member("ada", "Mon 09:00-17:00"),))
    found = expected_answers(handbook(), roster, million(), MONDAY)
    assert len(found) == len(read) - 1 < 60


def test_a_night_of_three_or_five_hours_holds_so_much_work() -> None:
    night = Roster((member("ada", "Sun 01:00-05:00", "Europe/Berlin"),))
    queue = [ticket(number, defined_priority="p1") for number in (1, 2, 3)]
    for day, done in (("2026-03-29 00:00", {1, 2}), ("2026-10-24 23:00", {1, 2, 3})):
        found = expected_answers(handbook(), night, queue, at(day))
        assert {number for number, time in found.items() if time < at(day) + DAY} == done
