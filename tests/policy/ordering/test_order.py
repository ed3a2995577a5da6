"""The order and its byte keys, against a comparison that is written anew."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.ordering.order import Order, order_of
from policy.rulebook.rulebook import handbook, load_rulebook
from policy.ticket import Ticket
from policy.words import Criterion, Mode
from tests.examples import (
    GROUPS,
    MONDAY,
    PRIORITIES,
    WORDS,
    assigned,
    criteria_lists,
    deviation,
    queues,
    ticket,
)
from tests.independent_order import CRITERIA, TIERS, compare, compare_by, ranked


@st.composite
def orders_with_criteria(draw: st.DrawFn) -> tuple[Order, Sequence[str], Sequence[str]]:
    """Draw either of the handbook's two orders, or one that a policy file could make."""
    mode = draw(st.none() | st.sampled_from(Mode))
    if mode is not None:
        return order_of(handbook(), mode), CRITERIA[mode], TIERS
    criteria = draw(criteria_lists())
    tiers = draw(st.permutations(list(TIERS)))
    return Order(criteria, replace(WORDS, tiers=tuple(tiers)), GROUPS), criteria, tiers


@given(queues(), orders_with_criteria())
def test_keys_sort_exactly_as_the_criteria_one_after_the_other(
    queue: list[Ticket], drawn: tuple[Order, Sequence[str], Sequence[str]]
) -> None:
    order, criteria, tiers = drawn
    assert sorted(queue, key=order.key) == ranked(queue, criteria, tiers)


@given(queues(), orders_with_criteria())
def test_is_before_says_of_each_pair_what_the_criteria_say(
    queue: list[Ticket], drawn: tuple[Order, Sequence[str], Sequence[str]]
) -> None:
    order, criteria, tiers = drawn
    for one, other in permutations(queue, 2):
        assert order.is_before(one, other) == (compare(one, other, criteria, tiers) < 0)


@given(queues(), orders_with_criteria())
def test_the_first_difference_is_the_first_criterion_that_tells_them_apart(
    queue: list[Ticket], drawn: tuple[Order, Sequence[str], Sequence[str]]
) -> None:
    order, criteria, tiers = drawn
    for one, other in permutations(queue, 2):
        telling = [each for each in criteria if compare_by(each, one, other, tiers)]
        assert order.first_difference(one, other) == (telling or [Criterion.ID])[0]


@given(queues(), orders_with_criteria())
def test_the_order_is_total_and_antisymmetric(
    queue: list[Ticket], drawn: tuple[Order, Sequence[str], Sequence[str]]
) -> None:
    order = drawn[0]
    for one, other in permutations(queue, 2):
        assert order.is_before(one, other) is not order.is_before(other, one)


@given(queues(6), orders_with_criteria())
def test_the_order_is_transitive(
    queue: list[Ticket], drawn: tuple[Order, Sequence[str], Sequence[str]]
) -> None:
    order = drawn[0]
    for one, two, three in permutations(queue, 3):
        if order.is_before(one, two) and order.is_before(two, three):
            assert order.is_before(one, three)


@given(queues(), orders_with_criteria())
def test_exactly_one_ticket_of_a_queue_is_number_one(
    queue: list[Ticket], drawn: tuple[Order, Sequence[str], Sequence[str]]
) -> None:
    order = drawn[0]
    unbeaten = [
        one
        for one in queue
        if not any(order.is_before(other, one) for other in queue if other != one)
    ]
    assert unbeaten == [min(queue, key=order.key)]


@given(queues(), orders_with_criteria())
def test_no_two_tickets_ever_have_the_same_key(
    queue: list[Ticket], drawn: tuple[Order, Sequence[str], Sequence[str]]
) -> None:
    assert len({drawn[0].key(each) for each in queue}) == len(queue)


