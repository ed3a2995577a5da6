"""Takes in what another help desk says of its tickets: new ones, and what differs of old ones."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.facts import facts_after, facts_said
from policy.intake.incoming import FIELDS, IncomingTicket
from policy.intake.rules import decide
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Requester, Ticket
from policy.tickets.actions import closed_when_due, latest
from policy.tickets.sources import (
    came_in,
    is_overtaken,
    told_by_source,
    written_to,
    wrote_since,
)
from policy.tickets.splitting import follow_up
from policy.vocabulary import Vocabulary
from policy.words import Status
from store.schema.tables import TicketRow
from store.tickets.known_tickets import Key, Said, known_tickets
from store.tickets.people import free_ticket_id
from store.tickets.source_words import (
    FACTS,
    OF_THE_CONVERSATION,
    REFERENCES,
    facts_told,
    first_word_of,
    said_by,
    time_said,
    value_said,
    word_of,
)
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import TicketUpdate


class Outcome(StrEnum):
    """The four ways a good line can end."""

    ADMITTED = "admitted"
    DECLINED = "declined"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


_TAKEN_OVER = frozenset(FIELDS) & {field.name for field in fields(Ticket)}
_PLAIN: Final = (
    _TAKEN_OVER - {"source", "external_id", FACTS} - (OF_THE_CONVERSATION - {"received_at"})
)
"""The fields that a ticket takes over as they are whenever they differ."""

_OF_THE_ORDER: Final = frozenset({"assignee", "tier", "severity", "opened_by", "customer"})
"""Those of them that a source no longer says of a ticket that was merged."""

_REQUESTER = frozenset({"requester_name", "requester_email", "requester_timezone"})

Written = Mapping[Key, Sequence[datetime]]
"""When the customer wrote in each ticket (UTC), the first time first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What a batch changes: one update a ticket, and what became of each line of it, in order.

    ``admitted`` says of each line which new ticket it made, None where the ticket was known;
    ``differed`` whether its source said anything new.
    """

    updates: Sequence[TicketUpdate]
    admitted: Sequence[Ticket | None]
    differed: Sequence[bool]

    def outcomes(self, rulebook: Rulebook) -> list[Outcome]:
        """Return what each line amounts to under the policy."""
        return [
            _outcome(new, differed, rulebook)
            for new, differed in zip(self.admitted, self.differed, strict=True)
        ]


def ingest(
    connection: Connection,
    batch: Sequence[IncomingTicket],
    rulebook: Rulebook,
    now: datetime,
    *,
    written: Written | None = None,
) -> Ingested:
    """Return what the incoming tickets change here at ``now`` (UTC); nothing is written.

    ``written`` is when the customer wrote in each of them, where the source tells conversations
    whole: then only a message makes it our step again, not that a ticket which is open there was
    changed.

    Raises:
        Refusal: the same ticket occurs twice in the batch.
    """
    _refuse_repetitions(batch)
    refuse_unknown_words(batch, rulebook.vocabulary)
    return _Ingest(connection, batch, rulebook, now, written).taken_in()


def new_ticket(
    incoming: IncomingTicket,
    words: Vocabulary,
    now: datetime,
    written: Sequence[datetime] | None = None,
    number: int = 0,
) -> Ticket:
    """Return the ticket that an incoming one becomes; its deadlines come when it is written.

    So does its id where no ``number`` is given. ``written`` is when its customer wrote, the first
    time first, None where only the last is known.
    """
    ticket = Ticket(
        id=number,
        source=incoming.source,
        external_id=incoming.external_id,
        status=incoming.starting_status,
        requester=_requester(incoming),
        because="",
        internal=incoming.tier in words.internal,
        facts=facts_after((), incoming.facts),
        **{name: getattr(incoming, name) for name in _PLAIN},
    )
    return came_in(ticket, first_word_of(incoming, written), now)


def free_name(connection: Connection, source: str) -> str:
    """Return an id for a new ticket of our own: its number here, unless a file brought that."""
    return _free_name(connection, source, free_ticket_id(connection))


def _free_name(connection: Connection, source: str, number: int) -> str:
    beginning = col(TicketRow.external_id).startswith(str(number), autoescape=True)
    names = select(col(TicketRow.external_id)).where(col(TicketRow.source) == source, beginning)
    taken = set(connection.scalars(names))
    attempts = (str(number), *(f"{number}-{again}" for again in range(2, len(taken) + 3)))
    return next(name for name in attempts if name not in taken)


def continued(connection: Connection, closed: Ticket, at: datetime) -> tuple[Ticket, Ticket]:
    """Return a ticket closed here, and the one in which it goes on after a message at ``at``."""
    return _continued(connection, closed, at, free_ticket_id(connection))


def _continued(
    connection: Connection, closed: Ticket, at: datetime, number: int
) -> tuple[Ticket, Ticket]:
    new = follow_up(closed, at)
    name = _free_name(connection, new.source, number)
    return replace(closed, continued_in=number), replace(new, id=number, external_id=name)


class _Ingest:
    """One batch on its way in: the tickets as they become line by line."""

    def __init__(
        self,
        connection: Connection,
        batch: Sequence[IncomingTicket],
        rulebook: Rulebook,
        now: datetime,
        written: Written | None,
    ) -> None:
        self._connection = connection
        self._batch = batch
        self._now = now
        self._written = written
        self._words = rulebook.vocabulary
        self._close_after = rulebook.statuses.close_after
        self._known = known_tickets(connection, batch)
        self._numbers = count(free_ticket_id(connection))
        self._before: dict[int, Ticket] = {}
        self._after: dict[int, Ticket] = {}
        self._told: dict[int, dict[str, Any]] = {}
        self._load({number for number, _ in self._known.values()})

    def taken_in(self) -> Ingested:
        """Return what the whole batch changes."""
        admitted: list[Ticket | None] = []
        differed = []
        for incoming in self._batch:
            row = self._known.get((incoming.source, incoming.external_id))
            admitted.append(self._arrival(incoming) if row is None else None)
            differed.append(row is not None and self._renewal(incoming, *row))
        changed = (each for each in self._after if self._is_changed(each))
        updates = [
            TicketUpdate(
                before=self._before.get(number),
                after=self._after[number],
                **({"kind": "heard_in_merged"} | self._told.get(number, {})),
            )
            for number in changed
        ]
        return Ingested(updates=updates, admitted=admitted, differed=differed)

    def _load(self, ids: set[int]) -> None:
        """Read tickets, and those in which they go on."""
        while ids:
            found = by_ids(self._connection, sorted(ids))
            for ticket in found:
                stands = closed_when_due(ticket, self._now, self._close_after)
                self._before[ticket.id] = self._after[ticket.id] = stands
            further = {next_of(ticket) for ticket in found} - {None}
            ids = {each for each in further if each is not None and each not in self._before}

    def _is_changed(self, number: int) -> bool:
        return number in self._told or self._after[number] != self._before.get(number)

    def _arrival(self, incoming: IncomingTicket) -> Ticket:
        written = self._written_in(incoming)
        new = new_ticket(incoming, self._words, self._now, written, next(self._numbers))
        self._after[new.id] = new
        said = said_by(incoming, incoming.model_fields_set, {})
        self._told[new.id] = {"kind": "imported", "body": incoming.body, "imported": said}
        return new

    def _renewal(self, incoming: IncomingTicket, number: int, said_last: Said | None) -> bool:
        """Take in the word of a known ticket's source; return whether there was anything new."""
        last = said_last or {}
        if is_overtaken(incoming.updated_at, time_said(last, "updated_at")):
            return False
        references = last.get(REFERENCES, {})
        incoming = incoming.after(references, self._facts_in_tags(last))
        said = {**last, **said_by(incoming, incoming.spoken, references)}
        if FACTS in incoming.spoken:
            said[FACTS] = facts_told(last, said)
        named = said.keys() - {REFERENCES}
        differing = {name for name in named if value_said(said, name) != value_said(last, name)}
        differing |= incoming.moved_since(references)
        if not differing:
            return False
        own, live = self._own_end_of(number), self._end_of(number)
        differing_there = differing - ({"received_at"} if own != number else set())
        if self._after[own].merged_into is None:
            self._put_facts(own, incoming, differing_there)
            self._put_word(own, said, last, self._written_in(incoming))
        else:
            self._put_facts(own, incoming, differing_there - _OF_THE_ORDER)
            self._wake(live, said, last, self._written_in(incoming))
        if differing == {"updated_at"} and self._after[live] == self._before.get(live):
            return False  # what was changed there is nothing that is told here
        self._told[number] = {
            "kind": "updated",
            "note": f"{incoming.source} says otherwise: {', '.join(sorted(differing))}",
            "body": incoming.body if "body" in differing else None,
            "imported": said,
        }
        return True

    def _facts_in_tags(self, last: Said) -> Iterable[str]:
        """Return the facts that stood in the tags of what a source said last."""
        kinds = self._words.fact_kinds
        return facts_said({}, last.get("tags", ()), kinds) if kinds else ()

    def _put_facts(self, number: int, incoming: IncomingTicket, differing: set[str]) -> None:
        ticket = self._after[number]
        renewed = replace(ticket, **{name: getattr(incoming, name) for name in _PLAIN & differing})
        if FACTS in differing:
            renewed = replace(renewed, facts=facts_after(ticket.facts, incoming.facts))
        if "tier" in differing:
            renewed = replace(renewed, internal=renewed.tier in self._words.internal)
        if differing & _REQUESTER:
            renewed = replace(renewed, requester=_requester(incoming, ticket.requester))
        self._after[number] = renewed

    def _written_in(self, incoming: IncomingTicket) -> Sequence[datetime] | None:
        """Return when the customer of a ticket wrote, None where only the last time is known."""
        if self._written is None:
            return None
        return self._written.get((incoming.source, incoming.external_id))

    def _put_word(
        self, number: int, said: Said, last: Said, written: Sequence[datetime] | None
    ) -> None:
        """Let a source's word change the conversation, and go on in a new ticket after a close."""
        ticket = self._after[number]
        word = word_of(said, ticket.received_at, written)
        if self._written is not None:
            word = replace(word, updated_at=None)
        told = told_by_source(ticket, word, word_of(last, self._received(number)), self._now)
        since = told.waiting_since
        if told.status is Status.CLOSED and since is not None:
            self._continue(ticket, since)
        else:
            self._after[number] = told

    def _wake(
        self, number: int, said: Said, last: Said, written: Sequence[datetime] | None
    ) -> None:
        """Count a message in a merged ticket as one in the ticket it was merged into."""
        received_at = self._received(number)
        words = word_of(said, received_at, written), word_of(last, received_at)
        for at in wrote_since(*words):
            ticket = self._after[number]
            if ticket.status is not Status.CLOSED:
                self._after[number] = written_to(ticket, at)
                continue
            answered = latest(ticket.last_response_at, ticket.settled_at)
            if answered is None or at > answered:
                self._continue(ticket, at)
                return

    def _continue(self, closed: Ticket, at: datetime) -> None:
        number = next(self._numbers)
        self._after[closed.id], new = _continued(self._connection, closed, at, number)
        self._after[number] = new
        self._told[number] = {"kind": "continued", "note": f"#{closed.id}"}

    def _received(self, number: int) -> datetime:
        before = self._before.get(number)
        return self._after[number].received_at if before is None else before.received_at

    def _own_end_of(self, number: int) -> int:
        """Return the number of the ticket that is its source's own, merged into another or not."""
        further = self._after[number].continued_in
        return number if further is None else self._own_end_of(further)

    def _end_of(self, number: int) -> int:
        """Return the number of the ticket in which another one goes on, its own as a rule."""
        further = next_of(self._after[number])
        return number if further is None else self._end_of(further)


