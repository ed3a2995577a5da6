"""Hundreds of tickets in every tier, severity and status, made up by a seeded chance.

They are made up as the handbook has them, and said in the words of the policy in force.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from random import Random
from typing import Final

from policy.intake.rules import decide
from policy.rulebook.rulebook import handbook
from policy.words import FactValue, OpenedBy, Status, Tier
from store.desk import Desk
from tui.demo import demo_wording as wording
from tui.demo.parts import Customer, customers, members, read
from tui.demo.script import SYNC, ScriptedAction, ScriptedTicket
from tui.demo.trades import Trade
from tui.demo.translation import SaidWords, Translation
from tui.demo.wished_deadlines import WishedDeadlines

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
_SOONEST: Final = 10 * _MINUTE
_FRESHEST: Final = 6 * _MINUTE
_LONG_ENOUGH: Final = 2 * _HOUR
"""A promise of this and longer is kept by answering as fast as usual."""

_SHORT: Final = 1 / 3
"""How near to either end of a short time to answer a deadline comes."""


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


_RESTING: Final = frozenset({TicketStage.PENDING, TicketStage.ON_HOLD})
_RESTS_OF: Final = 8
_TO_BE_SOLVED: Final = frozenset(
    {TicketStage.AGAIN, TicketStage.WORKING, TicketStage.PENDING, TicketStage.ON_HOLD}
)


@dataclass(frozen=True, slots=True)
class Times:
    """When a ticket was received, first and last answered, and its customer wrote again; all UTC.

    Without ``updated`` the first answer was the last one.
    """

    received: datetime
    answered: datetime | None = None
    heard: datetime | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class GeneratedGroup:
    """Tickets of one tier, severity and opener; ``counts`` says how many stand where.

    ``tier`` and ``severity`` are the handbook's, ``facts`` are told as of a ticket, and ``about``
    says which subjects are meant.
    """

    tier: Tier
    severity: int
    opened_by: OpenedBy
    counts: dict[TicketStage, int]
    facts: dict[str, FactValue] | None = None
    about: object = None


def groups(file: str) -> list[GeneratedGroup]:
    """Return the groups that a file such as ``generated_tickets.toml`` names."""
    return [
        GeneratedGroup(
            group.get("tier", "team"),
            group["severity"],
            OpenedBy(group.get("opened_by", OpenedBy.CUSTOMER)),
            {stage: group.get(stage, 0) for stage in TicketStage},
            group.get("facts"),
            group.get("words", group["severity"]),
        )
        for group in read(file)["group"]
    ]


@dataclass(slots=True)
class TicketGenerator:
    """Makes up the generated tickets as they lived until now under the policy of ``wished``."""

    random: Random
    trade: Trade
    translation: Translation
    wished: WishedDeadlines
    _subjects: set[str] = field(default_factory=set)
    _resting: int = 0

    @property
    def now(self) -> datetime:
        """As of when they lived, in UTC."""
        return self.wished.now

    def tickets(self) -> Iterator[ScriptedTicket]:
        """Yield every generated ticket."""
        for group in groups(self.trade.generated):
            of_tier = [
                each for each in customers(self.trade.cast).values() if each.tier == group.tier
            ]
            for stage, count in group.counts.items():
                for _ in range(count):
                    customer = self.random.choice(of_tier)
                    said = self.translation.said(
                        customer, group.severity, group.opened_by, group.facts
                    )
                    if said is not None:
                        come = self._stage(stage, said, group, customer.zone)
                        yield self.scripted(said, come, customer, group.about)

    def _stage(
        self, stage: TicketStage, said: SaidWords, group: GeneratedGroup, zone: str | None
    ) -> TicketStage:
        """Return how far a ticket has come, where the policy would have other ones in heaps.

        Those that only the handbook declines do not wait, and of those that rest while their
        customers are promised updates, so that they stand in the queue, one in eight does.
        """
        if stage is TicketStage.UNANSWERED:
            told = decide(handbook(), group.tier, group.severity, group.opened_by)
            admitted = told.priority is None and said.priority is not None
            return TicketStage.PENDING if admitted else stage
        if stage in _RESTING and self.wished.is_updated(said, zone, Status(stage)):
            self._resting += 1
            return stage if self._resting % _RESTS_OF == 1 else TicketStage.SOLVED
        return stage

    def scripted(
        self,
        said: SaidWords,
        stage: TicketStage,
        customer: Customer,
        about: object,
        received: datetime | None = None,
    ) -> ScriptedTicket:
        """Return a ticket made up with these words; ``about`` says which subjects are meant.

        Unanswered, it may be told when it was ``received``.
        """
        times = Times(received) if received else self._times(said, stage, customer.zone)
        fields = self._fields(said, customer, about)
        status = _STATUS.get(stage) or Status(stage)
        login = self._login(stage)
        if times.answered and login and times.received > self.now - _LIVED:
            actions = self._actions(times, times.answered, login, status)
            heard_of = times.received + _MINUTE
            return ScriptedTicket(times.received, heard_of, said, customer.zone, fields, actions)
        fields |= {
            "status": status,
            "assignee": login,
            "first_response_at": times.answered,
            "last_customer_message_at": times.heard,
        }
        if times.updated is not None:
            fields["last_response_at"] = times.updated
        heard_of = self._heard_of(times)
        return ScriptedTicket(times.received, heard_of, said, customer.zone, fields)

    def _fields(self, said: SaidWords, customer: Customer, about: object) -> dict[str, object]:
        return {
            "subject": self._subject(customer, about),
            "body": wording.body(self.random, customer, self.trade.wording),
            "customer": customer.name,
            **said.fields,
            **customer.requester(self.random),
        }

    def _subject(self, customer: Customer, about: object) -> str:
        """Return a subject that nobody has written yet, unless twenty tries do not find one."""
        for _ in range(_TRIES):
            subject = wording.subject(self.random, customer, about, self.trade.wording)
            if subject not in self._subjects:
                break
        self._subjects.add(subject)
        return subject

    def _login(self, stage: TicketStage) -> str | None:
        if stage is TicketStage.UNANSWERED and self.random.random() > _TAKEN_UNANSWERED:
            return None
        team = [member for member in members() if member.share]
        return self.random.choices(team, [member.share for member in team])[0].login

    def _times(self, said: SaidWords, stage: TicketStage, zone: str | None) -> Times:
        if stage is TicketStage.UNANSWERED:
            return Times(self._received_unanswered(said, zone))
        if stage in _TO_BE_SOLVED:
            received = self.wished.received_to_solve(said, zone)
            if received is not None:
                answering = self._answering(said, zone)
                return self._times_to_be_solved(stage, received, answering)
        received = self.now - self._between(*_AGES[stage], leaning=2)
        answered = received + self._answering(said, zone)
        if stage is TicketStage.AGAIN:
            heard = self.now - self._between(5 * _MINUTE, 104 * _MINUTE)
            is_updated = self.wished.is_updated(said, zone, Status.OPEN)
            return Times(received, answered, heard, heard - _SOONEST if is_updated else None)
        updated = self.wished.updated(said, zone, _STATUS.get(stage) or Status(stage))
        if updated is None or updated < received + _MINUTE:
            return Times(received, answered)
        return Times(received, min(answered, updated), updated=updated)

    def _answering(self, said: SaidWords, zone: str | None) -> timedelta:
        """Return how long a first answer took: less where a short time is promised."""
        took = self._between(8 * _MINUTE, 160 * _MINUTE)
        owed = self.wished.owed(said, zone)
        if owed is None or owed >= _LONG_ENOUGH:
            return took
        return timedelta(seconds=int((took * (owed / _LONG_ENOUGH)).total_seconds()))

    def _times_to_be_solved(
        self, stage: TicketStage, received: datetime, answering: timedelta
    ) -> Times:
        """Return the times of a ticket that was answered since, and is to be solved by then."""
        since = self.now - received
        answered = received + min(answering, since / 2)
        answered = answered.replace(microsecond=0)
        if stage is TicketStage.AGAIN:
            heard = self._between(5 * _MINUTE, 104 * _MINUTE)
            return Times(received, answered, max(self.now - heard, answered + since / 4))
        return Times(received, answered)

    def _received_unanswered(self, said: SaidWords, zone: str | None) -> datetime:
        """Return a time of receipt whose deadline is a little late, near or far."""
        if self.wished.promise(said, zone, self.now) is None:
            return self.now - self._between(_HOUR, 12 * _DAY, leaning=2)
        owed = self.wished.owed(said, zone) or _DAY
        if self.random.random() < _LATE:
            due = self.now - self._between(2 * _MINUTE, 75 * _MINUTE)
        else:
            soonest = min(_SOONEST, owed * _SHORT)
            due = self.now + self._between(soonest, owed - min(_FRESHEST, owed * _SHORT))
        return self.wished.received(said, zone, self.wished.fitting(said, due))

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
