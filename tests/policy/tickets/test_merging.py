"""Two tickets about one thing become one, and whoever waited in either goes on waiting."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.refusal import Refusal
from policy.ticket import HandOver, Ticket
from policy.tickets.merging import Merged, can_be_one, merged, why_not_merged
from policy.words import Status
from tests.examples import MONDAY, assigned, deviation, ticket

HOUR = timedelta(hours=1)
NOT_CLOSED = [status for status in Status if status is not Status.CLOSED]


def waiting(number: int, since: datetime | None, status: Status = Status.OPEN) -> Ticket:
    return ticket(number, status=status, waiting_since=since, first_response_at=MONDAY)


# Merging


def test_the_duplicate_is_closed_and_the_customer_waits_in_the_other() -> None:
    duplicate, into = waiting(1, MONDAY + HOUR), waiting(2, MONDAY + 2 * HOUR)
    both = merged(duplicate, into)
    assert both.duplicate == replace(
        duplicate, status=Status.CLOSED, merged_into=2, waiting_since=None
    )
    assert both.into == replace(
        into, waiting_since=MONDAY + HOUR, last_customer_message_at=MONDAY + HOUR
    )


@pytest.mark.parametrize("into", [None, MONDAY, MONDAY + HOUR])
def test_an_answered_duplicate_changes_nothing_of_the_other(into: datetime | None) -> None:
    assert merged(waiting(1, None), waiting(2, into)).into == waiting(2, into)


@pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD, Status.SOLVED])
def test_a_customer_who_waits_brings_the_other_back_into_the_queue(status: Status) -> None:
    into = merged(waiting(1, MONDAY + HOUR), waiting(2, None, status)).into
    assert (into.status, into.waiting_since) == (Status.OPEN, MONDAY + HOUR)


def test_a_new_ticket_stays_new() -> None:
    into = merged(ticket(1), ticket(2, waiting_since=MONDAY + HOUR)).into
    assert (into.status, into.waiting_since) == (Status.NEW, MONDAY)


@pytest.mark.parametrize("status", [Status.PENDING, Status.ON_HOLD])
def test_whoever_waits_whatever_the_status_brings_the_other_back(status: Status) -> None:
    into = merged(waiting(1, MONDAY, status), waiting(2, None, Status.PENDING)).into
    assert (into.status, into.waiting_since, into.actionable) == (Status.OPEN, MONDAY, True)


@pytest.mark.parametrize("status", NOT_CLOSED)
def test_work_of_our_own_makes_nobody_wait(status: Status) -> None:
    internal = replace(waiting(1, MONDAY, status), tier="internal", internal=True)
    assert merged(internal, waiting(2, None)).into == waiting(2, None)


def test_the_newest_message_of_both_is_known_in_the_other() -> None:
    duplicate = replace(waiting(1, MONDAY), last_customer_message_at=MONDAY + 2 * HOUR)
    into = replace(waiting(2, None), last_customer_message_at=MONDAY + HOUR)
    assert merged(duplicate, into).into.last_customer_message_at == MONDAY + 2 * HOUR


def test_what_people_decided_about_the_other_stays() -> None:
    priority, first = assigned("p1"), deviation()
    into = ticket(2, assignee="jo", assigned_priority=priority, deviation=first)
    after = merged(ticket(1, assignee="mo", deviation=deviation(reason="Mine.")), into)
    assert after.into == replace(into, waiting_since=MONDAY, last_customer_message_at=MONDAY)
    assert after.duplicate.deviation is None
    assert after.duplicate.assignee == "mo"


@pytest.mark.parametrize(
    ("duplicate", "into", "reason"),
    [
        ({}, {"id": 1}, "#1 cannot be merged into itself; name another ticket"),
        ({}, {"customer": "Globex"}, "#1 is Acme's and #2 is Globex's; what one customer wrote"),
        ({"status": Status.CLOSED}, {}, "#1 is closed, which is final, so it cannot be merged"),
        ({}, {"status": Status.CLOSED}, "#2 is closed, which is final, so nothing can be merged"),
        ({"declined": "Not ours."}, {}, "#1 was declined, so it cannot be merged: Not ours."),
        ({}, {"declined": "Not ours."}, "#2 was declined, so nothing can be merged into it"),
        ({"merged_into": 9, "status": Status.CLOSED}, {}, "#1 was merged into #9 already"),
        ({}, {"merged_into": 9, "status": Status.CLOSED}, "#2 was merged into #9; merge into #9"),
        (
            {"handed_over": HandOver(by="mo", at=MONDAY), "status": Status.ON_HOLD},
            {},
            "#1 is with engineering; merge the other ticket into #1",
        ),
        (
            {},
            {"tier": "internal"},
            "#2 is internal, where nobody is owed an answer, and #1 is not; merge #2 into #1",
        ),
    ],
)
def test_what_cannot_be_merged(
    duplicate: dict[str, object], into: dict[str, object], reason: str
) -> None:
    with pytest.raises(Refusal) as refused:
        merged(ticket(1, **duplicate), ticket(2, **into))
    assert refused.value.reason.startswith(reason)


def test_no_customer_is_lost_in_work_of_our_own() -> None:
    customers, internal = ticket(1, waiting_since=None), ticket(2, tier="internal")
    assert not can_be_one(customers, internal), "whoever writes later would wait unseen"
    assert can_be_one(internal, customers)
    assert can_be_one(internal, ticket(3, tier="internal"))


def test_what_can_be_merged_into_none_says_so_beforehand() -> None:
    assert why_not_merged(ticket(1)) is None
    assert why_not_merged(ticket(1, declined="Not ours.")) == (
        "#1 was declined, so it cannot be merged: Not ours."
    )


_TIMES = st.none() | st.integers(0, 5).map(lambda hours: MONDAY + hours * HOUR)


@given(_TIMES, _TIMES, st.sampled_from(NOT_CLOSED), st.sampled_from(NOT_CLOSED))
def test_nobody_who_waits_is_forgotten(
    one: datetime | None, other: datetime | None, status: Status, status_of_into: Status
) -> None:
    duplicate, into = waiting(1, one, status), waiting(2, other, status_of_into)
    after: Merged = merged(duplicate, into)
    waits = [since for since in (other, one) if since]
    assert after.into.waiting_since == min(waits, default=None)
    assert after.into.actionable or not into.actionable
    if duplicate.actionable and one is not None:
        assert after.into.actionable
    assert not after.duplicate.actionable
    assert after.duplicate.waiting_since is None
    assert not after.duplicate.owed
    assert after.into == replace(
        into,
        waiting_since=after.into.waiting_since,
        status=after.into.status,
        last_customer_message_at=one,
    )


def test_a_customer_in_another_spelling_is_the_same_customer() -> None:
    both = merged(ticket(1, customer="Cafe\u0301  GMBH"), ticket(2, customer="Café GmbH"))
    assert both.into.customer == "Café GmbH"
    with pytest.raises(Refusal, match="what one customer wrote is not for another"):
        merged(ticket(1, customer="Cafe GmbH"), ticket(2, customer="Café GmbH"))
