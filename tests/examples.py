"""Tickets for tests: made with a few words, or drawn from pools so small that they tie."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from policy.contract.conditions import Condition
from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.ordering.groups import Groups
from policy.phrases import ReadersClock
from policy.rulebook.rulebook import handbook
from policy.ticket import AssignedPriority, Deviation, Ticket
from policy.vocabulary import Vocabulary
from policy.words import Criterion, OpenedBy, Priority, PriorityInput, Status

WORDS = handbook().vocabulary
"""The handbook's words."""

TIERS, PRIORITIES, SEVERITIES = WORDS.tiers, WORDS.priorities, WORDS.severities
"""The handbook's tiers, priorities and severities, each from the highest on."""

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning inside the handbook's open hours."""


CLOCK = ReadersClock(MONDAY, UTC)
"""The clock of somebody who reads on that morning."""


def ticket(number: int = 1, /, **fields: Any) -> Ticket:  # noqa: ANN401 - any field of a ticket
    """Return a new p2 ticket of an Enterprise customer, received on Monday, changed by ``fields``.

    ``priority`` stands for the definition's priority; of the tier internal it is our own work.
    """
    fields.setdefault("internal", fields.get("tier") in WORDS.internal)
    if "priority" in fields:
        fields["defined_priority"] = fields.pop("priority")
    plain = Ticket(
        id=number,
        source="test",
        external_id=str(number),
        subject=f"Ticket {number}",
        customer="Acme",
        tier="enterprise",
        severity=2,
        opened_by=OpenedBy.CUSTOMER,
        status=Status.NEW,
        received_at=MONDAY,
        waiting_since=MONDAY,
        defined_priority="p2",
        because="Because the rule says so.",
    )
    return replace(plain, **fields)


def assigned(priority: Priority, reason: str = "They cannot ship.") -> AssignedPriority:
    """Return a priority as a person assigns it."""
    return AssignedPriority(
        priority=priority, by="mo", reason=reason, rests_on=PriorityInput.CUSTOMER
    )


def deviation(since: datetime = MONDAY, reason: str = "The board asked.") -> Deviation:
    """Return a deviation that lasts until the ticket is answered."""
    return Deviation(by="lead", reason=reason, since=since, until=None)


def incoming(number: int | str = 1, /, **fields: object) -> IncomingTicket:
    """Return what a help desk says of a severity 2 ticket of an Enterprise customer."""
    plain = {
        "source": "test",
        "external_id": str(number),
        "subject": f"Ticket {number}",
        "customer": "Acme",
        "tier": "enterprise",
        "severity": 2,
        "received_at": MONDAY,
    }
    return incoming_ticket(plain | fields, WORDS)


GROUPS = Groups(
    (
        ("Incidents", (Condition("kind", frozenset({"incident"})),)),
        ("Special", (Condition("special", frozenset({True})),)),
    )
)
"""Two groups by two facts."""

_FACTS = st.sampled_from(
    [(), (("kind", "incident"),), (("kind", "request"), ("special", True)), (("special", False),)]
)
_INSTANTS = st.one_of(
    st.sampled_from([MONDAY + timedelta(minutes=step) for step in range(4)]),
    st.datetimes(datetime(1970, 1, 1), datetime(9000, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis wants bounds without a zone
)


def queues(largest: int = 12) -> st.SearchStrategy[list[Ticket]]:
    """Draw queues of actionable tickets with different ids, not in their order."""
    one = st.builds(
        ticket,
        st.integers(1, 2**62),
        tier=st.sampled_from(TIERS),
        priority=st.sampled_from(PRIORITIES),
        assigned_priority=st.none() | st.builds(assigned, st.sampled_from(PRIORITIES)),
        status=st.sampled_from([Status.NEW, Status.OPEN]),
        waiting_since=st.just(MONDAY) | st.none(),
        received_at=_INSTANTS,
        respond_by=st.none() | _INSTANTS,
        resolve_by=st.none() | _INSTANTS,
        facts=_FACTS,
        deviation=st.none() | st.none() | st.builds(deviation, _INSTANTS),
    )
    return st.lists(one, min_size=1, max_size=largest, unique_by=lambda each: each.id)


def vocabularies() -> st.SearchStrategy[Vocabulary]:
    """Draw the handbook's words in another order of tiers and priorities."""
    return st.builds(
        lambda tiers, priorities: replace(WORDS, tiers=tuple(tiers), priorities=tuple(priorities)),
        st.permutations(list(TIERS)),
        st.permutations(list(PRIORITIES)),
    )


def criteria_lists() -> st.SearchStrategy[list[Criterion]]:
    """Draw what a policy file may give as an order: some criteria, each once, without the id."""
    known: list[Criterion] = [criterion for criterion in Criterion if criterion is not Criterion.ID]
    return st.lists(st.sampled_from(known), min_size=1, unique=True).map(_deviation_first)


def _deviation_first(criteria: list[Criterion]) -> list[Criterion]:
    return sorted(criteria, key=lambda criterion: criterion is not Criterion.DEVIATION)
