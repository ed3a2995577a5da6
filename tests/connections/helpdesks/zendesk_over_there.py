"""The other side of a Zendesk: the in-process one's agents and customers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from connections.helpdesks.help_desk import HelpDesk
from connections.helpdesks.zendesk import zendesk
from policy.words import Status
from tests.connections.helpdesks.over_there import TicketFields
from tests.connections.helpdesks.zendesk_server import ZendeskServer
from tests.connections.helpdesks.zendesk_state import Person, TicketOverThere

_GENERATED: Final = 4
_FIELDS: Final = {"Status": "status", "Priority": "priority"}
_STATUSES: Final = {
    Status.NEW: "open",
    Status.OPEN: "open",
    Status.PENDING: "pending",
    Status.ON_HOLD: "hold",
    Status.SOLVED: "solved",
    Status.CLOSED: "solved",
}


@dataclass
class CurrentAccess:
    """The way to whatever token is good now, as somebody has it who renews in time or too late."""

    server: ZendeskServer
    login: str
    held: str = ""
    renewals: int = 0

    def token(self) -> str:
        """Return the token that was good when it was asked for last."""
        self.held = self.held or self.server.tokens[self.login]
        return self.held

    def renewed(self, refused: str) -> str | None:
        """Return the token that is good now."""
        now = self.server.tokens[self.login]
        self.renewals += 1
        self.held = now
        return None if now == refused else now


class ZendeskOverThere:
    """Its agents work on its pages, and its customers write mails; see ``OverThere``."""

    own_priority: object = "urgent"
    moves_what_is_merged = False

    def __init__(self, server: ZendeskServer) -> None:
        self.server = server
        self.there = server.there

    def help_desk(self, login: str = "numberone", **settings: object) -> HelpDesk:
        """Return what we speak to it with."""
        access = CurrentAccess(self.server, login)
        return zendesk({"address": self.server.address, **settings}, access)

    def only(self, queue: str) -> dict[str, Any] | None:
        """Return None: a Zendesk has no queues."""
        del queue
        return None

    def login(self, name: str) -> str:
        """Return what an agent logs in with, which is their address."""
        return f"{name}@help.example"

    def theirs(self, status: Status) -> str:
        """Return what one of our statuses is there."""
        return _STATUSES[status]

    def fields(self, record: Mapping[str, Any]) -> TicketFields:
        """Return what a record says of a ticket."""
        owner, asks = record["assignee"], record["requester"]
        company = record["organization"]
        return TicketFields(
            subject=record["subject"],
            status=record["status"],
            owner=None if owner is None else owner["email"],
            owner_email=None if owner is None else owner["email"],
            requester_email=asks["email"],
            organization=None if company is None else company["name"],
            tier=next(iter(record["tags"]), None),
            priority=record["priority"],
        )

    def opens(
        self,
        subject: str,
        text: str,
        *,
        by: str = "ida@customer.example",
        queue: str = "Support",
        tier: str = "",
    ) -> str:
        """Have a mail open a ticket."""
        del queue
        ticket = self.there.opens(subject, text, self.there.by_address(by))
        if tier:
            ticket.tags.append(tier)
        return str(ticket.id)

    def writes(
        self,
        ticket: str,
        text: str,
        *,
        by: str = "ida@customer.example",
        headers: dict[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> None:
        """Have a mail come in that belongs to a ticket, or to what that became part of."""
        found = self._live(ticket)
        comment: dict[str, Any] = {"body": text, "public": True}
        if file is not None:
            comment["attachments"] = [self.server.attachment(self.there.keeps(*file))]
        author = self.there.by_address(by).id
        flags = [_GENERATED] if headers else None
        self.there.changes(found, author, {}, comment, via="email", flags=flags)

    def answers(self, ticket: str, text: str, *, by: str = "mariam") -> None:
        """Have an agent answer on the page."""
        self.there.goes_on.wait()
        comment = {"body": text, "public": True}
        self.there.changes(self._live(ticket), self._agent(by).id, {}, comment)

    def notes(self, ticket: str, text: str, *, by: str = "mariam") -> None:
        """Have an agent write an internal comment."""
        comment = {"body": text, "public": False}
        self.there.changes(self._live(ticket), self._agent(by).id, {}, comment)

    def sets(self, ticket: str, *, by: str = "mariam", **fields: object) -> None:
        """Have an agent set fields."""
        named = {_FIELDS[name]: value for name, value in fields.items()}
        self.there.changes(self._live(ticket), self._agent(by).id, named)

    def gives(self, ticket: str, owner: str | None, *, by: str = "mariam") -> None:
        """Have an agent set the assignee."""
        to = None if owner is None else self._agent(owner).id
        self.there.changes(self._live(ticket), self._agent(by).id, {"assignee": to})

    def merges(self, ticket: str, into: str) -> None:
        """Have an agent merge."""
        self.there.merges(self._live(ticket), self._live(into), self._agent("mariam"))

    def deletes(self, ticket: str) -> None:
        """Have an agent delete; whoever reads looks for that every ten seconds."""
        self.there.deletes(self._live(ticket))
        self.there.later(seconds=10)

    def status(self, ticket: str) -> str:
        """Return a ticket's status."""
        return self._live(ticket).status

    def owner(self, ticket: str) -> str | None:
        """Return what a ticket's assignee logs in with."""
        number = self._live(ticket).assignee
        return None if number is None else self.there.people[number].email

    def texts(self, ticket: str) -> list[str]:
        """Return what is written in a ticket."""
        return [str(each["body"]) for each in self._live(ticket).comments]

    @contextmanager
    def slow(self) -> Iterator[None]:
        """Have no agent's answer be done in this block."""
        with self.there.slow():
            yield

    def _live(self, ticket: str) -> TicketOverThere:
        found = self.there.tickets[int(ticket)]
        while found.merged_into is not None:
            found = self.there.tickets[found.merged_into]
        return found

    def _agent(self, name: str) -> Person:
        return self.there.logins[name]
