"""Contract time: until when an answer is owed, and aimed for."""

from dataclasses import dataclass
from datetime import datetime

from policy.clocks.business_time import add_business_time
from policy.rulebook.rulebook import Rulebook
from policy.words import Priority, Tier


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When an answer is owed (``respond_by``) and when we strive for it (``aim_by``), in UTC."""

    respond_by: datetime | None = None
    aim_by: datetime | None = None


def deadlines(
    rulebook: Rulebook,
    tier: Tier | None,
    priority: Priority | None,
    waiting_since: datetime | None,
    answered_before: bool,
) -> Deadlines:
    """Return both deadlines of a ticket, in UTC.

    "While unanswered, ``respond_by`` = ``waiting_since`` + the contract time before the first
    response, + ``aim`` after it. Once answered: none." A declined ticket (no priority), a
    priority of another policy and a tier without a contract owe nothing. Raises Refusal for a time
    too far away to reckon with.
    """
    if waiting_since is None or priority is None or priority not in rulebook.contract_time:
        return Deadlines()
    if tier in rulebook.response.no_contract:
        return Deadlines()
    first = first_response_deadlines(rulebook, priority, waiting_since)
    return Deadlines(first.aim_by, first.aim_by) if answered_before else first


def first_response_deadlines(
    rulebook: Rulebook, priority: Priority, received_at: datetime
) -> Deadlines:
    """Return both deadlines, in UTC, of a first response to somebody who has a contract.

    "First response within business hours of becoming aware." Raises Refusal for a time too far
    away to reckon with.
    """
    calendar, owed = rulebook.contract_calendar, rulebook.contract_time[priority]
    return Deadlines(
        respond_by=add_business_time(calendar, received_at, owed),
        aim_by=add_business_time(calendar, received_at, rulebook.response.aim),
    )
