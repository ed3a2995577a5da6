"""When each ticket can expect its answer: against a simulation, minute by minute."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from policy.roster.members import Roster
from policy.rulebook.rulebook import handbook
from policy.waits.durations import Duration, DurationSample, durations_of
from policy.waits.forecast import BeingAnswered, Waiting, expected_answers
from policy.waits.staffed_work import HORIZON, StaffedWork
from policy.waits.usual_arrivals import HOURS_OF_WEEK, NO_ARRIVALS, UsualArrivals
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
)

LASTS = durations_of(handbook(), ())
EVEN = {
    "p0": Duration(answer=16, busy=120),
    "p1": Duration(answer=30, busy=90),
    "p2": Duration(answer=44, busy=46),
    "p3": Duration(answer=30, busy=30),
}
"""All in even minutes, so that the half that may be left of one is whole."""

LOOKED_AT = 4 * 24 * 60
NEVER = datetime.max.replace(tzinfo=MONDAY.tzinfo)
ALWAYS = "Mon 00:00 - Sun 24:00"

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
    lambda priorities: [Waiting(number, each) for number, each in enumerate(priorities, start=1)]
)
begun = st.lists(
    st.builds(
        BeingAnswered,
        st.integers(100, 109),
        st.sampled_from(list(PRIORITIES)),
        st.integers(0, 200).map(float),
        st.booleans(),
    ),
    max_size=5,
    unique_by=lambda each: each.ticket,
)
arrivals = st.builds(
    UsualArrivals,
    st.dictionaries(
        st.sampled_from(list(PRIORITIES)), st.sampled_from([(0.5,), (1.0,), (2.0,)])
    ).map(lambda each: {priority: hour * HOURS_OF_WEEK for priority, hour in each.items()}),
    st.sampled_from([1.0, 2.0]),
)
"""Whole minutes from a full hour on, whatever the rush."""


@dataclass
class Job:
    """A ticket of the simulation, with the minutes that are left; ``ticket`` None where new."""

    ticket: int | None
    priority: str
    busy: float
    answer: float | None
    begun: int = field(default=0)


def new_ones(usual: UsualArrivals) -> dict[int, list[Job]]:
    """Return what is thought to come, by the minute: whenever the usual count passes a half."""
    found: dict[int, list[Job]] = {}
    for priority in PRIORITIES[:-1]:
        come, due = 0.0, 0.5
        for minute in range(LOOKED_AT):
            rate = usual.per_hour.get(priority, (0.0,))[0]
            come += rate * (usual.rush if minute < 48 * 60 else 1) / 60
            if come > due - 1e-9:
                job = Job(None, priority, EVEN[priority].busy, None)
                found.setdefault(minute + 1, []).append(job)
                due += 1
    return found


def simulated(
    team: Sequence[Person],
    queue: Sequence[Waiting],
    at_work: Sequence[BeingAnswered],
    usual: UsualArrivals,
) -> dict[int, datetime]:
    """Let everybody who is there work on one ticket, minute by minute."""
    walk = Walk(MONDAY, LOOKED_AT)
    columns = [walk.available(person) for person in team]
    numbers = count(-len(at_work))
    busy = [simulated_rest(each, next(numbers)) for each in at_work]
    left: list[Job] = []
    line = [
        Job(each.ticket, each.priority or "", EVEN[each.priority or ""].busy,
            EVEN[each.priority or ""].answer)
        for each in queue
    ]  # fmt: skip
    coming, come = new_ones(usual), list[Job]()
    done: dict[int, datetime] = {}
    for minute in range(walk.minutes):
        there = sum(column[minute] for column in columns)
        come += coming.get(minute, [])
        busy = [job for job in busy if job.busy > 0]
        if minute and len(busy) > there and changes(columns, minute):
            busy.sort(key=lambda job: job.begun)
            left, busy = sorted([*left, *busy[there:]], key=lambda job: job.begun), busy[:there]
        while len(busy) < there:
            job = taken(left, line, come)
            if job is None:
                break
            job.begun = job.begun or next(numbers) + 1
            busy.append(job)
        for job in busy:
            job.busy -= 1
            if job.answer is not None:
                job.answer -= 1
                if job.answer <= 0:
                    done[job.ticket or 0] = walk.at(minute + 1)
                    job.answer = None
    return done


def changes(columns: Sequence[Sequence[bool]], minute: int) -> bool:
    return sum(each[minute] for each in columns) != sum(each[minute - 1] for each in columns)


def simulated_rest(begun: BeingAnswered, number: int) -> Job:
    """Return what is left of what somebody is at, where nothing but a usual time is known."""
    lasts = EVEN[begun.priority or ""]
    rest = lasts.answer if begun.owed else lasts.busy
    left = max(rest - begun.for_minutes, rest / 2)
    busy = left + lasts.busy - lasts.answer if begun.owed else left
    return Job(begun.ticket, begun.priority or "", busy, left if begun.owed else None, number)


def taken(left: list[Job], line: list[Job], come: list[Job]) -> Job | None:
    """Take what was begun, else a new one of higher priority than the first, else the first."""
    if left:
        return left.pop(0)
    higher = min(come, key=lambda job: job.priority, default=None)
    if higher is not None and (not line or higher.priority < line[0].priority):
        come.remove(higher)
        return higher
    return line.pop(0) if line else None


@settings(max_examples=150, deadline=None)
@given(people(), queues, begun, arrivals)
def test_the_forecast_is_what_a_simulation_comes_to(
    team: tuple[Person, ...],
    queue: list[Waiting],
    at_work: list[BeingAnswered],
    usual: UsualArrivals,
) -> None:
    work = StaffedWork.of(roster_of(team), MONDAY)
    expected = expected_answers(queue, at_work, work, EVEN, usual, PRIORITIES)
    until = MONDAY + LOOKED_AT * MINUTE
    soon = {number: time for number, time in expected.items() if time <= until}
    assert soon == simulated(team, queue, at_work, usual)


def forecast(
    team: Sequence[Person], queue: Sequence[Waiting], usual: UsualArrivals = NO_ARRIVALS
) -> dict[int, datetime]:
    work = StaffedWork.of(roster_of(team), MONDAY)
    found = expected_answers(queue, (), work, LASTS, usual, PRIORITIES)
    return {each.ticket: found.get(each.ticket, NEVER) for each in queue}


@settings(max_examples=100, deadline=None)
@given(people(), queues)
def test_one_more_person_never_makes_any_ticket_later(
    team: tuple[Person, ...], queue: list[Waiting]
) -> None:
    fewer, more = forecast(team[1:], queue), forecast(team, queue)
    assert all(more[number] <= fewer[number] for number in fewer)


@settings(max_examples=100, deadline=None)
@given(people(), queues, arrivals, st.data())
def test_one_more_ticket_never_makes_another_one_earlier_nor_one_ahead_later(
    team: tuple[Person, ...], queue: list[Waiting], usual: UsualArrivals, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(queue)))
    another = Waiting(99, data.draw(st.sampled_from(PRIORITIES)))
    longer = [*queue[:place], another, *queue[place:]]
    fewer, more = forecast(team, queue), forecast(team, longer)
    assert all(fewer[number] <= more[number] for number in fewer)
    fewer, more = forecast(team, queue, usual), forecast(team, longer, usual)
    ahead = [each.ticket for each in queue[:place]]
    assert [more[each] for each in ahead] == [fewer[each] for each in ahead]


@settings(max_examples=100, deadline=None)
@given(people(), queues, begun, arrivals, st.sets(st.integers(1, 14), max_size=3))
def test_what_is_asked_for_is_what_all_would_be(
    team: tuple[Person, ...],
    queue: list[Waiting],
    at_work: list[BeingAnswered],
    usual: UsualArrivals,
    wanted: set[int],
) -> None:
    work = StaffedWork.of(roster_of(team), MONDAY)
    every = expected_answers(queue, at_work, work, LASTS, usual, PRIORITIES)
    some = expected_answers(queue, at_work, work, LASTS, usual, PRIORITIES, wanted)
    assert {each: some.get(each) for each in wanted} == {each: every.get(each) for each in wanted}


def hours(*expected: datetime) -> list[float]:
    return [(each - MONDAY) / HOUR for each in expected]


def of(
    roster: Roster, queue: Sequence[Waiting], at_work: Sequence[BeingAnswered] = ()
) -> dict[int, datetime]:
    work = StaffedWork.of(roster, MONDAY)
    return expected_answers(queue, at_work, work, LASTS, NO_ARRIVALS, PRIORITIES)


def test_an_answer_comes_before_who_gives_it_is_free_again() -> None:
    queue = [Waiting(7, "p0"), Waiting(3, "p3"), Waiting(5, None)]
    found = of(Roster((member("ada"), member("bo"))), queue)
    assert hours(found[7], found[3], found[5]) == [0.25, 0.5, 1]
    found = of(Roster((member("ada"),)), queue)
    assert hours(found[7], found[3], found[5]) == [0.25, 2.5, 3]


def test_what_is_not_answered_is_handed_over_and_what_is_only_goes_on() -> None:
    early, late = member("ada", "Mon-Fri 09:00-09:20"), member("bo", "Mon-Fri 12:00-20:00")
    answered = of(Roster((early, late)), [Waiting(1, "p0"), Waiting(2, "p3")])
    assert hours(answered[1], answered[2]) == [0.25, 3 + 100 / 60 + 0.5]
    handed_over = of(Roster((early, late)), [Waiting(1, "p1"), Waiting(2, "p3")])
    assert hours(handed_over[1], handed_over[2]) == [3 + 10 / 60, 3 + 70 / 60 + 0.5]


def test_who_is_at_capacity_goes_on_and_takes_nothing_new() -> None:
    roster = Roster((replace(member("ada"), at_capacity=True), member("bo", "Mon 12:00-20:00")))
    found = of(roster, [Waiting(2, "p3")], [BeingAnswered(1, "p3", 10, owed=True)])
    assert hours(found[1], found[2]) == [20 / 60, 3.5]


def test_who_has_been_at_it_for_long_still_needs_what_lasts_longer() -> None:
    samples = [DurationSample("p3", each, 60.0) for each in (*[10.0] * 28, 50.0, 70.0)]
    lasts = durations_of(handbook(), samples)
    work = StaffedWork.of(Roster((member("ada"),)), MONDAY)
    for minutes, rest in ((0, (280 + 120) / 30), (10, 50), (60, 10), (70, (280 + 120) / 60)):
        at_work = [BeingAnswered(1, "p3", minutes, owed=True)]
        found = expected_answers((), at_work, work, lasts, NO_ARRIVALS, PRIORITIES)
        assert abs((found[1] - MONDAY) / MINUTE - rest) < 1e-6


def test_new_ones_of_higher_priority_go_ahead_and_others_do_not() -> None:
    work = StaffedWork.of(Roster((member("ada", ALWAYS),)), MONDAY)
    queue = [Waiting(each, "p2") for each in range(1, 5)]
    for priority, each_hour, rush, expected in (
        ("p1", 0.5, 1.0, [0.75, 1.5, 5.25, 7.5]),  # new ones after 1, 3 and 5 h
        ("p1", 0.25, 2.0, [0.75, 1.5, 5.25, 7.5]),
        ("p2", 0.5, 1.0, [0.75, 1.5, 2.25, 3]),
    ):
        usual = UsualArrivals({priority: (each_hour,) * HOURS_OF_WEEK}, rush)
        found = expected_answers(queue, (), work, LASTS, usual, PRIORITIES)
        assert (priority, rush, hours(*found.values())) == (priority, rush, expected)


def test_beyond_the_horizon_nothing_is_expected() -> None:
    away = Roster((member("ada"),), (off("ada", MONDAY - DAY, MONDAY + HORIZON),))
    assert of(away, [Waiting(1, "p2")]) == {}
    assert of(Roster(), [Waiting(1, "p2")]) == {}
    last_hour = (off("ada", MONDAY - DAY, MONDAY + HORIZON - HOUR),)
    found = of(Roster((member("ada", ALWAYS),), last_hour), [Waiting(1, "p2"), Waiting(2, "p2")])
    assert found == {1: MONDAY + HORIZON - 15 * MINUTE}


def test_no_more_of_the_queue_is_read_than_can_be_begun() -> None:
    read: list[int] = []

    def million() -> Iterator[Waiting]:
        for number in range(1_000_000):
            read.append(number)
            yield Waiting(number, "p2")

    work = StaffedWork.of(Roster((member("ada", "Mon 09:00-17:00"),)), MONDAY)
    found = expected_answers(million(), (), work, LASTS, NO_ARRIVALS, PRIORITIES)
    assert len(found) == len(read) - 2 < 60
    read.clear()
    found = expected_answers(million(), (), work, LASTS, NO_ARRIVALS, PRIORITIES, wanted=[1])
    assert len(read) <= 4


def test_a_night_of_three_or_five_hours_holds_so_much_work() -> None:
    night = Roster((member("ada", "Sun 01:00-05:00", "Europe/Berlin"),))
    queue = [Waiting(number, "p1") for number in (1, 2, 3)]
    for day, done in (("2026-03-29 00:00", {1, 2}), ("2026-10-24 23:00", {1, 2, 3})):
        work = StaffedWork.of(night, at(day))
        found = expected_answers(queue, (), work, LASTS, NO_ARRIVALS, PRIORITIES)
        assert {number for number, time in found.items() if time < at(day) + DAY} == done
