"""The frozen values that a first look hands out beside tickets; light to import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from policy.capacity.mode import ModeInForce
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary

if TYPE_CHECKING:  # these bring much that the board does without before its first frame
    from policy.capacity.levels import Capacity
    from policy.clocks.calendar import Interval
    from policy.contract.ticket_clocks import TargetClock, Targets
    from policy.conversation.messages import ConversationEnd
    from policy.conversation.steps import RefusedStep
    from policy.engineering.handover import Way
    from policy.roster.coverage import Cover
    from policy.roster.holders import HolderAway, Holders
    from policy.tickets.guidance import NextAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change: who, when (UTC), what it was before and after; ``ticket`` None for settings.

    ``action`` numbers what it was part of, and ``undoes`` the action that it takes back.
    ``entered_by`` is who did it in the actor's name, None where the actor did.
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
    entered_by: str | None = None


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


FOUND_AT_MOST = 10_001
"""How far is counted what a filter finds: as many as this may be many more."""

LATE_AT_MOST = 1_000
"""How many late tickets are counted: lateness comes with time, so that no count of it is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the header and the banner show, all read at one ``revision``.

    ``why_in_short`` is what decides of the first sentence of ``why``. ``without_deviation`` is what
    would be first if nobody had put the number one first: that one itself, where it would be first
    all the same; None where nobody has. ``valid_until`` is when time alone changes the order: a
    deviation ends, or a mode (UTC). ``holders`` says of a ticket whether whoever has it is away,
    ``words`` are those of the policy in force. ``next_step`` is that of the number one. ``late``
    and ``parked`` (owed, and pending or on hold) are how many of the queue are so, of the late
    ones no more than ``LATE_AT_MOST``.
    """

    revision: int
    now: datetime
    number_one: Ticket | None
    why: tuple[str, ...]
    runner_up: Ticket | None
    without_deviation: Ticket | None
    mode: ModeInForce
    capacity: "Capacity"
    queue: int
    declined: int
    total: int
    valid_until: datetime | None
    holders: "Holders"
    words: Vocabulary
    next_step: "NextAction | None"
    late: int
    parked: int
    why_in_short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageView:
    """Who is scheduled and available over a range of time (UTC), and the gaps in our hours."""

    start: datetime
    end: datetime
    covers: "tuple[Cover, ...]"
    gaps: "tuple[Interval, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class TowardsEngineering:
    """What there is of a ticket for engineering, and from them.

    ``checklist`` is the context, name by name with its text or None, ``missing`` the names that
    only a hand-over needs still, ``thin`` those that say less than ``fewest_words`` asks for;
    ``examples`` are what may be said. ``ways`` are why it cannot go each way, None where it can;
    ``draft`` is the drafted answer while the customer is to be told what engineering decided.
    """

    checklist: tuple[tuple[str, str | None], ...]
    missing: tuple[str, ...]
    thin: tuple[str, ...]
    fewest_words: Mapping[str, int]
    examples: Mapping[str, str]
    ways: "Mapping[Way, str | None]"
    draft: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One ticket with all that the detail pane shows of it; history newest first.

    ``holder_away`` is why whoever has it is away, None where they are not; ``targets`` are until
    when what the policy promises is due (UTC), and ``clocks`` those to show beside ``respond_by``.
    ``why`` says why it stands before the next one, ``why_behind`` why behind the one before it,
    empty where there is none. ``earlier_events`` is how many happened before those of ``history``.
    """

    ticket: Ticket
    holder_away: "HolderAway | None"
    position: int | None
    targets: "Targets"
    clocks: "tuple[TargetClock, ...]"
    body: str
    conversation: "ConversationEnd"
    history: tuple[Event, ...]
    earlier_events: int
    why: str
    why_behind: str
    refused_steps: "tuple[RefusedStep, ...]"
    handling: tuple[str, ...]
    next_step: "NextAction"
    engineering: TowardsEngineering
    words: Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a query finds: how many, and the tickets one by one, each with its 1-based position.

    The position is None for a ticket outside the queue.
    """

    total: int
    tickets: Iterator[tuple[Ticket, int | None]]
