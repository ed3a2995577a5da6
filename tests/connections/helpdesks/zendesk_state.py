"""What the in-process Zendesk keeps, and what it does to it: as its maker's pages say it does.

Times are whole seconds of a clock of its own, which tests may put forward.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final

from connections.helpdesks.zendesk_wire import written

STATUSES: Final = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES: Final = ("urgent", "high", "normal", "low")
SYSTEM: Final = -1
_OVER: Final = ("solved", "closed")


@dataclass
class Person:
    """Somebody who may log in, or who wrote a mail."""

    id: int
    name: str
    email: str
    role: str = "end-user"
    organization: int | None = None
    tags: list[str] = field(default_factory=list)
    created: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    updated: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def said(self) -> dict[str, Any]:
        """Return it as Zendesk says it."""
        return {
            "id": self.id,
            "name": self.name,
            "email": self.email,
            "role": self.role,
            "organization_id": self.organization,
            "tags": list(self.tags),
            "locale": "en-US",
            "iana_time_zone": "Europe/Madrid",
            "created_at": written(self.created),
            "updated_at": written(self.updated),
        }


@dataclass
class Company:
    """An organization."""

    id: int
    name: str
    tags: list[str] = field(default_factory=list)
    created: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    updated: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def said(self) -> dict[str, Any]:
        """Return it as Zendesk says it."""
        return {
            "id": self.id,
            "name": self.name,
            "tags": list(self.tags),
            "organization_fields": {},
            "created_at": written(self.created),
            "updated_at": written(self.updated),
        }


@dataclass
class TicketOverThere:
    """A ticket with what was written in it and what was done to it, the first first."""

    id: int
    subject: str
    requester: int
    submitter: int
    created: datetime
    updated: datetime
    status: str = "new"
    priority: str | None = None
    assignee: int | None = None
    organization: int | None = None
    tags: list[str] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    audits: list[dict[str, Any]] = field(default_factory=list)
    solved: datetime | None = None
    deleted: datetime | None = None
    merged_into: int | None = None
    last_changes: list[tuple[int, datetime]] = field(default_factory=list)

    def said(self, address: str) -> dict[str, Any]:
        """Return it as Zendesk says it."""
        return {
            "id": self.id,
            "url": f"{address}/api/v2/tickets/{self.id}.json",
            "subject": self.subject,
            "raw_subject": self.subject,
            "description": self.comments[0]["body"] if self.comments else "",
            "status": self.status,
            "priority": self.priority,
            "type": None,
            "requester_id": self.requester,
            "submitter_id": self.submitter,
            "assignee_id": self.assignee,
            "organization_id": self.organization,
            "tags": sorted(self.tags),
            "custom_fields": [],
            "created_at": written(self.created),
            "updated_at": written(self.updated),
            "via": {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}},
        }

    def measured(self) -> dict[str, Any]:
        """Return its metric set."""
        return {
            "ticket_id": self.id,
            "created_at": written(self.created),
            "updated_at": written(self.updated),
            "solved_at": None if self.solved is None else written(self.solved),
        }


class ZendeskThere:
    """A Zendesk without its wire: its agents are mariam, tomasz, the loop and an onlooker."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.ahead = timedelta(0)
        self.people: dict[int, Person] = {}
        self.companies: dict[int, Company] = {}
        self.tickets: dict[int, TicketOverThere] = {}
        self.files: dict[int, tuple[str, bytes]] = {}
        self.tells_marks = True
        self.refuses_status = ""
        self.hidden: set[int] = set()
        self.goes_on = threading.Event()
        self.goes_on.set()
        self._people = count(900)
        self._companies = count(500)
        self._tickets = count(1)
        self._numbers = count(70_001)
        self.ferry = self.founds("Halcyon Ferry Lines")
        self.logins = {
            name: self._person(f"{name}@help.example", real, role)
            for name, real, role in (
                ("mariam", "Mariam Haddad", "agent"),
                ("tomasz", "Tomasz Nowak", "agent"),
                ("numberone", "The loop", "admin"),
                ("plain", "An agent alone", "agent"),
                ("nobody", "An end user", "end-user"),
            )
        }
        self._person("ida@customer.example", "Ida Berg", "end-user", self.ferry.id)
        self._person("omar@client.example", "Omar Said", "end-user")

    @property
    def now(self) -> datetime:
        """Return what time it is there, to the second (UTC)."""
        return (datetime.now(UTC) + self.ahead).replace(microsecond=0)

    def later(self, **by: float) -> None:
        """Let time pass."""
        with self.lock:
            self.ahead += timedelta(**by)

    def hires(self, name: str, real: str) -> Person:
        """Make an agent, by the name that stands before the address."""
        self.logins[name] = self._person(f"{name}@help.example", real, "agent")
        return self.logins[name]

    def founds(self, name: str) -> Company:
        """Make an organization."""
        company = Company(next(self._companies), name, created=self.now, updated=self.now)
        self.companies[company.id] = company
        return company

    def by_address(self, email: str) -> Person:
        """Return who has an address; a stranger becomes known."""
        same = email.casefold()
        found = (each for each in self.people.values() if each.email.casefold() == same)
        return next(found, None) or self._person(email, email.partition("@")[0], "end-user")

    def renames(self, person: Person, **fields: Any) -> None:  # noqa: ANN401 - any field
        """Change somebody."""
        with self.lock:
            for name, value in fields.items():
                setattr(person, name, value)
            person.updated = self.now

    def alters(self, company: Company, **fields: Any) -> None:  # noqa: ANN401 - any field
        """Change an organization."""
        with self.lock:
            for name, value in fields.items():
                setattr(company, name, value)
            company.updated = self.now

    def opens(self, subject: str, text: str, by: Person, via: str = "email") -> TicketOverThere:
        """Have a customer open a ticket."""
        with self.lock:
            now = self.now
            ticket = TicketOverThere(
                next(self._tickets), subject, by.id, by.id, now, now, organization=by.organization
            )
            self.tickets[ticket.id] = ticket
            self.changes(ticket, by.id, {}, {"body": text, "public": True}, via=via)
            return ticket

    def changes(
        self,
        ticket: TicketOverThere,
        author: int,
        fields: dict[str, Any],
        comment: dict[str, Any] | None = None,
        *,
        via: str = "web",
        source: dict[str, Any] | None = None,
        custom: dict[str, Any] | None = None,
        flags: list[int] | None = None,
    ) -> dict[str, Any]:
        """Change a ticket; all of it is one audit, which is given back."""
        with self.lock:
            now = self.now
            number = next(self._numbers)
            channel = {"channel": via, "source": source or {"from": {}, "to": {}, "rel": None}}
            metadata: dict[str, Any] = {"system": {"ip_address": "192.0.2.7"}}
            events = []
            for name, value in fields.items():
                events.append(
                    {
                        "id": next(self._numbers),
                        "type": "Change",
                        "field_name": name,
                        "value": str(value),
                    }
                )
                self._set(ticket, name, value, now)
            if comment is not None:
                told = {"custom": custom or {}} if self.tells_marks else {}
                flagged = {"flags": flags, "flags_options": {}} if flags else {}
                made = self._comment(comment, author, now, channel, metadata | told | flagged)
                ticket.comments.append(made | {"audit_id": number})
                events.append({"id": made["id"], "type": "Comment", "body": made["body"]})
                self._wake(ticket, author, made["public"], fields)
            audit = {
                "id": number,
                "ticket_id": ticket.id,
                "author_id": author,
                "created_at": written(now),
                "events": events,
                "metadata": {**metadata, "custom": custom or {}},
                "via": channel,
            }
            ticket.audits.append(audit)
            ticket.updated = now
            return audit

    def merges(self, ticket: TicketOverThere, into: TicketOverThere, by: Person) -> None:
        """Make a ticket part of another: it is closed, and both are told in a comment."""
        with self.lock:
            ticket.tags.append("closed_by_merge")
            ticket.merged_into = into.id
            last = ticket.comments[-1]["body"]
            self.changes(
                ticket,
                by.id,
                {"status": "closed"},
                {
                    "body": f"This request was closed and merged into request #{into.id}.",
                    "public": False,
                },
                via="system",
                source={"from": {}, "to": {"ticket_id": into.id}, "rel": "merge"},
            )
            self.changes(
                into,
                by.id,
                {},
                {
                    "body": f"Request #{ticket.id} was closed and merged into this: {last}",
                    "public": False,
                },
                via="system",
                source={"from": {"ticket_ids": [ticket.id]}, "to": {}, "rel": "merge"},
            )

    def deletes(self, ticket: TicketOverThere) -> None:
        """Delete a ticket."""
        with self.lock:
            ticket.deleted = ticket.updated = self.now

    def at(self, number: int) -> TicketOverThere | None:
        """Return a ticket that is there."""
        found = self.tickets.get(number)
        return None if found is None or found.deleted else found

    def keeps(self, name: str, content: bytes) -> int:
        """Keep a file, and return its number."""
        number = next(self._numbers)
        self.files[number] = (name, content)
        return number

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Have no agent be done in this block."""
        self.goes_on.clear()
        try:
            yield
        finally:
            self.goes_on.set()

    def _person(self, email: str, name: str, role: str, organization: int | None = None) -> Person:
        now = self.now
        person = Person(next(self._people), name, email, role, organization, [], now, now)
        self.people[person.id] = person
        return person

    def _comment(
        self,
        said: dict[str, Any],
        author: int,
        now: datetime,
        via: dict[str, Any],
        metadata: dict[str, Any],
    ) -> dict[str, Any]:
        text = str(said["body"]).replace("\r\n", "\n")
        return {
            "id": next(self._numbers),
            "type": "Comment",
            "author_id": author,
            "body": text,
            "plain_body": text,
            "html_body": f"<div><p>{text}</p></div>",
            "public": said.get("public", True),
            "attachments": said.get("attachments", []),
            "created_at": written(now),
            "via": via,
            "metadata": metadata,
        }

    def _set(
        self,
        ticket: TicketOverThere,
        name: str,
        value: Any,  # noqa: ANN401 - of any field
        now: datetime,
    ) -> None:
        setattr(ticket, name, value)
        if name == "status":
            ticket.solved = (ticket.solved or now) if value in _OVER else None
        if name == "assignee" and value is not None and ticket.status == "new":
            ticket.status = "open"

    def _wake(
        self, ticket: TicketOverThere, author: int, public: bool, fields: dict[str, Any]
    ) -> None:
        """Open a ticket again when its customer writes, and a new one when it is answered."""
        is_left = "status" not in fields
        is_asked_again = author == ticket.requester and len(ticket.comments) > 1
        if is_left and is_asked_again and ticket.status in ("pending", "solved", "hold"):
            self._set(ticket, "status", "open", self.now)
        is_answer = public and author != ticket.requester and self._is_agent(author)
        if is_left and is_answer and ticket.status == "new":
            ticket.status = "open"

    def _is_agent(self, number: int) -> bool:
        return number in self.people and self.people[number].role != "end-user"
