"""Takes in what another help desk says of its tickets: new ones, and what differs of old ones."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlmodel import col

from policy.facts import facts_after
from policy.intake.incoming import FIELDS, IncomingTicket
from policy.intake.rules import decide
from policy.refusal import Refusal
from policy.rulebook.rulebook import Rulebook
from policy.ticket import Requester, Ticket
from policy.tickets.actions import closed_when_due, latest
from policy.tickets.sources import (
    SourceWord,
    came_in,
    is_overtaken,
    told_by_source,
    written_to,
)
from policy.tickets.splitting import follow_up
from policy.vocabulary import Vocabulary
from policy.words import Status
from store.schema.tables import TicketRow
from store.tickets.people import free_ticket_id
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import TicketUpdate


class Outcome(StrEnum):
    """The four ways a good line can end."""

    ADMITTED = "admitted"
    DECLINED = "declined"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


_OF_THE_CONVERSATION: Final = frozenset(field.name for field in fields(SourceWord))
"""The fields that the policy makes of what they change here."""

_FACTS: Final = "facts"
_TAKEN_OVER = frozenset(FIELDS) & {field.name for field in fields(Ticket)}
_PLAIN: Final = (
    _TAKEN_OVER - {"source", "external_id", _FACTS} - (_OF_THE_CONVERSATION - {"received_at"})
)
"""The fields that a ticket takes over as they are whenever they differ."""

_OF_THE_ORDER: Final = frozenset({"assignee", "tier", "severity", "opened_by", "customer"})
"""Those of them that a source no longer says of a ticket that was merged."""

_REQUESTER = frozenset({"requester_name", "requester_email", "requester_timezone"})
_REFERENCES: Final = "references"
_DEFAULTS: Final = {
    name: field.get_default(call_default_factory=True)
    for name, field in IncomingTicket.model_fields.items()
    if not field.is_required()
}

Key = tuple[str, str]
"""The source and the id that a ticket has there."""

Said = Mapping[str, Any]
"""What a source said of a ticket, as plain JSON values."""


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
    by_messages: bool = False,
) -> Ingested:
    """Return what the incoming tickets change here at ``now`` (UTC); nothing is written.

    ``by_messages`` says that the source tells conversations whole: then only a message makes it our
    step again, not that a ticket which is open there was changed.

    Raises:
        Refusal: the same ticket occurs twice in the batch.
    """
    _refuse_repetitions(batch)
    refuse_unknown_words(batch, rulebook.vocabulary)
    return _Ingest(connection, batch, rulebook, now, by_messages=by_messages).taken_in()


def new_ticket(incoming: IncomingTicket, words: Vocabulary, now: datetime) -> Ticket:
    """Return the ticket that an incoming one becomes; its id and its times come when written."""
    ticket = Ticket(
        id=0,
        source=incoming.source,
        external_id=incoming.external_id,
        status=incoming.starting_status,
        requester=_requester(incoming),
        because="",
        internal=incoming.tier in words.internal,
        facts=facts_after((), incoming.facts),
        **{name: getattr(incoming, name) for name in _PLAIN},
    )
    return came_in(ticket, _word(_said(incoming, FIELDS, {}), incoming.received_at), now)


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
        *,
        by_messages: bool,
    ) -> None:
        self._connection = connection
        self._batch = batch
        self._now = now
        self._by_messages = by_messages
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
        new = replace(new_ticket(incoming, self._words, self._now), id=next(self._numbers))
        self._after[new.id] = new
        said = _said(incoming, incoming.model_fields_set, {})
        self._told[new.id] = {"kind": "imported", "body": incoming.body, "imported": said}
        return new

    def _renewal(self, incoming: IncomingTicket, number: int, said_last: Said | None) -> bool:
        """Take in the word of a known ticket's source; return whether there was anything new."""
        last = said_last or {}
        if is_overtaken(incoming.updated_at, _time(last, "updated_at")):
            return False
        references = last.get(_REFERENCES, {})
        incoming = incoming.after(references)
        said = {**last, **_said(incoming, incoming.spoken, references)}
        if _FACTS in incoming.spoken:
            said[_FACTS] = _facts_told(last, said)
        named = said.keys() - {_REFERENCES}
        differing = {name for name in named if _of(said, name) != _of(last, name)}
        differing |= incoming.moved_since(references)
        if not differing:
            return False
        own, live = self._own_end_of(number), self._end_of(number)
        differing_there = differing - ({"received_at"} if own != number else set())
        if self._after[own].merged_into is None:
            self._put_facts(own, incoming, differing_there)
            self._put_word(own, said, last)
        else:
            self._put_facts(own, incoming, differing_there - _OF_THE_ORDER)
            self._wake(live, said, last)
        if differing == {"updated_at"} and self._after[live] == self._before.get(live):
            return False  # what was changed there is nothing that is told here
        self._told[number] = {
            "kind": "updated",
            "note": f"{incoming.source} says otherwise: {', '.join(sorted(differing))}",
            "body": incoming.body if "body" in differing else None,
            "imported": said,
        }
        return True

    def _put_facts(self, number: int, incoming: IncomingTicket, differing: set[str]) -> None:
        ticket = self._after[number]
        renewed = replace(ticket, **{name: getattr(incoming, name) for name in _PLAIN & differing})
        if _FACTS in differing:
            renewed = replace(renewed, facts=facts_after(ticket.facts, incoming.facts))
        if "tier" in differing:
            renewed = replace(renewed, internal=renewed.tier in self._words.internal)
        if differing & _REQUESTER:
            renewed = replace(renewed, requester=_requester(incoming, ticket.requester))
        self._after[number] = renewed

    def _put_word(self, number: int, said: Said, last: Said) -> None:
        """Let a source's word change the conversation, and go on in a new ticket after a close."""
        ticket = self._after[number]
        word = _word(said, ticket.received_at)
        if self._by_messages:
            word = replace(word, updated_at=None)
        told = told_by_source(ticket, word, _word(last, self._received(number)), self._now)
        since = told.waiting_since
        if told.status is Status.CLOSED and since is not None:
            self._continue(ticket, since)
        else:
            self._after[number] = told

    def _wake(self, number: int, said: Said, last: Said) -> None:
        """Count a message in a merged ticket as one in the ticket it was merged into."""
        written = _time(said, "last_customer_message_at")
        if written is None or written == _time(last, "last_customer_message_at"):
            return
        ticket = self._after[number]
        if ticket.status is Status.CLOSED:
            answered = latest(ticket.last_response_at, ticket.settled_at)
            if answered is None or written > answered:
                self._continue(ticket, written)
        else:
            self._after[number] = written_to(ticket, written)

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
        Refusal: one has a tier or a severity that means nothing any more.
    """
    said = list(batch)
    tiers = {each.tier for each in said} <= set(words.tiers or (None,))
    severities = {each.severity for each in said} <= set(words.severities or (None,))
    if not (tiers and severities):
        raise Refusal("another policy with other words was adopted meanwhile; do it again")


def _refuse_repetitions(batch: Sequence[IncomingTicket]) -> None:
    keys = ((each.source, each.external_id) for each in batch)
    repeated = [key for key, times in Counter(keys).items() if times > 1]
    if repeated:
        source, external_id = repeated[0]
        raise Refusal(f"{source}:{external_id} occurs twice; expected each ticket once")


def known_tickets(
    connection: Connection, batch: Iterable[IncomingTicket]
) -> dict[Key, tuple[int, Said | None]]:
    """Return the id and what the source said last of each ticket of the batch that is here."""
    by_source: dict[str, list[str]] = {}
    for incoming in batch:
        by_source.setdefault(incoming.source, []).append(incoming.external_id)
    number, external_id = col(TicketRow.id), col(TicketRow.external_id)
    found: dict[Key, tuple[int, Said | None]] = {}
    for source, external_ids in by_source.items():
        rows = connection.execute(
            select(number, external_id, col(TicketRow.imported)).where(
                col(TicketRow.source) == source, external_id.in_(external_ids)
            )
        )
        found.update({(source, row.external_id): (row.id, row.imported) for row in rows})
    return found


def are_known(connection: Connection, batch: Sequence[IncomingTicket]) -> list[bool]:
    """Return of each incoming ticket whether it is here."""
    known = known_tickets(connection, batch)
    return [(each.source, each.external_id) in known for each in batch]


def _word(said: Said, received_at: datetime) -> SourceWord:
    """Return what a source says of the conversation; ``received_at`` where it said nothing yet."""
    status = said.get("status")
    return SourceWord(
        received_at=_time(said, "received_at") or received_at,
        status=None if status is None else Status(status),
        **{name: _time(said, name) for name in _OF_THE_CONVERSATION - {"received_at", "status"}},
    )


def _time(said: Said, name: str) -> datetime | None:
    return datetime.fromisoformat(said[name]) if said.get(name) else None


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


def _said(
    incoming: IncomingTicket, names: Iterable[str], references: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the source says of some fields, as plain JSON values; of a body only its digest.

    What the fields hang on over there is kept with them, after what they did before.
    """
    said = incoming.model_dump(mode="json", include=set(names))
    if "body" in said:
        said["body"] = sha256(incoming.body.encode()).hexdigest() if incoming.body else ""
    if hanging := {**references, **incoming.references}:
        said[_REFERENCES] = hanging
    return said


def _facts_told(last: Said, said: Said) -> list[Any]:
    """Return all facts that a source has told: "what a file does not speak of stays as it is"."""
    told = {**dict(last.get(_FACTS, ())), **dict(said[_FACTS])}
    return [[name, value] for name, value in sorted(told.items())]


def _of(said: Said, name: str) -> Any:
    """Return what was said of a field; nothing said is the same as nothing there."""
    value = said.get(name)
    default = _DEFAULTS.get(name)
    return None if value == default or value == list(default or ()) else value


def _outcome(new: Ticket | None, differed: bool, rulebook: Rulebook) -> Outcome:
    if new is None:
        return Outcome.UPDATED if differed else Outcome.UNCHANGED
    decision = decide(rulebook, new.tier, new.severity, new.opened_by, new.fact)
    return Outcome.ADMITTED if decision.declined is None else Outcome.DECLINED
