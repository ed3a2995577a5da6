"""The frozen values that ``Desk`` hands out beside tickets; light to import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policy.mode import ModeInForce
from policy.ticket import Ticket
from policy.words import NoticeState, NoticeWay, Priority

if TYPE_CHECKING:  # these bring pydantic, which the board does without before its first frame
    from policy.absence import Guidance
    from policy.calendar import Interval
    from policy.capacity import Capacity
    from policy.coverage import Cover, Turn
    from policy.promises import Asker, PromisesKept
    from policy.prompts import Situation
    from policy.waits import WaitNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change: who, when (UTC), what it was before and after; ``ticket`` None for settings.

    ``action`` numbers what it was part of, and ``undoes`` the action that it takes back.
    """

    id: int
    at: datetime
    actor: str
    kind: str
    ticket: int | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    note: str
    action: int | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are asked for; what is None does not matter. Times are UTC, ``end`` excluded.

    ``before`` is the id of an event to go on from, towards what happened earlier.
    """

    ticket: int | None = None
    actor: str | None = None
    kind: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """Where in the past one stands: the time (UTC), what happened last by then, and what next."""

    time: datetime
    last: Event | None
    next: Event | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the header and the banner show, all read at one ``revision``."""

    revision: int
    now: datetime
    number_one: Ticket | None
    why: tuple[str, ...]
    runner_up: Ticket | None
    mode: ModeInForce
    capacity: "Capacity"
    queue: int
    declined: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A wait notice of the ledger: on its way, sent, or ended otherwise; times are UTC.

    ``next_attempt_at`` is when it goes out, or goes out again; ``outcome`` says in a sentence how
    the last attempt ended. ``answers`` is the Message-ID of the customer's own mail, where known.
    """

    id: int
    asker: "Asker"
    episode: int
    state: NoticeState
    way: NoticeWay
    customer: str
    name: str
    email: str | None
    subject: str
    body: str
    tickets: tuple[int, ...]
    arrivals: "tuple[Turn, ...]"
    arrive_at: datetime | None
    expected: datetime | None
    aim_by: datetime
    made_at: datetime
    made_by: str
    message_id: str
    answers: str | None
    attempts: int
    next_attempt_at: datetime
    ended_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Who is to be told now that they will wait, and what became of the notices before.

    ``drafts`` stand in the order of the queue, ``ledger`` the latest first, those on their way
    and the undeliverable before them all.
    """

    capacity: "Capacity"
    mode: ModeInForce
    drafts: "tuple[WaitNotice, ...]"
    ledger: tuple[Notice, ...]
    promises: "PromisesKept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What marking somebody out would do, or would undo: how things stand, and would stand."""

    sentence: str
    guidance: "Guidance | None"
    before: "Situation"
    after: "Situation"
    number_one_before: Ticket | None
    number_one_after: Ticket | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageView:
    """Who is scheduled and available over a range of time (UTC), and the gaps in our hours."""

    start: datetime
    end: datetime
    covers: "tuple[Cover, ...]"
    gaps: "tuple[Interval, ...]"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """From which schema to which a database was brought; ``before`` None where nothing was."""

    before: str | None
    schema: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a backup holds: its schema, its size in bytes, and how much is in it."""

    schema: str
    size: int
    tickets: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restoring brought back; ``kept`` is where all that was there before lies now.

    ``from_schema`` is the backup's own, and ``kept`` None where there was nothing to keep.
    """

    from_schema: str
    tickets: int
    events: int
    kept: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Everything at one instant (UTC), as records one by one, and how many there are of a kind."""

    schema: str
    at: datetime
    counts: Mapping[str, int]
    records: Iterator[Mapping[str, Any]]
