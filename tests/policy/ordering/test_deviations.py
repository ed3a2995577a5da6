"""A ticket that a person puts first: when it may be, how long it counts, and what is said of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.ordering.deviations import (
    deviated,
    ended,
    foreseen,
    foreseen_end,
    in_force,
    why_first,
    why_not_first,
    without_it,
)
from policy.ordering.order import Order, order_of
from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook
from policy.ticket import Deviation, Ticket
from policy.tickets import actions
from policy.words import Mode, Status
from tests.examples import MONDAY, WORDS, criteria_lists, queues, ticket

HOUR = timedelta(hours=1)
LATER = MONDAY + HOUR


def until(end: timedelta | None, by: str = "mariam") -> Deviation:
    """Return a deviation that began on Monday, with its end counted from there."""
    left = None if end is None else MONDAY + end
    return Deviation(by=by, reason="contract renewal", since=MONDAY, until=left)


def test_a_person_puts_a_ticket_first_with_a_reason_and_an_end() -> None:
    first = deviated(ticket(5), by="mariam", reason=" contract\n renewal ", now=MONDAY, until=LATER)
    assert first == ticket(5, deviation=until(HOUR))


def test_a_second_deviation_of_the_same_ticket_replaces_the_first() -> None:
    once = ticket(5, deviation=until(None))
    twice = deviated(once, by="jo", reason="The board asked.", now=LATER, until=None)
    assert twice.deviation
    assert (twice.deviation.by, twice.deviation.since) == ("jo", LATER)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"declined": "Not ours."}, "#5 was declined, so it is never ranked"),
        ({"status": Status.CLOSED}, "#5 is closed, which is final; open a new ticket instead"),
        ({"status": Status.PENDING, "waiting_since": None},
         "#5 is pending, so it does not stand in the queue; open it first"),
        ({"status": Status.ON_HOLD, "waiting_since": None},
         "#5 is on hold, so it does not stand in the queue; open it first"),
        ({"status": Status.SOLVED, "waiting_since": None},
         "#5 is solved, so it does not stand in the queue; open it first"),
    ],
)  # fmt: skip
def test_what_does_not_stand_in_the_queue_cannot_stand_first(
    fields: dict[str, object], reason: str
) -> None:
    outside = ticket(5, **fields)
    assert why_not_first(outside) == reason
    with pytest.raises(Refusal) as refused:
        deviated(outside, by="mariam", reason="Now!", now=MONDAY, until=None)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("reason", "end", "refusal"),
    [
        (" \n ", None, "reason: missing; say in a sentence why it goes first"),
        ("a\0b", None, "reason: expected text without NUL characters"),
        ("x" * 1_001, None, "reason: 1,001 characters; expected at most 1,000"),
        ("Now!", MONDAY, "until: 09:00; expected a time after now"),
        ("Now!", MONDAY - HOUR, "until: 08:00; expected a time after now"),
    ],
)
def test_it_needs_a_reason_and_an_end_that_is_to_come(
    reason: str, end: object, refusal: str
) -> None:
    with pytest.raises(Refusal) as refused:
        deviated(ticket(5), by="mariam", reason=reason, now=MONDAY, until=end)  # type: ignore[arg-type] # drawn above
    assert refused.value.reason == refusal


def test_of_two_in_the_same_second_the_second_is_the_newer() -> None:
    first = deviated(ticket(5), by="mo", reason="One", now=MONDAY, until=None).deviation
    assert first
    second = deviated(
        ticket(6), by="mo", reason="Two", now=MONDAY, until=None, newest=first.since
    ).deviation
    assert second
    assert second.since > first.since
    later = deviated(
        ticket(7), by="mo", reason="Three", now=LATER, until=None, newest=second.since
    ).deviation
    assert later
    assert later.since == LATER


def test_it_is_ended_by_hand_once() -> None:
    assert ended(ticket(5, deviation=until(HOUR))) == ticket(5)
    with pytest.raises(Refusal, match="#5 was not put first, so there is no deviation to end"):
        ended(ticket(5))


@pytest.mark.parametrize(
    ("end", "at", "counts"),
    [
        (HOUR, MONDAY, True),
        (HOUR, LATER - timedelta(microseconds=1), True),
        (HOUR, LATER, False),
        (HOUR, LATER + HOUR, False),
        (None, MONDAY + 1_000 * HOUR, True),
    ],
)
def test_an_expired_one_counts_no_more_from_its_end_on(
    end: timedelta | None, at: object, counts: bool
) -> None:
    put_first = ticket(5, deviation=until(end))
    assert in_force(put_first, at) == (put_first if counts else ticket(5))  # type: ignore[arg-type] # drawn above


def test_a_ticket_that_nobody_put_first_is_always_as_it_is() -> None:
    assert in_force(ticket(5), LATER) == ticket(5)


@pytest.mark.parametrize("status", Status)
def test_until_answered_ends_with_the_answer_and_when_it_is_done_with(status: Status) -> None:
    answered = ticket(5, waiting_since=None, deviation=until(None))
    left = actions.with_status(answered, status, LATER).deviation
    assert (left is None) is (status in (Status.SOLVED, Status.CLOSED))
    lasting = replace(answered, deviation=until(HOUR))
    assert actions.with_status(lasting, status, LATER).deviation == lasting.deviation
    assert actions.replied(ticket(5, deviation=until(None)), LATER).deviation is None


@pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD])
def test_whoever_waits_can_be_put_first_whatever_the_status(status: Status) -> None:
    parked = ticket(5, status=status)
    assert why_not_first(parked) is None
    first = deviated(parked, by="mariam", reason="Now!", now=MONDAY, until=None)
    assert (first.status, first.actionable, first.deviation is None) == (status, True, False)


def test_the_banner_says_by_whom_until_when_why_and_what_would_be_first_without() -> None:
    timed = until(HOUR)
    assert (
        why_first(timed, "until 15:30")
        == "First by deviation: mariam put it first until 15:30: contract renewal."
    )
    five, twelve = ticket(5, deviation=timed), ticket(12, priority="p0")
    assert without_it(five, twelve) == "Without it #12 (p0) would be first."
    assert without_it(five, ticket(5)) == "It would be first without it too."
    seven = ticket(7, deviation=until(None, by="jo"))
    assert without_it(five, seven) == "Without it #7 (p2, put first by jo) would be first."


def test_what_it_would_do_is_said_before_it_is_done() -> None:
    five, twelve = ticket(5, deviation=until(None)), ticket(12, priority="p0")
    assert foreseen(ticket(5), twelve) == "#5 becomes number one before #12 (p0)."
    assert foreseen(ticket(5), ticket(5)) == "#5 is number one already, and stays so."
    assert foreseen(ticket(5), None) == "#5 is number one already, and stays so."
    assert foreseen_end(five, five, twelve) == "#12 (p0) becomes number one."
    assert foreseen_end(five, five, ticket(5)) == "#5 stays number one without it."
    assert foreseen_end(five, twelve, None) == (
        "#5 goes back to its place; #12 (p0) stays number one."
    )


@given(queues(), st.sampled_from(Mode) | criteria_lists())
def test_a_key_without_its_deviation_is_the_key_of_the_ticket_without_it(
    queue: list[Ticket], drawn: object
) -> None:
    order = order_of(handbook(), drawn) if isinstance(drawn, Mode) else Order(drawn, WORDS)  # type: ignore[arg-type] # a list of criteria
    for each in queue:
        plain = ended(each) if each.deviation else each
        assert order.key_without_deviation(order.key(each)) == order.key(plain)


@given(queues())
def test_the_newest_stands_first_of_all(queue: list[Ticket]) -> None:
    newest = max(each.deviation.since if each.deviation else MONDAY for each in queue)
    last = deviated(queue[-1], by="jo", reason="Now!", now=newest + HOUR, until=None)
    order = order_of(handbook(), Mode.HARD_CHOICES)
    assert all(order.is_before(last, each) for each in queue[:-1])
