"""Hundreds of tickets in every tier, severity and status, made up by a seeded chance."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from random import Random
from typing import Final

from policy.intake.rules import decide
from policy.rulebook.rulebook import Rulebook
from policy.words import OpenedBy, Severity, Status, Tier
from store.desk import Desk
from tui.demo import demo_wording as wording
from tui.demo.parts import Customer, customers, members, read
from tui.demo.script import SYNC, ScriptedAction, ScriptedTicket, received_for

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

MOVED_IN: Final = 3 * _DAY + 4 * _MINUTE
"""How long ago the made-up desk took in its old tickets; it hears of the others in batches."""

_LIVED: Final = 6 * _HOUR
"""What is younger than this was worked on here, and is not only heard of."""

_HEARS_EVERY: Final = 3 * _HOUR
_LATE: Final = 0.06
_TAKEN_UNANSWERED: Final = 0.3
_TRIES: Final = 20


class TicketStage(StrEnum):
    """How far a generated ticket has come, as ``generated_tickets.toml`` names it."""

    UNANSWERED = "unanswered"
    AGAIN = "again"
    WORKING = "working"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    SOLVED = "solved"
    CLOSED = "closed"


_STATUS = {
    TicketStage.UNANSWERED: Status.NEW,
    TicketStage.AGAIN: Status.OPEN,
    TicketStage.WORKING: Status.OPEN,
}

_AGES: Final = {
    TicketStage.AGAIN: (5 * _HOUR, 6 * _DAY),
    TicketStage.WORKING: (4 * _HOUR, 9 * _DAY),
    TicketStage.PENDING: (4 * _HOUR, 8 * _DAY),
    TicketStage.ON_HOLD: (6 * _HOUR, 12 * _DAY),
    TicketStage.SOLVED: (5 * _HOUR, 3 * _DAY),
    TicketStage.CLOSED: (4 * _DAY, 20 * _DAY),
}
"""How long ago tickets were received, at least and at most, that had an answer since."""


@dataclass(frozen=True, slots=True)
class Times:
    """When a ticket was received, first answered, and when its customer wrote again; all UTC."""

    received: datetime
    answered: datetime | None = None
    heard: datetime | None = None


@dataclass(frozen=True, slots=True)
class GeneratedGroup:
    """Tickets of one tier, severity and opener; ``counts`` says how many stand where."""

    tier: Tier
    severity: Severity
    opened_by: OpenedBy
    counts: dict[TicketStage, int]


def groups() -> list[GeneratedGroup]:
    """Return the groups that ``generated_tickets.toml`` names."""
    return [
        GeneratedGroup(
            group["tier"],
            group["severity"],
            OpenedBy(group.get("opened_by", OpenedBy.CUSTOMER)),
            {stage: group.get(stage, 0) for stage in TicketStage},
        )
        for group in read("generated_tickets")["group"]
    ]


@dataclass(slots=True)
class TicketGenerator:
    """Makes up the generated tickets as they lived until ``now`` (UTC)."""

    random: Random
    rulebook: Rulebook
    now: datetime
    _subjects: set[str] = field(default_factory=set)

    def tickets(self) -> Iterator[ScriptedTicket]:
        """Yield every generated ticket."""
        for group in groups():
            of_tier = [each for each in customers().values() if each.tier == group.tier]
            for stage, count in group.counts.items():
                for _ in range(count):
                    yield self._scripted(group, stage, self.random.choice(of_tier))

    def _scripted(
        self, group: GeneratedGroup, stage: TicketStage, customer: Customer
    ) -> ScriptedTicket:
        times = self._times(group, stage)
        fields = self._fields(group, customer)
        status = _STATUS.get(stage) or Status(stage)
        login = self._login(stage)
        if times.answered and login and times.received > self.now - _LIVED:
            actions = self._actions(times, times.answered, login, status)
            return ScriptedTicket(times.received, times.received + _MINUTE, fields, actions)
        fields |= {
            "status": status,
            "assignee": login,
            "first_response_at": times.answered,
            "last_customer_message_at": times.heard,
        }
        return ScriptedTicket(times.received, self._heard_of(times), fields)

    def _fields(self, group: GeneratedGroup, customer: Customer) -> dict[str, object]:
        return {
            "subject": self._subject(customer, group.severity),
            "body": wording.body(self.random, customer),
            "customer": customer.name,
            "tier": group.tier,
            "severity": group.severity,
            "opened_by": group.opened_by,
            **customer.requester(self.random),
        }

    def _subject(self, customer: Customer, severity: Severity) -> str:
        """Return a subject that nobody has written yet, unless twenty tries do not find one."""
        for _ in range(_TRIES):
            subject = wording.subject(self.random, customer, severity)
            if subject not in self._subjects:
                break
        self._subjects.add(subject)
        return subject

    def _login(self, stage: TicketStage) -> str | None:
        if stage is TicketStage.UNANSWERED and self.random.random() > _TAKEN_UNANSWERED:
            return None
        team = [member for member in members() if member.share]
        return self.random.choices(team, [member.share for member in team])[0].login

    def _times(self, group: GeneratedGroup, stage: TicketStage) -> Times:
        if stage is TicketStage.UNANSWERED:
            return Times(self._received_unanswered(group))
        received = self.now - self._between(*_AGES[stage], leaning=2)
        answered = received + self._between(8 * _MINUTE, 160 * _MINUTE)
        if stage is TicketStage.AGAIN:
            return Times(received, answered, self.now - self._between(5 * _MINUTE, 104 * _MINUTE))
        return Times(received, answered)

    def _received_unanswered(self, group: GeneratedGroup) -> datetime:
        """Return a time of receipt whose deadline is a little late, near or far."""
        rulebook = self.rulebook
        priority = decide(rulebook, group.tier, group.severity, group.opened_by).priority
        if priority is None or group.tier in rulebook.response.no_contract:
            return self.now - self._between(_HOUR, 12 * _DAY, leaning=2)
        owed = rulebook.contract_time[priority]
        if self.random.random() < _LATE:
            due = self.now - self._between(2 * _MINUTE, 75 * _MINUTE)
        else:
            due = self.now + self._between(10 * _MINUTE, owed - 6 * _MINUTE)
        return received_for(rulebook.contract_calendar, due, owed)

    def _actions(
        self, times: Times, answered: datetime, login: str, status: Status
    ) -> tuple[ScriptedAction, ...]:
        """Return what was done to a ticket that came in new and was worked on here."""
        taken = times.received + (answered - times.received) * self.random.uniform(0.3, 0.9)
        actions = [
            ScriptedAction(taken.replace(microsecond=0), login, _take),
            ScriptedAction(answered, login, partial(_reply, status=status)),
        ]
        if times.heard is not None:
            actions.append(ScriptedAction(times.heard, SYNC, _hear))
        return tuple(actions)

    def _heard_of(self, times: Times) -> datetime:
        """Return when the desk first hears of a ticket that already is as it stands now."""
        moved_in = self.now - MOVED_IN
        latest = max(filter(None, (times.received, times.answered, times.heard, moved_in)))
        return moved_in - (moved_in - latest) // _HEARS_EVERY * _HEARS_EVERY

    def _between(self, least: timedelta, most: timedelta, leaning: int = 1) -> timedelta:
        """Return a span of whole seconds, nearer to the least the more it is ``leaning``."""
        share = self.random.random() ** leaning
        return timedelta(seconds=int((least + (most - least) * share).total_seconds()))


def _take(desk: Desk, ticket: int) -> object:
    return desk.tickets.take(ticket)


def _reply(desk: Desk, ticket: int, status: Status) -> object:
    return desk.tickets.reply(ticket, status)


def _hear(desk: Desk, ticket: int) -> object:
    return desk.tickets.heard(ticket)
