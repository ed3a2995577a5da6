"""The frozen values that everything else passes around: a ticket and what belongs to it."""

from dataclasses import dataclass
from datetime import datetime

from policy.words import (
    ACTIONABLE_STATUSES,
    OpenedBy,
    Priority,
    PriorityInput,
    Severity,
    Status,
    Tier,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """The person at the customer who asked; every field but the name may be unknown."""

    name: str
    email: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A ticket put first by a person; times are aware UTC, ``until`` None means until answered."""

    by: str
    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedPriority:
    """A priority that a person assigned against the definition, and what it rests on."""

    priority: Priority
    by: str
    reason: str
    rests_on: PriorityInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket as it stands; all times are aware UTC datetimes.

    ``defined_priority`` is what intake decided and ``because`` its sentence; ``declined`` is the
    sentence the customer is told when intake said it is not ours, and then there is no priority.
    ``message_id`` is that of the customer's own mail, so that what we send is shown beneath it.
    ``waiting_since`` is None once we have answered; then so are ``respond_by`` and ``aim_by``.
    """

    id: int
    source: str
    external_id: str
    subject: str
    customer: str
    tier: Tier
    severity: Severity
    opened_by: OpenedBy
    status: Status
    received_at: datetime
    because: str
    version: int = 1
    assignee: str | None = None
    requester: Requester | None = None
    first_response_at: datetime | None = None
    waiting_since: datetime | None = None
    respond_by: datetime | None = None
    aim_by: datetime | None = None
    defined_priority: Priority | None = None
    assigned_priority: AssignedPriority | None = None
    declined: str | None = None
    deviation: Deviation | None = None
    url: str | None = None
    message_id: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def priority(self) -> Priority | None:
        """The priority in force: the one a person assigned, else the definition's."""
        return priority_in_force(self.declined, self.assigned_priority, self.defined_priority)

    @property
    def actionable(self) -> bool:
        """Whether the next step is ours, so that the ticket stands in the queue."""
        return self.declined is None and self.status in ACTIONABLE_STATUSES


def priority_in_force(
    declined: str | None, assigned: AssignedPriority | None, defined: Priority | None
) -> Priority | None:
    """Return the priority that a person assigned, else the definition's; none when declined."""
    if declined is not None:
        return None
    return assigned.priority if assigned else defined
