"""Spans of time joined, cut and taken from one another: against sets of minutes."""

from hypothesis import given
from hypothesis import strategies as st

from policy.clocks.calendar import Interval
from policy.clocks.intervals import common, joined, without
from tests.policy.teams import MINUTE, MONDAY

intervals = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12)).map(
        lambda ends: Interval(MONDAY + ends[0] * MINUTE, MONDAY + ends[1] * MINUTE)
    ),
    max_size=6,
)


def minutes(some: list[Interval]) -> set[int]:
    return {
        number for number in range(12) for one in some
        if one.start <= MONDAY + number * MINUTE < one.end
    }  # fmt: skip


def assert_apart(some: list[Interval]) -> None:
    edges = [edge for one in some for edge in one]
    assert edges == sorted(set(edges))


@given(intervals)
def test_joined_is_the_same_time_apart(some: list[Interval]) -> None:
    assert minutes(joined(some)) == minutes(some)
    assert_apart(joined(some))


@given(intervals, intervals)
def test_without_is_what_is_left(some: list[Interval], taken: list[Interval]) -> None:
    left = list(without(joined(some), joined(taken)))
    assert minutes(left) == minutes(some) - minutes(taken)
    assert_apart(left)


@given(intervals, intervals)
def test_common_is_what_is_in_both(some: list[Interval], others: list[Interval]) -> None:
    both = list(common(joined(some), joined(others)))
    assert minutes(both) == minutes(some) & minutes(others)
    assert_apart(both)
