"""One ticket about two things becomes two, and the customer waits in both."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from policy.refusal import Refusal
from policy.ticket import Requester
from policy.tickets.splitting import split_off
from policy.words import OpenedBy, Severity, Status, Tier
from tests.examples import MONDAY, ticket

HOUR = timedelta(hours=1)
NOT_CLOSED = [status for status in Status if status is not Status.CLOSED]


def test_a_part_is_the_same_customers_and_as_old_as_the_whole() -> None:
    eve = Requester(name="Eve", email="eve@example.com", timezone="Europe/Berlin")
    whole = ticket(
        7, requester=eve, opened_by=OpenedBy.CE, tier=Tier.TEAM, assignee="mo", tags=("x",)
    )
    part = split_off(whole, subject="  Billing too ", body="And the bill.", now=MONDAY + HOUR)
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
        subject="Part",
        now=MONDAY + HOUR,
    ).ticket
    assert new.actionable
    assert new.status is Status.OPEN
    assert new.waiting_since == (since or MONDAY + HOUR)
    assert new.first_response_at == MONDAY


@pytest.mark.parametrize("severity", Severity)
def test_a_part_may_be_more_or_less_severe(severity: Severity) -> None:
    part = split_off(ticket(), subject="Part", severity=severity, now=MONDAY)
    assert part.ticket.severity is severity


@pytest.mark.parametrize(
    ("fields", "subject", "reason"),
    [
        ({"status": Status.CLOSED}, "Part", "#1 is closed, which is final; open a new ticket"),
        ({}, " ", "subject: "),
        ({}, "x" * 10_001, "subject: "),
        ({}, "a\0b", "subject: "),
    ],
)
def test_what_cannot_be_split(fields: dict[str, object], subject: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        split_off(ticket(**fields), subject=subject, now=MONDAY)
    assert refused.value.reason.startswith(reason)
