"""The other side of a Request Tracker, the in-process one or a real one alike: by its own wire."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from email.message import EmailMessage
from typing import Any, Final, Protocol

import httpx2

from connections.helpdesks.help_desk import HelpDesk
from connections.helpdesks.request_tracker import request_tracker
from policy.words import Status
from tests.connections.helpdesks.over_there import TicketFields

_STATUSES: Final = {
    Status.NEW: "new",
    Status.OPEN: "open",
    Status.PENDING: "stalled",
    Status.ON_HOLD: "stalled",
    Status.SOLVED: "resolved",
    Status.CLOSED: "resolved",
}


class Server(Protocol):
    """A Request Tracker that runs."""

    @property
    def address(self) -> str:
        """Its root."""

    @property
    def tokens(self) -> Mapping[str, str]:
        """The tokens of those who log in."""

    def slow_mail(self) -> AbstractContextManager[None]:
        """Have no mail go out in this block."""


class RequestTrackerOverThere:
    """Its agents work by REST, and its customers write mails; see ``OverThere``."""

    own_priority: object = 90
    moves_what_is_merged = True

    def __init__(self, server: Server) -> None:
        self.server = server

    def help_desk(self, login: str = "numberone", **settings: object) -> HelpDesk:
        """Return what we speak to it with."""
        return request_tracker(
            {"address": self.server.address, **settings}, self.server.tokens[login]
        )

    def only(self, queue: str) -> dict[str, Any] | None:
        """Return the settings with which a queue alone is read."""
        return {"queues": [queue]}

    def login(self, name: str) -> str:
        """Return what an agent is known by."""
        return name

    def theirs(self, status: Status) -> str:
        """Return what one of our statuses is there."""
        return _STATUSES[status]

    def fields(self, record: Mapping[str, Any]) -> TicketFields:
        """Return what a record says of a ticket."""
        owner = record["Owner"]
        return TicketFields(
            subject=record["Subject"],
            status=record["Status"],
            owner=None if owner is None else owner["Name"],
            owner_email=None if owner is None else owner["EmailAddress"],
            requester_email=record["Requestor"]["EmailAddress"],
            organization=record["Requestor"]["Organization"],
            tier=record["Tier"],
            priority=record["Priority"],
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
        self._mail(subject, text, by, queue=queue)
        query = {"query": "id > 0", "fields": "Subject", "orderby": "id", "order": "DESC"}
        found = self.asks("GET", "/tickets", query=query).json()["items"]
        ticket = next(str(each["id"]) for each in found if each["Subject"] == subject)
        if tier:
            self.sets(ticket, CustomFields={"Tier": tier})
        return ticket

    def writes(
        self,
        ticket: str,
        text: str,
        *,
        by: str = "ida@customer.example",
        headers: dict[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> None:
        """Have a mail come in that names a ticket."""
        self._mail(f"Re: [help.example #{ticket}] hello", text, by, headers=headers, file=file)

    def answers(self, ticket: str, text: str, *, by: str = "mariam") -> None:
        """Have an agent correspond, by mail as many of them do."""
        self._mail(f"Re: [help.example #{ticket}] hello", text, f"{by}@help.example")

    def notes(self, ticket: str, text: str, *, by: str = "mariam") -> None:
        """Have an agent comment, by mail too."""
        subject = f"Re: [help.example #{ticket}] hello"
        self._mail(subject, text, f"{by}@help.example", action="comment")

    def sets(self, ticket: str, *, by: str = "mariam", **fields: object) -> None:
        """Have an agent set fields."""
        self.asks("PUT", f"/ticket/{ticket}", fields, by=by)

    def gives(self, ticket: str, owner: str | None, *, by: str = "mariam") -> None:
        """Have an agent set the owner."""
        self.sets(ticket, by=by, Owner=owner or "Nobody")

    def merges(self, ticket: str, into: str) -> None:
        """Have an agent merge."""
        self.sets(ticket, MergeInto=into)

    def deletes(self, ticket: str) -> None:
        """Have an agent delete."""
        self.asks("DELETE", f"/ticket/{ticket}")

    def status(self, ticket: str) -> str:
        """Return a ticket's status."""
        status: str = self.asks("GET", f"/ticket/{ticket}").json()["Status"]
        return status

    def owner(self, ticket: str) -> str | None:
        """Return a ticket's owner."""
        owner: str = self.asks("GET", f"/ticket/{ticket}").json()["Owner"]["id"]
        return None if owner == "Nobody" else owner

    def texts(self, ticket: str) -> list[str]:
        """Return what is written in a ticket."""
        query = {"fields": "Type", "per_page": "100", "orderby": "id"}
        history = self.asks("GET", f"/ticket/{ticket}/history", query=query).json()["items"]
        kinds = ("Create", "Correspond", "Comment")
        numbers = [each["id"] for each in history if each["Type"] in kinds]
        where = [
            {"field": "TransactionId", "operator": "IN", "value": numbers},
            {"field": "Filename", "operator": "IS", "value": "NULL"},
        ]
        asked = {"fields": "Content,ContentType", "orderby": "id", "per_page": "100"}
        found = self.asks("POST", "/attachments", where, query=asked).json()["items"]
        return [each["Content"] for each in found if each["ContentType"] == "text/plain"]

    def slow(self) -> AbstractContextManager[None]:
        """Have no mail go out, so that no answer is done."""
        return self.server.slow_mail()

    def asks(
        self,
        method: str,
        path: str,
        content: object = None,
        *,
        by: str = "mariam",
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Return what Request Tracker itself answers to one of its people."""
        login = {"Authorization": f"token {self.server.tokens[by]}"}
        return self._sent(
            method,
            f"/REST/2.0{path}",
            json=content,
            params=query,
            headers={**login, **(headers or {})},
        )

    def _mail(
        self,
        subject: str,
        text: str,
        sender: str,
        *,
        headers: dict[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
        action: str = "correspond",
        queue: str = "Support",
    ) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, "support@help.example", subject
        for name, value in (headers or {}).items():
            mail[name] = value
        mail.set_content(text)
        if file is not None:
            mail.add_attachment(
                file[1], maintype="application", subtype="octet-stream", filename=file[0]
            )
        form = {"queue": queue, "action": action, "SessionType": "REST"}
        parts: dict[str, tuple[None, bytes]] = {
            name: (None, value.encode()) for name, value in form.items()
        }
        parts["message"] = (None, bytes(mail))
        answer = self._sent("POST", "/REST/1.0/NoAuth/mail-gateway", files=parts)
        assert "ok" in answer.text
        assert "not ok" not in answer.text

    def _sent(self, method: str, path: str, **what: Any) -> httpx2.Response:  # noqa: ANN401 - JSON
        with closing(httpx2.Client(trust_env=False, timeout=60)) as client:
            return client.request(method, f"{self.server.address}{path}", **what)
