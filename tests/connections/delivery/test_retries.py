"""What could not be delivered is tried again, ever more rarely, and then left to a person."""

from datetime import UTC, datetime, timedelta

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connections.attempts import Delivery, DeliveryOutcome
from connections.delivery.retries import NOTICES, BackOff, try_again_at

UNHURRIED = hypothesis.settings(deadline=None)
NOW = datetime(2026, 3, 6, 22, tzinfo=UTC)
PLANS = st.builds(
    lambda first, times, attempts: BackOff(first=first, longest=first * times, attempts=attempts),
    st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=1)),
    st.integers(min_value=1, max_value=100),
    st.integers(min_value=1, max_value=50),
)


def delivery(outcome: DeliveryOutcome, retry_after: timedelta | None = None) -> Delivery:
    return Delivery(outcome=outcome, why="mail.example.com:587 said so", retry_after=retry_after)


def test_a_notice_is_tried_for_an_hour() -> None:
    minutes = [delay / timedelta(minutes=1) for n in range(1, 8) if (delay := NOTICES.delay(n))]
    assert minutes == [0.5, 1, 2, 4, 8, 16, 30]
    assert NOTICES.delay(8) is None


@UNHURRIED
@given(PLANS)
def test_the_waits_grow_within_bounds_and_end(plan: BackOff) -> None:
    delays = [plan.delay(attempt) for attempt in range(1, plan.attempts)]
    known = [delay for delay in delays if delay is not None]
    assert len(known) == len(delays)
    assert known == sorted(known)
    assert all(plan.first <= delay <= plan.longest for delay in known)
    assert plan.delay(plan.attempts) is None
    assert plan.delay(10**9) is None


@pytest.mark.parametrize("outcome", [DeliveryOutcome.TEMPORARY, DeliveryOutcome.NOT_ATTEMPTED])
def test_what_was_not_taken_is_tried_again(outcome: DeliveryOutcome) -> None:
    assert try_again_at(delivery(outcome), 1, NOW) == NOW + timedelta(seconds=30)
    assert try_again_at(delivery(outcome), NOTICES.attempts, NOW) is None


@pytest.mark.parametrize(
    "outcome", [DeliveryOutcome.SENT, DeliveryOutcome.PERMANENT, DeliveryOutcome.UNKNOWN]
)
def test_what_was_taken_or_may_have_been_is_not(outcome: DeliveryOutcome) -> None:
    assert try_again_at(delivery(outcome), 1, NOW) is None


def test_the_other_side_may_ask_for_more_time_within_bounds() -> None:
    def at(asked_for: timedelta) -> datetime | None:
        return try_again_at(delivery(DeliveryOutcome.TEMPORARY, asked_for), 1, NOW)

    assert at(timedelta(seconds=1)) == NOW + timedelta(seconds=30)
    assert at(timedelta(minutes=10)) == NOW + timedelta(minutes=10)
    assert at(timedelta(days=9)) == NOW + NOTICES.longest


@pytest.mark.parametrize(
    "plan",
    [
        {"first": timedelta(0)},
        {"first": timedelta(hours=2), "longest": timedelta(hours=1)},
        {"attempts": 0},
    ],
)
def test_a_plan_that_would_not_wait_is_none(plan: dict[str, timedelta]) -> None:
    with pytest.raises(ValueError, match="no plan to try again"):
        BackOff(**plan)  # type: ignore[arg-type] # one of them is a number


def test_attempts_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        NOTICES.delay(0)
