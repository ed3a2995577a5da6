"""The other side of a help desk: who works and who writes there, for the tests of the contract."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from connections.helpdesks.help_desk import HelpDesk
from policy.words import Status

AUTOMATIC = {"Auto-Submitted": "auto-replied"}
"""The headers of a mail that nobody wrote."""


@dataclass(frozen=True, kw_only=True)
class TicketFields:
    """What a record says of a ticket, whatever its names for that are."""

    subject: str
    status: str
    owner: str | None
    owner_email: str | None
    requester_email: str
    organization: str | None
    tier: str | None
    priority: object


class OverThere(Protocol):
    """A help desk as those see it who have nothing to do with us: its agents and its customers.

    Its agents are mariam and tomasz, its customers ida@customer.example and omar@client.example;
    numberone is the login of the loop. Ids are those of tickets there, statuses its own words.

    ``own_priority`` is one that it knows. Where it
    ``moves_what_is_merged``, the words of a merged ticket stand in the other one as well.
    """

    own_priority: object
    moves_what_is_merged: bool

    def help_desk(self, login: str = "numberone", **settings: object) -> HelpDesk:
        """Return what we speak to it with."""

    def only(self, queue: str) -> dict[str, Any] | None:
        """Return the settings with which a queue alone is read, None where it has no queues."""

    def login(self, name: str) -> str:
        """Return what an agent is known by there."""

    def theirs(self, status: Status) -> str:
        """Return what one of our statuses is there."""

    def fields(self, record: Mapping[str, Any]) -> TicketFields:
        """Return what a record says of a ticket."""

    def opens(
        self,
        subject: str,
        text: str,
        *,
        by: str = "ida@customer.example",
        queue: str = "Support",
        tier: str = "",
    ) -> str:
        """Have a customer open a ticket; return its id."""

    def writes(
        self,
        ticket: str,
        text: str,
        *,
        by: str = "ida@customer.example",
        headers: dict[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> None:
        """Have a customer, or a machine of theirs, write in a ticket."""

    def answers(self, ticket: str, text: str, *, by: str = "mariam") -> None:
        """Have an agent answer for everybody to read."""

    def notes(self, ticket: str, text: str, *, by: str = "mariam") -> None:
        """Have an agent write for agents alone."""

    def sets(self, ticket: str, *, by: str = "mariam", **fields: object) -> None:
        """Have an agent set fields, under the help desk's own names."""

    def gives(self, ticket: str, owner: str | None, *, by: str = "mariam") -> None:
        """Have an agent make a ticket somebody's, or nobody's."""

    def merges(self, ticket: str, into: str) -> None:
        """Have an agent make a ticket part of another one."""

    def deletes(self, ticket: str) -> None:
        """Have an agent delete a ticket."""

    def status(self, ticket: str) -> str:
        """Return the status that a ticket has there."""

    def owner(self, ticket: str) -> str | None:
        """Return the login of whose a ticket is there."""

    def texts(self, ticket: str) -> list[str]:
        """Return what is written in a ticket there, the first first."""

    def slow(self) -> AbstractContextManager[None]:
        """Have whoever answers in this block not be done before its end."""
