"""The frozen values that everything else passes around: a ticket and what belongs to it."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from policy.facts import NO_FACTS, FactPairs, Facts
from policy.words import (
    ACTIONABLE_STATUSES,
    OpenedBy,
    Priority,
    PriorityInput,
    Severity,
    Status,
    Tier,
)

OWN_SOURCE = "numberone"
"""The source of tickets that were opened here."""

TOLD_AS_THEY_ARE = ("language",)
"""The fields that are shown, and printed as JSON, under their own names and as they are."""


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
class Escalation:
    """The last answer to "can it wait a day?" for what is urgent, and why not; ``at`` is UTC."""

    by: str
    at: datetime
    cannot_wait: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """A ticket handed over to engineering, where it rests since ``at`` (UTC)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What engineering said last of a ticket that was handed over; ``at`` is UTC.

    ``timing`` is one of the policy's, or None when it was sent back with a question, the ``note``.
    ``told`` says whether the customer has had an answer since.
    """

    by: str
    at: datetime
    timing: str | None
    scheduled_for: date | None
    note: str
    told: bool


class Pause(NamedTuple):
    """While the clocks of a ticket stand still: from ``since`` to ``until`` (UTC), None for still.

    "``[clock] stops_in`` says in which statuses ``update`` and ``resolution`` stand still."
    """

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One ticket as it stands; all times are aware UTC datetimes.

    ``defined_priority`` is what intake decided and ``because`` its sentence; ``declined`` is the
    sentence the customer is told when intake said it is not ours, and then there is no priority.
    ``tier`` and ``severity`` are None where the desk has none; ``internal`` says that the policy
    took it for our own work when it was last decided on, by its tier.
    ``language`` is the tag of the language that the customer writes in, such as de or pt-BR.
    ``message_id`` is that of the customer's own mail, so that what we send is shown beneath it.
    ``waiting_since`` is None once we have answered; then so is ``aim_by``, and ``respond_by`` where
    no ``update_by`` is promised: until when the customer is to hear how it stands, None while that
    clock does not run. ``paused`` is when the clocks stood still that can, in order.
    ``last_response_at`` is our newest answer, ``last_customer_message_at`` the newest message that
    is known of the customer's, beside the first. ``settled_at`` is until when nobody waits though
    nothing was answered, as somebody said why, or as its source said that it is solved.
    ``solved_at`` is since when it is solved or closed. A message that came after it was closed
    here became the ticket ``continued_in``, in which its source goes on, too.
    ``facts`` are what else the policy names of it, by name; ``resolve_by`` is until when it is to
    be solved by its contract, None where nobody says. ``context`` is what support has filled in
    for engineering, a name of the policy's and its text each; ``merged_into`` and ``split_from``
    are the numbers of other tickets.
    """

    id: int
    source: str
    external_id: str
    subject: str
    customer: str
    tier: Tier | None
    severity: Severity | None
    opened_by: OpenedBy
    status: Status
    received_at: datetime
    because: str
    version: int = 1
    assignee: str | None = None
    requester: Requester | None = None
    first_response_at: datetime | None = None
    last_response_at: datetime | None = None
    last_customer_message_at: datetime | None = None
    settled_at: datetime | None = None
    solved_at: datetime | None = None
    waiting_since: datetime | None = None
    internal: bool = False
    respond_by: datetime | None = None
    aim_by: datetime | None = None
    update_by: datetime | None = None
    resolve_by: datetime | None = None
    paused: tuple[Pause, ...] = ()
    defined_priority: Priority | None = None
    assigned_priority: AssignedPriority | None = None
    declined: str | None = None
    deviation: Deviation | None = None
    url: str | None = None
    message_id: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    facts: FactPairs = ()
    context: tuple[tuple[str, str], ...] = ()
    escalation: Escalation | None = None
    handed_over: HandOver | None = None
    review: Review | None = None
    merged_into: int | None = None
    split_from: int | None = None
    continued_in: int | None = None

    @property
    def zone(self) -> str | None:
        """The time zone of whoever asked, None where it is not known."""
        return None if self.requester is None else self.requester.timezone

    @property
    def fact(self) -> Facts:
        """What else the policy names of it, by name."""
        return dict(self.facts) if self.facts else NO_FACTS

    @property
    def with_engineering_since(self) -> datetime | None:
        """Since when engineering has it (UTC): handed over, or asked to drop everything for it.

        None when it does not, or has said what becomes of it.
        """
        if self.handed_over is not None:
            return self.handed_over.at
        asked, said = self.escalation, self.review
        if asked is None or not asked.cannot_wait or (said is not None and said.at >= asked.at):
            return None
        return asked.at

    @property
    def priority(self) -> Priority | None:
        """The priority in force: the one a person assigned, else the definition's."""
        return priority_in_force(self.declined, self.assigned_priority, self.defined_priority)

    @property
    def owed(self) -> bool:
        """Whether the customer waits for an answer of ours.

        "None has gone out since their message. Declined, internal and merged tickets are never
        owed."
        """
        return (
            self.waiting_since is not None
            and self.declined is None
            and self.merged_into is None
            and not self.internal
        )

    @property
    def parked(self) -> bool:
        """Whether the customer waits though it is set pending or on hold."""
        return self.owed and self.status in (Status.PENDING, Status.ON_HOLD)

    @property
    def actionable(self) -> bool:
        """Whether the next step is ours, so that the ticket stands in the queue.

        "While it is ``new`` or ``open``, or owed whatever its status; never when declined or
        merged." And "while an ``update`` clock of a contract runs, whatever its status".
        """
        if self.declined is not None or self.merged_into is not None:
            return False
        return self.status in ACTIONABLE_STATUSES or self.owed or self.update_by is not None

    @property
    def update_first(self) -> bool:
        """Whether it is the update that it is due by, and no answer before that."""
        return self.update_by is not None and self.update_by == self.respond_by

    def is_late(self, now: datetime) -> bool:
        """Return whether an answer or an update of ours is overdue at ``now`` (UTC).

        "Lateness is said only of owed tickets and of running updates."
        """
        said = self.owed or self.update_by is not None
        return said and self.respond_by is not None and self.respond_by < now


_NAMES = tuple(field.name for field in fields(Ticket))
_values_of = attrgetter(*_NAMES)


def with_values(ticket: Ticket, **values: Any) -> Ticket:  # noqa: ANN401 - of any field
    """Return a ticket with some other values, as ``replace`` does, which takes six times as long.

    For what is done to every ticket, one after the other.
    """
    return Ticket(**(dict(zip(_NAMES, _values_of(ticket), strict=True)) | values))


def priority_in_force(
    declined: str | None, assigned: AssignedPriority | None, defined: Priority | None
) -> Priority | None:
    """Return the priority that a person assigned, else the definition's; none when declined."""
    if declined is not None:
        return None
    return assigned.priority if assigned else defined