@given(queues(), orders_with_criteria(), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_tickets_came(
    queue: list[Ticket], drawn: tuple[Order, Sequence[str], Sequence[str]], chance: Random
) -> None:
    shuffled = chance.sample(queue, len(queue))
    assert sorted(shuffled, key=drawn[0].key) == sorted(queue, key=drawn[0].key)


@pytest.mark.parametrize("mode", Mode)
def test_keys_all_have_the_same_length(mode: Mode) -> None:
    order = order_of(handbook(), mode)
    extremes = [
        ticket(1, received_at=datetime(1, 1, 1, tzinfo=UTC)),
        ticket(2**63 - 1, received_at=datetime.max.replace(tzinfo=UTC), deviation=deviation()),
    ]
    assert len({len(order.key(each)) for each in extremes}) == 1


@pytest.mark.parametrize(
    ("criterion", "first", "second"),
    [
        ("a newer deviation", {"deviation": deviation(MONDAY)},
         {"deviation": deviation(MONDAY - timedelta(seconds=1))}),
        ("any deviation", {"deviation": deviation(), "priority": "p3"},
         {"priority": "p0"}),
        ("a worse priority", {"priority": "p0"}, {"priority": "p1"}),
        ("the assigned priority", {"assigned_priority": assigned("p0")},
         {"priority": "p1"}),
        ("the earlier answer due", {"respond_by": MONDAY},
         {"respond_by": MONDAY + timedelta(microseconds=1)}),
        ("any answer due", {"respond_by": datetime.max.replace(tzinfo=UTC)}, {"respond_by": None}),
        ("the earlier received", {}, {"received_at": MONDAY + timedelta(microseconds=1)}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mode", Mode)
def test_what_comes_first(
    mode: Mode, criterion: str, first: dict[str, object], second: dict[str, object]
) -> None:
    order = order_of(handbook(), mode)
    # The ids speak for the other one, so that only the criterion can decide.
    assert order.is_before(ticket(2, **first), ticket(1, **second)), criterion


def test_the_lower_id_comes_first_when_nothing_else_differs() -> None:
    assert order_of(handbook(), Mode.NORMAL).is_before(ticket(1), ticket(2))


def test_only_hard_choices_look_at_the_tier() -> None:
    """Pre-sales customers first, enterprise second, …, internally driven work last."""
    late = MONDAY + timedelta(hours=1)
    for better, worse in pairwise(TIERS):
        one = ticket(1, tier=better, respond_by=late)
        other = ticket(2, tier=worse, respond_by=MONDAY)
        assert order_of(handbook(), Mode.HARD_CHOICES).is_before(one, other)
        assert order_of(handbook(), Mode.NORMAL).is_before(other, one)


def test_hard_choices_still_look_at_the_priority_before_the_tier() -> None:
    for (higher, lower), (tier, other_tier) in product(
        pairwise(PRIORITIES), permutations(TIERS, 2)
    ):
        one = ticket(2, priority=higher, tier=tier)
        other = ticket(1, priority=lower, tier=other_tier)
        assert order_of(handbook(), Mode.HARD_CHOICES).is_before(one, other)


def test_a_policy_file_decides_what_is_compared() -> None:
    rulebook = load_rulebook(
        '[order]\nnormal = ["tier", "received_at"]\n'
        '[tiers]\norder = ["internal", "free", "presales", "enterprise", "team", "open_source"]\n',
        "tiers.toml",
    )
    order = order_of(rulebook, Mode.NORMAL)
    assert order.criteria == (Criterion.TIER, Criterion.RECEIVED_AT, Criterion.ID)
    internal = ticket(1, tier="internal", priority="p3")
    assert order.is_before(internal, ticket(2, tier="free", priority="p0"))


def test_a_ticket_that_changes_in_no_criterion_keeps_its_key() -> None:
    order = order_of(handbook(), Mode.HARD_CHOICES)
    taken = replace(ticket(), assignee="mo", subject="Another", version=2)
    assert order.key(taken) == order.key(ticket())
