"""Where a ticket is, and why: every status, whoever wrote last, said here or at its source, merged.

The page is made by letting each of these cases happen under the policy's own functions.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import product
from typing import Any, Final

from policy.phrases import STATUS_NAMES
from policy.refusal import Refusal
from policy.ticket import Ticket
from policy.tickets.actions import heard, replied, with_status
from policy.tickets.merging import merged
from policy.tickets.sources import SourceWord, came_in, told_by_source, written_to
from policy.tickets.splitting import follow_up
from policy.words import OpenedBy, Status

_HOUR: Final = timedelta(hours=1)
RECEIVED: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANSWERED: Final = RECEIVED + _HOUR
WROTE_AGAIN: Final = RECEIVED + 2 * _HOUR
SAID: Final = RECEIVED + 3 * _HOUR
"""When the status is said."""
MERGED: Final = RECEIVED + 4 * _HOUR
WROTE_AFTER: Final = RECEIVED + 5 * _HOUR


class Wrote(Enum):
    """Who wrote last, and when that was, as the page says it."""

    FIRST = "the customer; no answer yet"
    WE = "we did"
    AGAIN = "the customer, after our answer"
    AFTER = "the customer, after that"


class Said(Enum):
    """Where all of it was said, after the ticket had come from its source."""

    HERE = "here"
    THERE = "at its source"
    BOTH = "here and there"


class Place(Enum):
    """Where a ticket ends up, in words, and the sentence that says why."""

    OURS = ("in the queue", "The next step is ours: a ticket is in the queue while new or open.")
    OWED = ("in the queue, owed", "The customer waits for an answer of ours.")
    PARKED = (
        "in the queue, owed, parked ‖",
        "An owed ticket set pending or on hold stays in the queue until it is answered.",
    )
    OPENED = (
        "opened again: in the queue, owed",
        "A customer's message opens a pending, on hold or solved ticket.",
    )
    RESTS = (
        "not in the queue",
        "Nobody waits for us: it is the customer's step or another team's, or all is done.",
    )
    UNANSWERED = (
        "not in the queue, ended without an answer",
        "Solved or closed said anew by a source settles whoever had written before it; event and"
        " report say that there was no answer.",
    )
    REFUSED = (
        "refused while owed; else as it was",
        "Solved or closed is refused while the customer waits, unless `--unanswered REASON` says"
        " why nobody needs an answer. The ticket stays in the queue, owed.",
    )
    NOT_NEW = ("refused: it had a reply", "What has had its first reply cannot be new again.")
    FOLLOW_UP = (
        "closed; a ticket of its own is in the queue, owed",
        "A message to a ticket closed here but not at its source makes a ticket of its own,"
        " `split_from` it.",
    )
    CLOSED_THERE = (
        "closed; its source opens another",
        "What is closed at its source stays closed, as a source opens a follow-up itself.",
    )
    WAITS_IN_OTHER = (
        "the other ticket: in the queue, owed",
        "Who waited in either waits in the other one, and a message in a merged ticket counts as a"
        " message in the ticket it was merged into, and wakes it.",
    )
    OTHER_RESTS = (
        "the other ticket stays as it was",
        "Nobody waited. What a source says later of a merged ticket's status changes nothing.",
    )
    NO_MERGE = ("cannot be merged", "Closed is final: what is closed is merged into nothing.")


@dataclass(frozen=True, slots=True)
class Case:
    """What happens to one ticket: which status was said, who wrote last, where, and merged or not.

    A merged one was merged into a ticket that is pending and answered, here.
    """

    status: Status
    wrote: Wrote
    said: Said
    merged: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """How a case ends: where the ticket is, and all tickets that there are then."""

    place: Place
    tickets: tuple[Ticket, ...]


CASES: Final = tuple(
    Case(status, wrote, said, is_merged)
    for is_merged, status, wrote, said in product((False, True), Status, Wrote, Said)
)
"""All of them."""


def ended(case: Case) -> Ended:
    """Let a case happen, and return how it ends."""
    return _Course(case).ended()


def page() -> str:
    """Return the page about who is in the queue, as Markdown."""
    return "\n".join([_HEAD, *_table(is_merged=False), *_table(is_merged=True), *_reasons()])


class _Course:
    """One case as it goes on: the ticket, what its source has said, and the other ticket."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._here = case.said is not Said.THERE
        self._there = case.said is not Said.HERE
        self._word = SourceWord(received_at=RECEIVED, status=Status.NEW)
        self._ticket = came_in(_plain(1), self._word, RECEIVED)
        self._other: Ticket | None = None
        self._refused: Place | None = None

    def ended(self) -> Ended:
        case = self._case
        if case.wrote is not Wrote.FIRST:
            self._answer()
        if case.wrote is Wrote.AGAIN:
            self._hear(WROTE_AGAIN)
        if case.merged and not self._here:  # its source goes on speaking of what is merged here
            self._merge()
        self._say_status()
        if case.merged and self._here and self._refused is not Place.NO_MERGE:
            self._merge()
        if case.wrote is Wrote.AFTER:
            self._hear(WROTE_AFTER)
        tickets = (self._ticket,) if self._other is None else (self._ticket, self._other)
        return Ended(self._refused or self._place(), tickets)

    def _answer(self) -> None:
        if self._here:
            self._ticket = replied(self._ticket, ANSWERED)
        if self._there:
            answered: dict[str, Any] = {"first_response_at": ANSWERED, "last_response_at": ANSWERED}
            self._hear_of(replace(self._word, status=Status.OPEN, **answered), ANSWERED)

    def _hear(self, at: datetime) -> None:
        if self._here and not self._is_closed_there:
            live = self._live
            if live.status is Status.CLOSED:
                self._go_on(at)
            else:
                self._live = heard(live, at)
        if self._there:
            self._hear_of(replace(self._word, last_customer_message_at=at), at)

    def _say_status(self) -> None:
        status = self._case.status
        if self._here:
            try:
                self._ticket = with_status(self._ticket, status, SAID)
            except Refusal:
                self._refused = Place.NOT_NEW if status is Status.NEW else Place.REFUSED
        if self._there:
            self._refused = None
            self._hear_of(replace(self._word, status=status), SAID)
        if self._case.merged and self._here and self._ticket.status is Status.CLOSED:
            self._refused = Place.NO_MERGE

    def _merge(self) -> None:
        other = with_status(replied(_plain(2), ANSWERED), Status.PENDING, ANSWERED)
        both = merged(self._ticket, other)
        self._ticket, self._other = both.duplicate, both.into

    def _hear_of(self, word: SourceWord, now: datetime) -> None:
        """Take in a word of the source."""
        before, self._word = self._word, word
        ticket, written = self._ticket, word.last_customer_message_at
        if ticket.merged_into is not None:
            if written is not None and written != before.last_customer_message_at:
                self._live = written_to(self._live, written)
            return
        told = told_by_source(ticket, word, before, now)
        if told.status is Status.CLOSED and told.owed and told.waiting_since is not None:
            self._go_on(told.waiting_since)
        else:
            self._ticket = told

    def _go_on(self, at: datetime) -> None:
        self._other = replace(follow_up(self._ticket, at), id=2)
        self._ticket = replace(self._ticket, continued_in=2)

    @property
    def _live(self) -> Ticket:
        return self._ticket if self._other is None else self._other

    @_live.setter
    def _live(self, ticket: Ticket) -> None:
        if self._other is None:
            self._ticket = ticket
        else:
            self._other = ticket

    @property
    def _is_closed_there(self) -> bool:
        return self._ticket.merged_into is None and self._word.status is Status.CLOSED

    def _place(self) -> Place:
        if self._ticket.merged_into is not None:
            return Place.WAITS_IN_OTHER if self._live.owed else Place.OTHER_RESTS
        if self._other is not None:
            return Place.FOLLOW_UP
        return self._place_alone(self._ticket)

    def _place_alone(self, ticket: Ticket) -> Place:
        if ticket.parked:
            return Place.PARKED
        if ticket.owed:
            said_new = self._case.status in (Status.NEW, Status.OPEN)
            return Place.OWED if said_new else Place.OPENED
        if ticket.actionable:
            return Place.OURS
        if ticket.settled_at is None:
            return Place.RESTS
        after = self._case.wrote is Wrote.AFTER
        return Place.CLOSED_THERE if after else Place.UNANSWERED


