"""Why the number one is it, where there is little room: no more than what decides."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from policy.ordering.explanation import why_number_one, why_number_one_in_short
from policy.ordering.order import Order, order_of
from policy.rulebook.rulebook import handbook
from policy.ticket import Ticket
from policy.words import Mode
from tests.examples import GROUPS, MONDAY, criteria_lists, queues, ticket, vocabularies

HARD_CHOICES = order_of(handbook(), Mode.HARD_CHOICES)
ANY_ORDER = st.just(HARD_CHOICES) | st.builds(
    Order, criteria_lists(), vocabularies(), st.just(GROUPS)
)


@given(queues(8), ANY_ORDER)
def test_it_is_a_part_of_what_is_said_where_there_is_room(
    queue: list[Ticket], order: Order
) -> None:
    first, *others = sorted(queue, key=order.key)
    runner_up = others[0] if others else None
    whole = why_number_one(first, runner_up, order)
    short = why_number_one_in_short(first, runner_up, order)
    assert short.removesuffix(".") in whole
    assert short.endswith(".")
    assert "oth are" not in short


def test_what_is_alike_is_left_out() -> None:
    one = ticket(1, priority="p1", respond_by=MONDAY)
    other = ticket(2, priority="p1", respond_by=MONDAY + timedelta(minutes=5))
    assert why_number_one(one, other, HARD_CHOICES) == (
        "Both are p1, owed an answer and Enterprise; #1 is due 5 m before #2."
    )
    assert why_number_one_in_short(one, other, HARD_CHOICES) == "#1 is due 5 m before #2."


def test_the_only_one_of_its_priority_stays_that() -> None:
    one, other = ticket(1, priority="p0"), ticket(2, priority="p1")
    assert why_number_one_in_short(one, other, HARD_CHOICES) == "The only p0 in the queue."
    assert why_number_one_in_short(one, None, HARD_CHOICES) == "The only ticket in the queue."
