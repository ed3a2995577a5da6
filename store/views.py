"""The frozen values that ``Desk`` hands out beside tickets; light to import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from policy.mode import ModeInForce
from policy.ticket import Ticket
from policy.words import Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change: who, when (UTC), what it was before and after; ``ticket`` None for settings."""

    id: int
    at: datetime
    actor: str
    kind: str
    ticket: int | None
    before: Mapping[str, object] | None
    after: Mapping[str, object] | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the header and the banner show, all read at one ``revision``."""

    revision: int
    now: datetime
    number_one: Ticket | None
    why: tuple[str, ...]
    runner_up: Ticket | None
    mode: ModeInForce
    level: int
    queue: int
    declined: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One ticket with all that the detail pane shows of it; history newest first."""

    ticket: Ticket
    position: int | None
    body: str
    history: tuple[Event, ...]
    why: str
    handling: tuple[str, ...]
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one person is assigned in the queue; ``first`` are the first few in the order."""

    login: str
    total: int
    by_priority: Mapping[Priority, int]
    first: tuple[Ticket, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a query finds: how many, and the tickets one by one, each with its 1-based position.

    The position is None for a ticket outside the queue.
    """

    total: int
    tickets: Iterator[tuple[Ticket, int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A ticket whose place another policy changes; a place is None when not in the queue."""

    ticket: Ticket
    before: int | None
    after: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDifference:
    """How the present queue would move under another policy."""

    total: int
    number_one_before: Ticket | None
    number_one_after: Ticket | None
    moves: tuple[Move, ...]
