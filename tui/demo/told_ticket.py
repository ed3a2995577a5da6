"""One ticket that is told, and what was done to it, as ``story.toml`` and the like have it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from policy.clocks.typed_time import parse_duration
from policy.words import FactValue, OpenedBy, Priority, PriorityInput, Status
from store.desk import Desk
from tui.demo.script import SYNC

Ago = Annotated[timedelta, BeforeValidator(parse_duration)]


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
    """One ticket as the file tells it, with one of ``due``, ``late`` and ``received``.

    ``severity`` is one of the handbook's. ``facts`` count where the policy names them, "any" is
    what fits the severity; where none are told at all, that are all of them.
    """

    model_config = ConfigDict(extra="forbid")

    subject: str
    customer: str
    severity: int
    facts: dict[str, FactValue] | None = None
    opened_by: OpenedBy = OpenedBy.CUSTOMER
    due: Ago | None = None
    late: Ago | None = None
    received: Ago = timedelta(0)
    tags: tuple[str, ...] = ()
    body: str
    actions: tuple[ToldAction, ...] = ()
