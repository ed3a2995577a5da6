"""The frozen values that ``Desk`` hands out beside tickets; light to import."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from policy.capacity.mode import ModeInForce
from policy.ticket import Ticket
from policy.vocabulary import Vocabulary
from policy.words import NoticeState, NoticeWay, Priority

if TYPE_CHECKING:  # these bring pydantic, which the board does without before its first frame
    from policy.capacity.advice import CapacityState
    from policy.capacity.levels import Capacity
    from policy.clocks.calendar import Interval
    from policy.contract.ticket_clocks import TargetClock, Targets
    from policy.conversation.messages import ConversationEnd
    from policy.conversation.steps import RefusedStep
    from policy.engineering.handover import Way
    from policy.report.shift_note import NextStep, ShiftState
    from policy.roster.absence import Guidance
    from policy.roster.coverage import Cover, Turn
    from policy.roster.holders import HolderAway, Holders
    from policy.tickets.guidance import NextAction
    from policy.time.allocation import Suggestion
    from policy.time.entries import TimeEntry
    from policy.waits.forecast import AnswerForecast
    from policy.waits.forecast_basis import ForecastBasis
    from policy.waits.notices import Unreachable, WaitNotice
    from policy.waits.promise_changes import PromiseChanges
    from policy.waits.promises import Asker, PromisesKept


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
    expect_by: datetime | None
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
    and the undeliverable before them all. ``unreachable`` are those who would be told, and whose
    address failed for good. ``forecasts`` are of the owed tickets of the queue by their ids, as far
    as the roster reaches, ``basis`` what these rest on; ``promises`` came due in 30 days.
    """

    capacity: "Capacity"
    mode: ModeInForce
    drafts: "tuple[WaitNotice, ...]"
    ledger: tuple[Notice, ...]
    words: Vocabulary
    promises: "PromisesKept"
    forecasts: "Mapping[int, AnswerForecast]"
    basis: "ForecastBasis"
    unreachable: "tuple[Unreachable, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What marking somebody out would do, or would undo: how things stand, and would stand.

    ``answers`` are what it does to expected and safe times, and to promises made.
    """

    sentence: str
    guidance: "Guidance | None"
    before: "CapacityState"
    after: "CapacityState"
    number_one_before: Ticket | None
    number_one_after: Ticket | None
    holders_before: "Holders"
    holders_after: "Holders"
    answers: "PromiseChanges"


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
class AtEngineering:
    """One ticket that is with engineering, with its whole context.

    It is ``urgent`` when they are asked to drop everything for it.
    """

    ticket: Ticket
    urgent: bool
    checklist: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationCount:
    """How often somebody said that a ticket cannot wait a day, and how often that it can."""

    cannot_wait: int
    can_wait: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Engineering:
    """What an engineer sees first: ``waiting``, the urgent ones first, then the oldest hand-over.

    ``total`` counts all of these, ``timings`` can be decided, ``escalations`` are of seven days.
    """

    total: int
    waiting: tuple[AtEngineering, ...]
    timings: tuple[str, ...]
    words: Vocabulary
    escalations: EscalationCount


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
class TimerStarted:
    """A timer that runs now, and the one that was stopped for it, if any."""

    entry: "TimeEntry"
    stopped: "TimeEntry | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class MyTime:
    """What one person's time stands at.

    ``on`` is the subject of what their timer runs on, ``left_running`` since when (UTC) it looks
    forgotten, ``paused`` whether internal work pauses, ``suggestion`` the protected time offered.
    """

    running: "TimeEntry | None"
    on: str
    left_running: datetime | None
    paused: bool
    suggestion: "Suggestion | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one person is assigned in the queue; ``first`` are the first few in the order.

    ``nobodys`` of them count as nobody's, as that person is away.
    """

    login: str
    total: int
    by_priority: Mapping[Priority, int]
    first: tuple[Ticket, ...]
    nobodys: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a query finds: how many, and the tickets one by one, each with its 1-based position.

    The position is None for a ticket outside the queue.
    """

    total: int
    tickets: Iterator[tuple[Ticket, int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn:
    """A ticket in a shift's hand-over note; ``history`` are its last events, the newest first.

    ``holder_away`` is why whoever has it is away, None where they are not.
    """

    ticket: Ticket
    holder_away: "HolderAway | None"
    position: int | None
    standing: "ShiftState"
    about: str
    history: tuple[Event, ...]
    next: "NextStep"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldByAway:
    """A ticket that counts as nobody's, and why: whoever has it is away."""

    ticket: Ticket
    holder_away: "HolderAway"
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNote:
    """What a person hands over at the end of a shift, all read at one instant; times are UTC.

    ``tickets`` are theirs by whose step is next, each group in the order of the queue; ``left_out``
    says how many more there are. ``away`` is what others have who are away, in the order, and
    ``promises`` are those to customers that are still to be kept.
    """

    login: str
    name: str
    overview: Overview
    tickets: tuple[HandedOn, ...]
    left_out: int
    away: tuple[HeldByAway, ...]
    promises: tuple[Notice, ...]
    timer: "TimeEntry | None"
