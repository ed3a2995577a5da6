"""Why one ticket stands before another, in words that agree with the order."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.ordering.explanation import explain, why_number_one, why_number_one_in_short
from policy.ordering.order import Order, order_of
from policy.rulebook.rulebook import handbook
from policy.ticket import Ticket
from policy.words import Criterion, Mode, Status
from tests.examples import (
    CLOCK,
    GROUPS,
    MONDAY,
    WORDS,
    criteria_lists,
    deviation,
    queues,
    ticket,
    vocabularies,
)

HOUR = timedelta(hours=1)
NORMAL = order_of(handbook(), Mode.NORMAL)
HARD_CHOICES = order_of(handbook(), Mode.HARD_CHOICES)

ANY_ORDER = st.sampled_from([NORMAL, HARD_CHOICES]) | st.builds(
    Order, criteria_lists(), vocabularies(), st.just(GROUPS)
)


@given(queues(8), ANY_ORDER)
def test_explaining_any_pair_agrees_with_the_order(queue: list[Ticket], order: Order) -> None:
    ranked = sorted(queue, key=order.key)
    for one, other in permutations(ranked, 2):
        explained = explain(one, other, order)
        assert explained.before is (ranked.index(one) < ranked.index(other))
        assert explained.criterion is order.first_difference(one, other)


@given(queues(8), ANY_ORDER)
def test_both_sides_of_a_pair_are_told_the_same_sentence(queue: list[Ticket], order: Order) -> None:
    for one, other in permutations(queue, 2):
        assert explain(one, other, order).why == explain(other, one, order).why


@given(queues(8), ANY_ORDER)
def test_every_reason_is_a_sentence_about_the_first_one(queue: list[Ticket], order: Order) -> None:
    for one, other in permutations(queue, 2):
        explained = explain(one, other, order)
        why = explained.why
        assert f"#{one.id if explained.before else other.id} " in why
        assert why.endswith(".")
        assert why[0] == "#" or why[0].isupper()
        assert "None" not in why


@given(queues(8), ANY_ORDER)
def test_the_only_one_of_a_priority_is_said_only_when_it_is_so(
    queue: list[Ticket], order: Order
) -> None:
    first, *others = sorted(queue, key=order.key)
    why = why_number_one(first, others[0] if others else None, order)
    if why.startswith(f"The only {first.priority}"):
        assert all(each.priority != first.priority for each in others)


@pytest.mark.parametrize(
    ("order", "first", "second", "why"),
    [
        (NORMAL, {"deviation": deviation(reason="Their launch is today")}, {},
         "#1 was put first by lead: Their launch is today."),
        (NORMAL, {"deviation": deviation(reason="Now!")}, {"deviation": deviation(MONDAY - HOUR)},
         "#1 was put first more recently by lead: Now!"),
        (NORMAL, {"priority": "p0"}, {"priority": "p1"},
         "#1 is p0, #2 is p1."),
        (NORMAL, {"respond_by": MONDAY}, {"respond_by": MONDAY + HOUR * 1.5},
         "Both are p2; #1 is due 1 h 30 m before #2."),
        (NORMAL, {"respond_by": MONDAY}, {},
         "Both are p2; #1 has an answer due, #2 has none."),
        (NORMAL, {}, {"received_at": MONDAY + HOUR},
         "Both are p2 and without an answer due; #1 was received 1 h before #2."),
        (NORMAL, {"respond_by": MONDAY}, {"respond_by": MONDAY, "received_at": MONDAY + HOUR},
         "Both are p2 and due at the same time; #1 was received 1 h before #2."),
        (NORMAL, {}, {"received_at": MONDAY + timedelta(milliseconds=2)},
         "Both are p2 and without an answer due; #1 was received a moment before #2."),
        (NORMAL, {"respond_by": MONDAY}, {"respond_by": MONDAY},
         "Both are p2, due at the same time and equally old; #1 has a lower number than #2."),
        (HARD_CHOICES, {"tier": "presales"}, {"tier": "open_source"},
         "Both are p2 and owed an answer; #1 is Pre-sales, #2 is Open source,"
         " and Pre-sales comes first."),
        (HARD_CHOICES, {"respond_by": MONDAY}, {"respond_by": MONDAY + HOUR},
         "Both are p2, owed an answer and Enterprise; #1 is due 1 h before #2."),
        (HARD_CHOICES, {"tier": "free"}, {"tier": "presales", "waiting_since": None},
         "Both are p2; #1 is owed an answer, #2 has its answer."),
        (HARD_CHOICES, {"waiting_since": None},
         {"waiting_since": None, "received_at": MONDAY + HOUR},
         "Both are p2, answered, Enterprise and without an answer due;"
         " #1 was received 1 h before #2."),
        (Order([Criterion.GROUP], WORDS, GROUPS), {"facts": (("kind", "incident"),)}, {},
         '#1 is of the group "Incidents", #2 of no group, and the group "Incidents" comes first.'),
        (Order([Criterion.GROUP, Criterion.RESOLVE_BY], WORDS, GROUPS),
         {"resolve_by": MONDAY}, {"resolve_by": MONDAY + HOUR},
         "Both are of no group; #1 is to be solved 1 h before #2."),
        (Order([Criterion.RESOLVE_BY], WORDS), {"resolve_by": MONDAY}, {},
         "#1 has a time to be solved by, #2 has none."),
        (Order([Criterion.RESOLVE_BY], WORDS), {}, {},
         "Both are without a time to solve; #1 has a lower number than #2."),
        (Order([Criterion.RESOLVE_BY], WORDS), {"resolve_by": MONDAY}, {"resolve_by": MONDAY},
         "Both are to be solved by the same time; #1 has a lower number than #2."),
        (Order([Criterion.TIER], WORDS), {}, {},
         "Both are Enterprise; #1 has a lower number than #2."),
        (Order([Criterion.RECEIVED_AT], WORDS), {}, {},
         "Both are equally old; #1 has a lower number than #2."),
    ],
)  # fmt: skip
def test_the_sentences(
    order: Order, first: dict[str, object], second: dict[str, object], why: str
) -> None:
    assert explain(ticket(1, **first), ticket(2, **second), order).why == why


UPDATE = {"respond_by": MONDAY + HOUR, "update_by": MONDAY + HOUR, "waiting_since": None}
"""What is answered, and to be updated in an hour."""

LATE_UPDATE = {"respond_by": MONDAY - HOUR, "update_by": MONDAY - HOUR, "waiting_since": None}
BOTH = {"respond_by": MONDAY, "update_by": MONDAY + HOUR}
"""What is to be answered before it is to be updated."""


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (UPDATE, {"respond_by": MONDAY + 2 * HOUR},
         "an update on #1 is due by 10:00, 1 h before #2."),
        (LATE_UPDATE, UPDATE,
         "an update on #1 was due by 08:00, 2 h before an update on #2."),
        ({"respond_by": MONDAY}, UPDATE,
         "#1 is due 1 h before an update on #2."),
        (BOTH, {"respond_by": MONDAY + HOUR},
         "#1 is due 1 h before #2."),
        (UPDATE, {},
         "an update on #1 is due by 10:00, and nothing is due on #2."),
    ],
)  # fmt: skip
def test_an_update_that_decides_is_said_with_its_time(
    first: dict[str, object], second: dict[str, object], why: str
) -> None:
    one, other = ticket(1, **first), ticket(2, **second)
    assert explain(one, other, NORMAL, CLOCK).why == f"Both are p2; {why}"
    short = f"{why[0].upper()}{why[1:]}"
    assert why_number_one_in_short(one, other, NORMAL, CLOCK) == short


def test_where_nobody_reads_an_update_has_no_time() -> None:
    one, other = ticket(1, **UPDATE), ticket(2, respond_by=MONDAY + 2 * HOUR)
    assert explain(one, other, NORMAL).why == "Both are p2; an update on #1 is due 1 h before #2."


def test_what_only_an_update_keeps_in_the_queue_says_so() -> None:
    rests = ticket(1, **UPDATE, status=Status.ON_HOLD, priority="p1")
    said = " It is on hold, and stands in the queue as an update is due by 10:00."
    assert explain(rests, ticket(2), NORMAL, CLOCK).why == f"#1 is p1, #2 is p2.{said}"
    last = "It is the last in the queue; nothing stands behind it."
    assert explain(rests, None, NORMAL, CLOCK).why == f"{last}{said}"
    for owed_or_open in ({"waiting_since": MONDAY}, {"status": Status.OPEN}):
        known = replace(rests, **owed_or_open)
        assert explain(known, ticket(2), NORMAL, CLOCK).why == "#1 is p1, #2 is p2."


def test_the_only_one_of_its_priority_is_called_so_in_the_banner() -> None:
    one, other = ticket(1, priority="p0"), ticket(2, priority="p1")
    assert why_number_one(one, other, NORMAL) == "The only p0 in the queue; #2 behind it is p1."


def test_one_of_several_of_a_priority_is_not_called_the_only_one() -> None:
    """Where the tier is looked at first, a p0 of another tier may be far behind."""
    order = Order([Criterion.TIER, Criterion.PRIORITY], WORDS)
    one, other = ticket(1, priority="p0"), ticket(2, priority="p1")
    assert why_number_one(one, other, order) == "Both are Enterprise; #1 is p0, #2 is p1."


def test_alone_in_the_queue() -> None:
    assert why_number_one(ticket(), None, NORMAL) == "The only ticket in the queue."


def test_the_last_one_has_nothing_behind_it() -> None:
    explained = explain(ticket(), None, NORMAL)
    assert explained.before
    assert explained.criterion is None
    assert explained.why == "It is the last in the queue; nothing stands behind it."


def test_a_ticket_is_neither_before_nor_behind_itself() -> None:
    explained = explain(ticket(), ticket(), NORMAL)
    assert (explained.before, explained.criterion) == (False, None)
    assert explained.why == "#1 is the same ticket."


@pytest.mark.parametrize(
    ("absent", "why"),
    [
        ({"declined": "No."}, "#2 was declined, so it is never ranked."),
        ({"status": Status.PENDING, "waiting_since": None},
         "#2 is pending, so it does not stand in the queue."),
        ({"status": Status.ON_HOLD, "waiting_since": None},
         "#2 is on hold, so it does not stand in the queue."),
        ({"status": Status.SOLVED, "waiting_since": None},
         "#2 is solved, so it does not stand in the queue."),
        ({"status": Status.CLOSED, "waiting_since": None},
         "#2 is closed, so it does not stand in the queue."),
        ({"status": Status.CLOSED, "merged_into": 7}, "#2 was merged into #7, and stands there."),
    ],
)  # fmt: skip
def test_what_is_not_in_the_queue_stands_behind_all_in_it(
    absent: dict[str, object], why: str
) -> None:
    inside, outside = ticket(1, priority="p3"), ticket(2, priority="p0", **absent)
    assert (explain(inside, outside, NORMAL).before, explain(inside, outside, NORMAL).why) == (
        True,
        why,
    )
    assert (explain(outside, inside, NORMAL).before, explain(outside, inside, NORMAL).why) == (
        False,
        why,
    )
    assert explain(outside, None, NORMAL).why == why
