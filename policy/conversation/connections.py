"""Connections: the sources that are read and written by themselves, and how each of them fares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from policy.conversation.messages import IncomingMessage
from policy.intake.incoming import IncomingTicket

ConnectionCursor = Mapping[str, Any]
"""How far a connection has been read, as plain JSON values that its help desk understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionEntry:
    """One ``[[connection]]`` of the file: its name, which is its tickets' source, and the rest.

    ``settings`` holds every other key as it was written, ``tickets`` among them; never a secret.
    """

    name: str
    kind: str
    address: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> dict[str, Any]:
        """The whole entry as the file has it."""
        own = {"name": self.name, "kind": self.kind, "address": self.address}
        return own | dict(self.settings)

    @property
    def tickets(self) -> Mapping[str, Any]:
        """The mapping of its own, layered over the one shipped for its kind."""
        tickets: Mapping[str, Any] = self.settings.get("tickets", {})
        return tickets


class ConnectionState(StrEnum):
    """How a connection fares."""

    NEW = "new"
    """It has never been read."""
    READING = "reading"
    """Its first reading has begun and is not through yet."""
    OK = "ok"
    FAILING = "failing"
    """The last attempt to read it, or to write there, failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """How one connection fares; times are UTC.

    ``read_until`` is when the last reading began that left nothing unread, ``last_ok`` when it
    answered last. ``waiting_out`` is how many steps of ours are still to go out, ``failed`` how
    many were refused for good. ``error`` says why it fails, since ``failing_since``. ``refused``
    are tickets that could not be taken in, by their ids there, each with the reason.
    """

    entry: ConnectionEntry
    state: ConnectionState
    read_until: datetime | None
    last_ok: datetime | None
    waiting_out: int
    failed: int
    error: str | None
    failing_since: datetime | None
    refused: Mapping[str, str]
    cursor: ConnectionCursor


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionAge:
    """How old what a connection has told is, in few words for who looks all the time; UTC.

    ``read_until`` is when the last reading began that left nothing unread, None before the first.
    ``error`` says why it fails, since ``failing_since``; ``waiting_out`` is how many steps of ours
    are still to go out.
    """

    name: str
    read_until: datetime | None
    failing_since: datetime | None
    error: str
    waiting_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRead:
    """What a connection says of one of its tickets, already translated by its mapping.

    ``ticket`` is None where it could not be, and then ``refused`` says why; ``lacking`` says
    why it could be no new ticket, which does not matter where it is known. ``warnings`` name
    the optional fields that are of no use and were left out. ``marks`` are our steps that are
    seen to be done, ``undelivered`` our messages that came back, by their ids there, with the
    reason. ``merged_into`` is the id there of the ticket that it became part of; ``deleted``
    that it is no more.
    """

    external_id: str
    ticket: IncomingTicket | None = None
    refused: str = ""
    lacking: str = ""
    warnings: tuple[str, ...] = ()
    messages: Sequence[IncomingMessage] = ()
    marks: frozenset[str] = frozenset()
    undelivered: Mapping[str, str] = field(default_factory=dict)
    merged_into: str | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a reading changed here, in tickets and messages; ``admitted`` counts declined ones too.

    ``refused`` are those that could not be taken in, by their ids there, with the reason.
    """

    read: int = 0
    admitted: int = 0
    updated: int = 0
    unchanged: int = 0
    messages: int = 0
    refused: Mapping[str, str] = field(default_factory=dict)

    def plus(self, other: "TakenIn") -> "TakenIn":
        """Return both together."""
        return TakenIn(
            read=self.read + other.read,
            admitted=self.admitted + other.admitted,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            messages=self.messages + other.messages,
            refused={**self.refused, **other.refused},
        )
