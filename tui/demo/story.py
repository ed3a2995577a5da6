"""The tickets that are told one by one, in ``story.toml``, ``engineering.toml`` and the like."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from policy.intake.rules import decide
from policy.rulebook.rulebook import handbook
from tui.demo.parts import Customer, customers, read
from tui.demo.retelling import Retelling
from tui.demo.script import ScriptedTicket
from tui.demo.told_ticket import ToldTicket
from tui.demo.trades import Trade
from tui.demo.translation import SaidWords, Translation
from tui.demo.wished_deadlines import WishedDeadlines

_ON_ITS_WAY: Final = timedelta(minutes=1)
_ROOM: Final = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Story:
    """Tells tickets as they lived until now under the policy of ``wished``."""

    random: Random
    trade: Trade
    translation: Translation
    wished: WishedDeadlines

    def tickets(self, file: str) -> Iterator[ScriptedTicket]:
        """Yield the tickets that a file tells; the first of the first one is to be number one."""
        for told in read(file)["ticket"]:
            ticket = self._scripted(ToldTicket.model_validate(told))
            if ticket is not None:
                yield ticket

    def _scripted(self, told: ToldTicket) -> ScriptedTicket | None:
        customer = customers(self.trade.cast)[told.customer]
        said = self.translation.said(customer, told.severity, told.opened_by, told.facts)
        if said is None:
            return None
        first = self.wished.first_due is None
        received_at = self._received_at(told, customer, said, first=first)
        if first:
            self.wished.leads(said, customer.zone, received_at)
        fields = {
            "subject": told.subject,
            "body": told.body,
            "customer": customer.name,
            **said.fields,
            "tags": told.tags,
            **customer.requester(self.random),
        }
        retelling = Retelling(self.translation, self.wished, told, customer, said)
        actions = retelling.actions(received_at)
        arrives_at = received_at + _ON_ITS_WAY
        return ScriptedTicket(received_at, arrives_at, said, customer.zone, fields, actions)

    def _received_at(
        self, told: ToldTicket, customer: Customer, said: SaidWords, *, first: bool
    ) -> datetime:
        """Return when it was received, in UTC, for its answer to be owed when the file says."""
        now = self.wished.now
        if told.due is None and told.late is None:
            return now - told.received
        left = (told.due or timedelta(0)) - (told.late or timedelta(0))
        owed = self.wished.owed(said, customer.zone)
        if owed is not None and left > owed - _ROOM:
            left *= owed / _owed_by_the_handbook(told, customer)
        due = self.wished.fitting(said, now + left, first=first)
        return self.wished.received(said, customer.zone, due)


def _owed_by_the_handbook(told: ToldTicket, customer: Customer) -> timedelta:
    priority = decide(handbook(), customer.tier, told.severity, told.opened_by).priority
    if priority is None:
        raise ValueError(f"{told.subject}: declined, so no answer is owed")
    return handbook().contract_time[priority]
