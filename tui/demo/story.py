"""The tickets that are told one by one, in ``story.toml`` and ``engineering.toml``."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from policy.clocks.typed_time import parse_duration
from policy.intake.rules import decide
from policy.rulebook.rulebook import Rulebook
from policy.words import OpenedBy, Priority, PriorityInput, Severity, Status
from store.desk import Desk
from tui.demo.parts import Customer, customers, read
from tui.demo.script import SYNC, ScriptedAction, ScriptedTicket, received_for

Ago = Annotated[timedelta, BeforeValidator(parse_duration)]

_ON_ITS_WAY = timedelta(minutes=1)


class ToldAction(BaseModel):
    """What somebody did, as the file says it; ``by`` is the customer's channel when left out."""

    model_config = ConfigDict(extra="forbid")

    ago: Ago
    do: Literal[
        "take", "assign", "reply", "heard", "status", "priority", "fill", "hand_over",
        "cannot_wait", "can_wait", "review", "send_back",
    ]  # fmt: skip
    by: str = SYNC
    to: str | None = None
    status: Status | None = None
    priority: Priority = "p3"
    reason: str = ""
    rests_on: PriorityInput = PriorityInput.CUSTOMER
    context: dict[str, str] = {}
    timing: str = ""
    note: str = ""

    def on_desk(self) -> Callable[[Desk, int], object]:
        """Return what does it at a desk, to the ticket of a number."""
        return self._do

    def _do(self, desk: Desk, ticket: int) -> object:
        match self.do:
            case "fill":
                return desk.engineering.fill_context(ticket, self.context)
            case "hand_over":
                return desk.engineering.hand_over(ticket)
            case "cannot_wait" | "can_wait":
                return desk.engineering.escalate(
                    ticket, cannot_wait=self.do == "cannot_wait", because=self.reason
                )
            case "review":
                return desk.engineering.review(ticket, self.timing, note=self.note)
            case "send_back":
                return desk.engineering.send_back(ticket, self.note)
            case _:
                return self._do_as_support(desk, ticket)

    def _do_as_support(self, desk: Desk, ticket: int) -> object:
        match self.do:
            case "take":
                return desk.tickets.take(ticket)
            case "heard":
                return desk.tickets.heard(ticket)
            case "assign":
                return desk.tickets.assign(ticket, self.to)
            case "reply":
                return desk.tickets.reply(ticket, self.status)
            case "status":
                return desk.tickets.set_status(ticket, self.status or Status.OPEN)
            case "priority":
                return desk.tickets.assign_priority(
                    ticket, self.priority, reason=self.reason, rests_on=self.rests_on
                )
            case _:
                raise AssertionError(self.do)


class ToldTicket(BaseModel):
    """One ticket as the file tells it, with one of ``due``, ``late`` and ``received``."""

    model_config = ConfigDict(extra="forbid")

    subject: str
    customer: str
    severity: Severity
    opened_by: OpenedBy = OpenedBy.CUSTOMER
    due: Ago | None = None
    late: Ago | None = None
    received: Ago = timedelta(0)
    tags: tuple[str, ...] = ()
    body: str
    actions: tuple[ToldAction, ...] = ()

    def received_at(self, rulebook: Rulebook, customer: Customer, now: datetime) -> datetime:
        """Return when it was received, in UTC, for its answer to be owed when the file says."""
        if self.due is None and self.late is None:
            return now - self.received
        due = now + (self.due or timedelta(0)) - (self.late or timedelta(0))
        priority = decide(rulebook, customer.tier, self.severity, self.opened_by).priority
        if priority is None:
            raise ValueError(f"{self.subject}: declined, so no answer is owed")
        return received_for(rulebook.contract_calendar, due, rulebook.contract_time[priority])


def story(
    random: Random, rulebook: Rulebook, now: datetime, name: str = "story"
) -> list[ScriptedTicket]:
    """Return the tickets that the file ``name`` tells as they lived until ``now`` (UTC)."""
    told = (ToldTicket.model_validate(ticket) for ticket in read(name)["ticket"])
    return [_tale(random, ticket, rulebook, now) for ticket in told]


def _tale(random: Random, told: ToldTicket, rulebook: Rulebook, now: datetime) -> ScriptedTicket:
    customer = customers()[told.customer]
    received_at = told.received_at(rulebook, customer, now)
    fields = {
        "subject": told.subject,
        "body": told.body,
        "customer": customer.name,
        "tier": customer.tier,
        "severity": told.severity,
        "opened_by": told.opened_by,
        "tags": told.tags,
        **customer.requester(random),
    }
    actions = tuple(
        ScriptedAction(now - action.ago, action.by, action.on_desk()) for action in told.actions
    )
    return ScriptedTicket(received_at, received_at + _ON_ITS_WAY, fields, actions)
