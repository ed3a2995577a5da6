"""One ticket about two things becomes two, and the customer waits in both."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from policy.intake.rules import assess
from policy.refusal import Refusal
from policy.rulebook.rulebook import handbook
from policy.ticket import Requester
from policy.tickets.merging import merged
from policy.tickets.splitting import follow_up, split_off
from policy.words import OpenedBy, Severity, Status
from tests.examples import MONDAY, SEVERITIES, WORDS, assigned, deviation, ticket

HOUR = timedelta(hours=1)
NOT_CLOSED = [status for status in Status if status is not Status.CLOSED]


def test_a_part_is_the_same_customers_and_as_old_as_the_whole() -> None:
    eve = Requester(name="Eve", email="eve@example.com", timezone="Europe/Berlin")
    whole = ticket(7, requester=eve, opened_by=OpenedBy.CE, tier="team", assignee="mo", tags=("x",))
    part = split_off(
        whole, WORDS, subject="  Billing too ", body="And the bill.", now=MONDAY + HOUR
    )
    assert part.body == "And the bill."
    new = part.ticket
    assert (new.source, new.subject, new.split_from) == ("numberone", "Billing too", 7)
    for name in ("customer", "tier", "requester", "opened_by", "received_at", "severity"):
        assert getattr(new, name) == getattr(whole, name)
    assert (new.status, new.waiting_since, new.first_response_at) == (Status.NEW, MONDAY, None)
    assert new.assignee is None


@pytest.mark.parametrize(("status", "since"), list(product(NOT_CLOSED, [None, MONDAY])))
def test_there_is_something_left_to_answer_in_a_part(
    status: Status, since: datetime | None
) -> None:
    new = split_off(
        ticket(status=status, waiting_since=since, first_response_at=MONDAY),
        WORDS,
        subject="Part",
        now=MONDAY + HOUR,
    ).ticket
    assert new.actionable
    assert new.status is Status.OPEN
    assert new.waiting_since == (since or MONDAY + HOUR)
    assert new.first_response_at == MONDAY


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_part_may_be_more_or_less_severe(severity: Severity) -> None:
    part = split_off(ticket(), WORDS, subject="Part", severity=severity, now=MONDAY)
    assert part.ticket.severity is severity


@pytest.mark.parametrize(
    ("fields", "subject", "reason"),
    [
        ({"merged_into": 7}, "Part", "#1 was merged into #7; go on in #7"),
        ({"status": Status.CLOSED, "continued_in": 8}, "Part",
         "#1 is closed, which is final; it goes on in #8"),
        ({"status": Status.CLOSED}, "Part", "#1 is closed, which is final; open a new ticket"),
        ({}, " ", "subject: "),
        ({}, "x" * 10_001, "subject: "),
        ({}, "a\0b", "subject: "),
    ],
)  # fmt: skip
def test_what_cannot_be_split(fields: dict[str, object], subject: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        split_off(ticket(**fields), WORDS, subject=subject, now=MONDAY)
    assert refused.value.reason.startswith(reason)


# What is written after a close


def test_a_message_after_the_close_is_a_ticket_of_its_own_that_nobody_has_taken() -> None:
    eve = Requester(name="Eve", email="eve@example.com", timezone="Europe/Berlin")
    closed = ticket(
        7,
        status=Status.CLOSED,
        requester=eve,
        opened_by=OpenedBy.CE,
        tier="team",
        severity=1,
        assignee="mo",
        assigned_priority=assigned("p0"),
        deviation=deviation(),
        waiting_since=None,
        first_response_at=MONDAY,
        last_response_at=MONDAY,
        settled_at=MONDAY,
        solved_at=MONDAY,
        language="de",
        message_id="<1@example.com>",
        url="https://desk.example.com/7",
        tags=("x",),
    )
    at = MONDAY + HOUR
    new = follow_up(closed, at)
    assert (new.id, new.source, new.split_from, new.continued_in) == (0, "numberone", 7, None)
    assert (new.status, new.received_at, new.waiting_since) == (Status.NEW, at, at)
    assert new.last_customer_message_at == at
    kept = ("subject", "customer", "tier", "severity", "opened_by", "requester", "language")
    for name in (*kept, "message_id", "url", "tags"):
        assert getattr(new, name) == getattr(closed, name)
    begun = ("assignee", "assigned_priority", "deviation", "first_response_at", "solved_at")
    for name in (*begun, "last_response_at", "settled_at"):
        assert getattr(new, name) is None


def test_whoever_writes_after_the_close_waits_for_a_first_response() -> None:
    at = MONDAY + HOUR
    closed = ticket(7, status=Status.CLOSED, first_response_at=MONDAY, waiting_since=None)
    due = assess(handbook(), follow_up(closed, at))
    assert (due.owed, due.actionable) == (True, True)
    assert due.respond_by == at + 8 * HOUR


def test_a_part_and_a_follow_up_carry_the_facts() -> None:
    carried = (("kind", "incident"), ("special", True))
    whole = ticket(facts=carried)
    assert split_off(whole, WORDS, subject="The rest", now=MONDAY).ticket.facts == carried
    assert follow_up(replace(whole, status=Status.CLOSED), MONDAY).facts == carried


def test_a_merge_leaves_the_facts_of_both() -> None:
    both = merged(ticket(1, facts=(("kind", "incident"),)), ticket(2, facts=(("special", True),)))
    assert both.into.facts == (("special", True),)
    assert both.duplicate.facts == (("kind", "incident"),)