def _plain(number: int) -> Ticket:
    return Ticket(
        id=number,
        source="desk",
        external_id=str(number),
        subject="It fails",
        customer="Acme",
        tier="enterprise",
        severity=2,
        opened_by=OpenedBy.CUSTOMER,
        status=Status.NEW,
        received_at=RECEIVED,
        waiting_since=RECEIVED,
        because="",
    )


_HEAD = """# Who waits, and where their ticket is

"No status, person, merge or source hides a customer who waits." A ticket came from its source, as
new. Then, in this order, it was answered or not, its status was said, and the customer wrote: here
(with `reply`, `status` and `heard`), at its source (the next import says so), or both. The tables
are made by letting each case happen under the rules that the program goes by.
"""


def _table(*, is_merged: bool) -> Iterator[str]:
    yield (
        "## Merged into another ticket, which is pending and answered"
        if is_merged
        else "## Not merged"
    )
    yield ""
    if is_merged:
        yield "Here the status was said before the merge; its source says it after that."
        yield ""
    yield f"| status said | who wrote last | {' | '.join(each.value for each in Said)} |"
    yield f"|---|---|{'---|' * len(Said)}"
    for status, wrote in product(Status, Wrote):
        places = (ended(Case(status, wrote, said, is_merged)).place for said in Said)
        cells = " | ".join(place.value[0] for place in places)
        yield f"| {STATUS_NAMES[status]} | {wrote.value} | {cells} |"
    yield ""


def _reasons() -> Iterator[str]:
    yield "## Why"
    yield ""
    yield "| where it is | why |"
    yield "|---|---|"
    for place in Place:
        where, why = place.value
        yield f"| {where} | {why} |"
    yield ""
