"""What the in-process Request Tracker keeps, and what it does to it: as the real one was seen to.

Where this and the real one differ, this is wrong: the same tests run against both.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Final

from tests.connections.helpdesks.request_tracker_written import TrackerPart, TrackerWritten, by_mail

ORGANIZATION: Final = "help.example"
UNSET: Final = datetime(1970, 1, 1, tzinfo=UTC)
STATUSES: Final = ("new", "open", "stalled", "resolved", "rejected", "deleted")
SEVERITIES: Final = ("0", "1", "2", "3")
LOOKS: Final = frozenset({"SeeQueue", "ShowTicket"})
WORKS: Final = LOOKS | {
    "ShowTicketComments",
    "ShowOutgoingEmail",
    "CommentOnTicket",
    "ModifyTicket",
    "OwnTicket",
}
_NUMBERED: Final = re.compile(rf"\[{re.escape(ORGANIZATION)} #(\d+)\]")
_REOPENED: Final = ("resolved", "rejected")
_ROLE_GROUPS: Final = 4
"""How many numbers the groups of a new ticket take, which nobody but an administrator sees."""


@dataclass
class User:
    """Somebody who may log in, or who wrote a mail."""

    id: int
    name: str
    real_name: str = ""
    organization: str = ""
    zone: str = "UTC"
    privileged: bool = False
    rights: frozenset[str] = frozenset()

    @property
    def email(self) -> str:
        """Their address, which is their name where they came by mail."""
        if "@" in self.name or self.name in ("RT_System", "Nobody"):
            return self.name if "@" in self.name else ""
        return f"{self.name}@{ORGANIZATION}"


@dataclass
class TrackerTicket:
    """A ticket; ``effective`` is that which it was merged into, or itself."""

    id: int
    effective: int
    queue: str
    subject: str
    creator: User
    created: datetime
    requestors: list[User]
    status: str = "new"
    owner: User | None = None
    priority: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    updated: datetime = UNSET
    started: datetime = UNSET
    resolved: datetime = UNSET
    told: datetime = UNSET
    due: datetime = UNSET
    lock: threading.RLock = field(default_factory=threading.RLock)


@dataclass
class Transaction:
    """A change of a ticket; nobody sees it before it is ``done``."""

    id: int
    kind: str
    ticket: TrackerTicket
    creator: User
    created: datetime
    what: str = ""
    old: str = ""
    new: str = ""
    data: str = ""
    marks: list[str] = field(default_factory=list)
    done: bool = True


@dataclass(frozen=True)
class Attachment:
    """A part of what was written in a transaction."""

    id: int
    transaction: int
    part: TrackerPart
    is_first: bool


class Tracker:
    """A Request Tracker without its wire; ``mark_field`` is None where there is no such field."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.tickets: dict[int, TrackerTicket] = {}
        self.transactions: list[Transaction] = []
        self.attachments: list[Attachment] = []
        self.mark_field: str | None = "numberone"
        self.mail_goes = threading.Event()
        self.marks_go = threading.Event()
        self.lock = threading.RLock()
        self._numbers = count(5)
        self._parts = count(1)
        self._users = count(29)
        self.system = self._user(User(1, "RT_System", "The RT System itself"))
        self.nobody = self._user(User(6, "Nobody", "Nobody in particular"))
        root = frozenset(WORKS | {"SuperUser"})
        self.agents = {
            each.name: self._user(each)
            for each in (
                User(14, "root", "Enoch Root", privileged=True, rights=root),
                *(
                    User(next(self._users), name, real, "", zone, True, rights)
                    for name, real, zone, rights in (
                        ("mariam", "Mariam Haddad", "Africa/Cairo", WORKS),
                        ("tomasz", "Tomasz Nowak", "America/Bogota", WORKS),
                        ("numberone", "The loop", "Asia/Tokyo", WORKS),
                        ("onlooker", "Who may only look", "UTC", LOOKS),
                    )
                ),
            )
        }
        ferry = "Halcyon Ferry Lines"
        self._user(User(next(self._users), "ida@customer.example", "Ida Berg", ferry))
        self._user(User(next(self._users), "omar@client.example", "Omar Said"))
        self.mail_goes.set()
        self.marks_go.set()

    def may(self, user: User, right: str, queue: str) -> bool:
        """Return whether somebody has a right in a queue: nobody but root has any in Payroll."""
        return right in user.rights and (queue != "Payroll" or "SuperUser" in user.rights)

    def sees(self, user: User, each: Transaction) -> bool:
        """Return whether somebody may see a transaction of a ticket that they see."""
        kinds = {
            "Comment": {"ShowTicketComments"},
            "EmailRecord": {"ShowOutgoingEmail"},
            "CommentEmailRecord": {"ShowTicketComments", "ShowOutgoingEmail"},
        }
        return kinds.get(each.kind, set()) <= user.rights

    def named(self, name: str) -> User | None:
        """Return who has a name, which compares without case."""
        same = (each for each in self.users.values() if each.name.casefold() == name.casefold())
        return next(same, None)

    def ticket(self, number: int) -> TrackerTicket | None:
        """Return a ticket by its number, or that which it was merged into."""
        found = self.tickets.get(number)
        while found is not None and found.effective != found.id:
            found = self.tickets[found.effective]
        return found

    def history(self, ticket: TrackerTicket) -> list[Transaction]:
        """Return all that was done to a ticket and to those that were merged into it."""
        with self.lock:
            return [
                each
                for each in self.transactions
                if each.done and self.ticket(each.ticket.id) is ticket
            ]

    def create(
        self, actor: User, queue: str, subject: str, requestors: list[User], written: TrackerWritten
    ) -> TrackerTicket:
        """Open a ticket with what is written in it."""
        with self.lock:
            number = len(self.tickets) + 1
            now = _now()
            ticket = TrackerTicket(number, number, queue, subject, actor, now, requestors)
            self.tickets[number] = ticket
            for _ in range(_ROLE_GROUPS):
                next(self._numbers)
            created = self._begin(ticket, "Create", actor)
            created.done = True
            self._attach(created, written)
            if requestors:
                self._note(ticket, "EmailRecord", self.system)
        return ticket

    def write(
        self,
        ticket: TrackerTicket,
        actor: User,
        kind: str,
        words: TrackerWritten,
        mark: str | None = None,
    ) -> Transaction:
        """Write an answer or a note; it is seen when its mail is out, its mark a moment later."""
        with ticket.lock:
            with self.lock:
                written = self._begin(ticket, kind, actor)
                self._attach(written, words)
            if kind == "Correspond":
                self.mail_goes.wait()
            with self.lock:
                written.done = True
                ticket.updated = _now()
                if kind == "Correspond":
                    self._answered(ticket, actor, words)
        if mark is not None and self.mark_field is not None:
            self.marks_go.wait()
            with self.lock:
                written.marks.append(mark)
        return written

    def set_status(self, ticket: TrackerTicket, actor: User, status: str) -> None:
        """Set a status that is one."""
        with self.lock:
            self._note(ticket, "Status", actor, "Status", ticket.status, status)
            ticket.status = status
            if ticket.started == UNSET and status != "new":
                ticket.started = _now()
            if status in ("resolved", "rejected", "deleted"):
                ticket.resolved = _now()

    def set_owner(self, ticket: TrackerTicket, actor: User, owner: User) -> None:
        """Give a ticket to somebody: two transactions, with numbers for people."""
        with self.lock:
            old, new = str((ticket.owner or self.nobody).id), str(owner.id)
            self._note(ticket, "Set", actor, "Owner", old, new)
            ticket.owner = None if owner is self.nobody else owner
            self._note(ticket, "SetWatcher", actor, "Owner", old, new)

    def set_value(self, ticket: TrackerTicket, actor: User, name: str, value: str) -> None:
        """Set what is neither status nor owner."""
        with self.lock:
            if name == "Priority":
                self._note(ticket, "Set", actor, name, str(ticket.priority), value)
                ticket.priority = int(value) if value.isdigit() else 0
            elif name == "Queue":
                self._note(ticket, "Set", actor, name, ticket.queue, value)
                ticket.queue = value
            elif name == "Subject":
                self._note(ticket, "Set", actor, name, ticket.subject, value)
                ticket.subject = value
            else:
                old = ticket.fields.get(name, "")
                ticket.fields[name] = value
                self._note(ticket, "CustomField", actor, name, old, value)

    def merge(self, ticket: TrackerTicket, into: TrackerTicket, actor: User) -> None:
        """Make a ticket part of another; both are told of it."""
        with self.lock:
            uri = f"fsck.com-rt://{ORGANIZATION}/ticket/{into.id}"
            for each in (ticket, into):
                self._note(each, "AddLink", actor, "MergedInto", "", uri)
            ticket.effective = into.id
            into.requestors += [each for each in ticket.requestors if each not in into.requestors]

    def mail(self, content: bytes, queue: str, action: str) -> None:
        """Take a mail from outside, of anybody who may write: a new ticket, or a word in one."""
        mail = by_mail(content)
        with self.lock:
            sender = self._by_address(mail.address)
            if sender is None:
                sender = self._user(User(next(self._users), mail.address, mail.name))
        numbered = _NUMBERED.search(mail.subject)
        ticket = self.ticket(int(numbered[1])) if numbered else None
        if ticket is None:
            self.create(sender, queue, mail.subject, [sender], mail)
            return
        self.write(ticket, sender, action.capitalize(), mail)

    @contextmanager
    def slow_mail(self) -> Iterator[None]:
        """Have no mail go out in this block."""
        self.mail_goes.clear()
        try:
            yield
        finally:
            self.mail_goes.set()

    @contextmanager
    def slow_marks(self) -> Iterator[None]:
        """Have no mark be written in this block, though messages are."""
        self.marks_go.clear()
        try:
            yield
        finally:
            self.marks_go.set()

    def _answered(self, ticket: TrackerTicket, actor: User, words: TrackerWritten) -> None:
        if any(each is not actor for each in ticket.requestors) and not words.automatic:
            self._note(ticket, "EmailRecord", self.system)
        if actor not in ticket.requestors:
            ticket.told = _now()
        is_first = ticket.status == "new" and actor not in ticket.requestors
        if is_first or ticket.status in _REOPENED:
            self.set_status(ticket, self.system, "open")

    def _user(self, user: User) -> User:
        self.users[user.id] = user
        return user

    def _by_address(self, address: str) -> User | None:
        same = address.casefold()
        return next((each for each in self.users.values() if each.email.casefold() == same), None)

    def _begin(self, ticket: TrackerTicket, kind: str, actor: User) -> Transaction:
        begun = Transaction(next(self._numbers), kind, ticket, actor, _now(), done=False)
        self.transactions.append(begun)
        return begun

    def _note(self, ticket: TrackerTicket, kind: str, actor: User, *changed: str) -> None:
        """Note what was changed: the field, and from what to what."""
        what, old, new = changed or ("", "", "")
        noted = self._begin(ticket, kind, actor)
        noted.what, noted.old, noted.new, noted.done = what, old, new, True
        ticket.updated = noted.created

    def _attach(self, transaction: Transaction, written: TrackerWritten) -> None:
        for part in written.parts:
            is_first = part is written.parts[0]
            number = next(self._parts)
            self.attachments.append(Attachment(number, transaction.id, part, is_first))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