def next_of(ticket: Ticket) -> int | None:
    """Return the number of the ticket in which this one goes on, None as a rule."""
    return ticket.merged_into if ticket.continued_in is None else ticket.continued_in


def refuse_unknown_words(batch: Iterable[IncomingTicket], words: Vocabulary) -> None:
    """Refuse tickets that were read under another policy than the one in force now.

    Raises:
        Refusal: one has a tier, a severity or a fact that means nothing any more.
    """
    said = list(batch)
    tiers = {each.tier for each in said} <= set(words.tiers or (None,))
    severities = {each.severity for each in said} <= set(words.severities or (None,))
    facts = {name for each in said for name, _ in each.facts} <= words.fact_kinds.keys()
    if not (tiers and severities and facts):
        raise Refusal("another policy with other words was adopted meanwhile; do it again")


def _refuse_repetitions(batch: Sequence[IncomingTicket]) -> None:
    keys = ((each.source, each.external_id) for each in batch)
    repeated = [key for key, times in Counter(keys).items() if times > 1]
    if repeated:
        source, external_id = repeated[0]
        raise Refusal(f"{source}:{external_id} occurs twice; expected each ticket once")


def _requester(incoming: IncomingTicket, known: Requester | None = None) -> Requester | None:
    """Return who asks; what is not spoken of stays as it is known."""
    spoken = {name.removeprefix("requester_") for name in incoming.spoken & _REQUESTER}
    said = {name: getattr(incoming, f"requester_{name}") for name in spoken}
    of = {
        name: said[name] if name in said else getattr(known, name, None)
        for name in ("name", "email", "timezone")
    }
    name = of["name"] or of["email"]
    if name is None:
        return None
    return Requester(name=name, email=of["email"], timezone=of["timezone"])


def _outcome(new: Ticket | None, differed: bool, rulebook: Rulebook) -> Outcome:
    if new is None:
        return Outcome.UPDATED if differed else Outcome.UNCHANGED
    decision = decide(rulebook, new.tier, new.severity, new.opened_by, new.fact)
    return Outcome.ADMITTED if decision.declined is None else Outcome.DECLINED
