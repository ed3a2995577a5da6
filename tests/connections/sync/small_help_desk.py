"""A small real help desk in this process: tickets, messages, a feed of changes, and bad days.

Its feed is one list of changes in the order in which they happened. They can be shown late, as of
``shown_until``; an answer can be lost after the step was done, and whoever reads or writes can be
killed half-way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from connections.attempts import Delivery, DeliveryOutcome, never
from connections.helpdesks.help_desk import (
    Account,
    Cursor,
    MessageRead,
    OutgoingStep,
    Reading,
    StepKind,
    TicketRead,
    Unreachable,
)
from policy.intake.conversation import MessageRole
from policy.words import Status
from tests.examples import MONDAY


class Killed(BaseException):
    """The process was ended by force: nothing after this happens."""


@dataclass
class TicketThere:
    """One ticket over there."""

    external_id: str
    subject: str
    customer: str
    tier: str | None
    severity: int
    status: str
    assignee: str | None
    created_at: datetime
    updated_at: datetime
    messages: list[MessageRead] = field(default_factory=list)
    merged_into: str | None = None
    deleted: bool = False


@dataclass
class SmallHelpDesk:
    """A help desk that several connections can use; times are those of its ``clock``."""

    now: datetime = MONDAY
    tickets: dict[str, TicketThere] = field(default_factory=dict)
    feed: list[str] = field(default_factory=list)
    written: list[OutgoingStep] = field(default_factory=list)
    shown_until: int | None = None
    bad_days: list[str] = field(default_factory=list)
    refuses: str = ""
    undelivered: dict[str, str] = field(default_factory=dict)
    knows_marks: bool = True
    in_its_own_words: Mapping[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _messages: Iterator[int] = field(default_factory=lambda: count(1))

    # What people do there

    def asked(
        self,
        subject: str = "It fails",
        *,
        customer: str = "Acme",
        tier: str | None = "enterprise",
        status: str = "new",
        text: str = "It fails.",
    ) -> str:
        """Let a customer open a ticket, and return its id."""
        name = str(next(self._numbers))
        self.tickets[name] = TicketThere(
            name, subject, customer, tier, 2, status, None, self.now, self.now
        )
        self.says(name, MessageRole.CUSTOMER, text, author="ada@acme.example")
        return name

    def says(
        self,
        name: str,
        role: MessageRole,
        text: str,
        *,
        author: str = "luz",
        public: bool = True,
        mark: str | None = None,
    ) -> str:
        """Let somebody write in a ticket, and return the message's id."""
        number = f"m{next(self._messages)}"
        message = MessageRead(
            external_id=number,
            at=self.now,
            role=role,
            public=public,
            author=author,
            text=text,
            mark=mark if self.knows_marks else None,
        )
        self.tickets[name].messages.append(message)
        self._changed(name)
        return number

    def sets(self, name: str, **fields: str | None) -> None:
        """Let an agent change a ticket."""
        for field_name, value in fields.items():
            setattr(self.tickets[name], field_name, value)
        self._changed(name)

    def deletes(self, name: str) -> None:
        """Let an agent delete a ticket."""
        self.tickets[name].deleted = True
        self._changed(name)

    def merges(self, name: str, into: str) -> None:
        """Let an agent merge a ticket into another one."""
        self.tickets[name].merged_into = into
        self._changed(name)

    def bounced(self, name: str, message: str, why: str) -> None:
        """Let a message of ours come back."""
        self.undelivered[message] = why
        self._changed(name)

    def _changed(self, name: str) -> None:
        self.tickets[name].updated_at = self.now
        self.feed.append(name)

    # What connections ask

    @property
    def settles_after(self) -> timedelta:
        return timedelta(seconds=30)

    def account(self) -> Account:
        return Account(login="loop", name="The loop", lacks=("it may not see comments",))

    def changes(self, since: Cursor, limit: int) -> Reading:
        self._bad_day("read")
        start = int(str(since.get("at", 0)))
        visible = self.feed[: self.shown_until]
        piece = visible[start : start + limit]
        at = start + len(piece)
        names = list(dict.fromkeys(piece))
        return Reading(
            tickets=tuple(self._read(name) for name in names),
            cursor={"at": at},
            more=bool(piece),  # only an empty page says that there is none left
            total=len(self.tickets) if not start else None,
        )

    def _read(self, name: str) -> TicketRead:
        there = self.tickets[name]
        if there.deleted or there.merged_into is not None:
            return TicketRead(external_id=name, record=None, merged_into=there.merged_into)
        record = {
            "id": name,
            "subject": there.subject,
            "customer": there.customer,
            "tier": there.tier,
            "severity": there.severity,
            "status": there.status,
            "assignee": there.assignee,
            "created_at": there.created_at.isoformat(),
            "updated_at": there.updated_at.isoformat(),
        }
        ours = {message.external_id for message in there.messages} & self.undelivered.keys()
        return TicketRead(
            external_id=name,
            record=record,
            messages=tuple(there.messages),
            marks=frozenset(message.mark for message in there.messages if message.mark),
            undelivered={each: self.undelivered[each] for each in ours},
        )

    def conversation(self, external_id: str) -> Sequence[MessageRead]:
        return self.tickets[external_id].messages

    def attachment(self, reference: str) -> bytes:
        return reference.encode()

    def write(self, step: OutgoingStep) -> Delivery:
        self._bad_day("before writing")
        if self.refuses:
            return never(self.refuses)
        self._write(step)
        self._bad_day("after writing")
        return Delivery(outcome=DeliveryOutcome.SENT, why="It is there.")

    def _write(self, step: OutgoingStep) -> None:
        self.written.append(step)
        there = self.tickets[step.external_id]
        if step.kind in (StepKind.ANSWER, StepKind.NOTE):
            public = step.kind is StepKind.ANSWER
            self.says(
                step.external_id, MessageRole.US, step.text,
                author=step.author, public=public, mark=step.mark,
            )  # fmt: skip
        if step.kind is StepKind.ASSIGN:
            there.assignee = step.assignee
        if step.status is not None:
            there.status = self.in_its_own_words.get(step.status, step.status)
        self._changed(step.external_id)

    def find(self, step: OutgoingStep) -> bool | None:
        self._bad_day("find")
        return any(each.mark == step.mark for each in self.written)

    def close(self) -> None:
        return None

    def _bad_day(self, moment: str) -> None:
        """Fail as it was planned, each plan once."""
        plans = [each for each in self.bad_days if each.endswith(moment)]
        if not plans:
            return
        self.bad_days.remove(plans[0])
        if plans[0].startswith("killed "):
            raise Killed
        if plans[0].startswith("refused "):
            raise Unreachable("the login is refused", for_good=True)
        raise Unreachable("it does not answer")

    # What is so there

    def texts(self, name: str, *, ours: bool = True) -> list[str]:
        """Return what was written in a ticket, by us alone as a rule."""
        return [
            each.text
            for each in self.tickets[name].messages
            if not ours or each.role is MessageRole.US
        ]


MAPPING = {
    "columns": {
        "external_id": "id",
        "subject": "subject",
        "customer": "customer",
        "tier": "tier",
        "severity": "severity",
        "status": "status",
        "assignee": "assignee",
        "received_at": "created_at",
        "updated_at": "updated_at",
    }
}
"""How its records become tickets; nothing is shipped for it."""

STATUSES = tuple(str(each) for each in Status)
