"""Tickets and the whole desk as they were: told by going back over what happened since."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select
from sqlmodel import col

from policy.capacity.mode import ModeSetting
from policy.refusal import Refusal
from policy.report.ticket_changes import Since, TicketChange
from policy.roster.members import Roster, TimeOff
from policy.roster.team_file import MemberEntry
from policy.rulebook.rulebook import Rulebook, rulebook_from_json
from policy.ticket import Ticket
from policy.words import DECIDED_STATUSES, Mode
from store.engines.damage import RESTORE
from store.history.events import events_matching
from store.read_models import Event, EventFilter
from store.schema.settings_in_force import mode_of, settings_of
from store.schema.tables import KEYS, OrderRow, TicketRow
from store.team.roster_reading import all_time_off, entries_of, roster_with
from store.team.roster_rows import time_off_of
from store.tickets.ticket_json import facts, ticket_of
from store.tickets.ticket_mapping import by_ids

Facts = Mapping[str, Any] | None


def events_since(connection: Connection, start: datetime) -> list[Event]:
    """Return all events from ``start`` (UTC) on, in the order in which they were written."""
    return list(events_matching(connection, EventFilter(start=start), None))


def taken_back(events: Sequence[Event]) -> frozenset[int]:
    """Return the ids of the events that count for nothing: undone, or undoing.

    What was done again after it was undone counts.
    """
    undone: set[int] = set()
    counts_not: set[int] = set()
    for event in reversed(events):
        if event.action is not None and event.action in undone:
            counts_not.add(event.id)
        elif event.undoes is not None:
            undone.add(event.undoes)
            counts_not.add(event.id)
    return frozenset(counts_not)


def rulebooks_of(
    connection: Connection, events: Iterable[Event], start: datetime
) -> list[Since[Rulebook]]:
    """Return the policies in force from ``start`` on."""
    adopted = [event for event in events if _says(event, "calendar", "intake")]
    first = adopted[0].before if adopted else None
    oldest = settings_of(connection).rulebook if first is None else _rulebook(first)
    later = [Since(each.at, _rulebook(each.after)) for each in adopted if each.after is not None]
    return [Since(start, oldest), *later]


def settings_since(
    connection: Connection, events: Iterable[Event], start: datetime
) -> list[Since[ModeSetting | None]]:
    """Return the modes set by hand from ``start`` on, None while it was automatic."""
    chosen = [event for event in events if _says(event, "mode", "by")]
    oldest = _setting(chosen[0].before, start) if chosen else settings_of(connection).mode
    return [
        Since(start, oldest),
        *(Since(each.at, _setting(each.after, each.at)) for each in chosen),
    ]


def rosters_of(
    connection: Connection, events: Sequence[Event], start: datetime
) -> list[Since[Roster]]:
    """Return the teams from ``start`` on, each with the time off that was written down then."""
    entries, time_off = entries_of(connection), list(all_time_off(connection))
    found: list[Since[Roster]] = []
    for event in reversed(events):
        if _says(event, "members") or _says(event, "time_off"):
            found.append(Since(event.at, roster_with(entries, time_off, start)))
            entries = _entries_before(event, entries)
            time_off = _time_off_before(event, time_off)
    return [Since(start, roster_with(entries, time_off, start)), *found[::-1]]


def _says(event: Event, *names: str) -> bool:
    """Return whether an event about the whole desk is about what has these names."""
    told = event.after or event.before or {}
    return event.ticket is None and all(name in told for name in names)


def _rulebook(facts: Facts) -> Rulebook:
    return rulebook_from_json(json.dumps(facts))


def _setting(facts: Facts, since: datetime) -> ModeSetting | None:
    """Return a mode set by hand; what an older program wrote does not say since when."""
    return None if facts is None else mode_of({"since": since.isoformat(), **facts})


def _entries_before(event: Event, after: tuple[MemberEntry, ...]) -> tuple[MemberEntry, ...]:
    facts: Facts = event.before
    if facts is None or "members" not in facts:
        return after
    return tuple(MemberEntry.read(entry) for entry in facts["members"])


def _time_off_before(event: Event, after: list[TimeOff]) -> list[TimeOff]:
    """Return the time off that was written down before an event; an id says nothing here."""
    came, went = _time_off(event.after), _time_off(event.before)
    kept = [off for off in after if replace(off, id=0) not in came]
    return [*kept, *went]


def _time_off(facts: Facts) -> list[TimeOff]:
    return [time_off_of(each) for each in (facts or {}).get("time_off", ())]


_AT_ONCE = 500
"""How many tickets are read at a time, and how many keys of the queue are looked through."""

_ID = col(TicketRow.id)
_IN_QUEUE = col(OrderRow.ticket_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTickets:
    """The tickets that changed from a time on: as they stood then, and all that happened since."""

    touched: frozenset[int]
    at_start: Mapping[int, Ticket]
    changes: Sequence[TicketChange]


def past_tickets(
    connection: Connection, events: Sequence[Event], counts_not: frozenset[int]
) -> PastTickets:
    """Return the tickets that ``events``, all since a time, are about.

    ``counts_not`` are the events that were taken back.

    Raises:
        Refusal: the history says what cannot be; the file was damaged.
    """
    told = [event for event in events if _changes_a_ticket(event)]
    touched = frozenset(event.ticket for event in told if event.ticket is not None)
    stands: dict[int, Ticket | None] = {
        ticket.id: ticket for ticket in tickets_of(connection, sorted(touched))
    }
    changes = [_back(event, stands, event.id in counts_not) for event in reversed(told)]
    known = [change for change in reversed(changes) if change is not None]
    return PastTickets(
        touched=touched,
        at_start={number: ticket for number, ticket in stands.items() if ticket is not None},
        changes=sorted(known, key=lambda change: change.at),
    )


def tickets_of(connection: Connection, ids: Sequence[int]) -> Iterator[Ticket]:
    """Yield the tickets with these ids that exist, as they stand."""
    for start in range(0, len(ids), _AT_ONCE):
        yield from by_ids(connection, list(ids[start : start + _AT_ONCE]))


def firsts_of_the_rest(connection: Connection, touched: frozenset[int]) -> set[int]:
    """Return the ids of the untouched that can have come first in either order, by today's policy.

    Those with a deviation are not among them.
    """
    found = (_first_untouched(connection, mode, touched) for mode in Mode)
    return {number for number in found if number is not None}


def rest_of_the_queue(connection: Connection, touched: frozenset[int]) -> set[int]:
    """Return the ids of all the untouched in the queue."""
    return _numbers(connection, select(_IN_QUEUE)) - touched


def put_first(connection: Connection, touched: frozenset[int]) -> set[int]:
    """Return the ids of the untouched with a deviation, in force or over."""
    ids = select(_ID).where(col(TicketRow.deviation).is_not(None))
    return _numbers(connection, ids) - touched


def answered_between(connection: Connection, start: datetime, end: datetime) -> list[int]:
    """Return the ids of the tickets whose first response came from ``start`` to before ``end``."""
    answered = col(TicketRow.first_response_at)
    ids = select(_ID).where(answered >= start, answered < end, col(TicketRow.declined).is_(None))
    return sorted(_numbers(connection, ids))


def solved_between(connection: Connection, start: datetime, end: datetime) -> list[int]:
    """Return the ids of the tickets that are solved since ``start`` to before ``end`` (UTC)."""
    solved = col(TicketRow.solved_at)
    return sorted(_numbers(connection, select(_ID).where(solved >= start, solved < end)))


def received_between(
    connection: Connection, start: datetime, end: datetime, *, declined: bool
) -> list[datetime]:
    """Return when the tickets of that time were received, in order: those declined, or ours."""
    received_at, sentence = col(TicketRow.received_at), col(TicketRow.declined)
    times = select(received_at).where(
        received_at >= start,
        received_at < end,
        sentence.is_not(None) if declined else sentence.is_(None),
        col(TicketRow.split_from).is_(None),
    )
    return list(connection.scalars(times.order_by(received_at)))


def unanswered_of_the_rest(
    connection: Connection, touched: frozenset[int], start: datetime, end: datetime
) -> int:
    """Return how many of the untouched were owed a first response in that time, and have none."""
    return len(_numbers(connection, select(_ID).where(_owed(start, end))) - touched)


def _numbers(connection: Connection, ids: Select[Any]) -> set[int]:
    return {int(number) for number in connection.scalars(ids)}


def _owed(start: datetime, end: datetime) -> ColumnElement[bool]:
    respond_by = col(TicketRow.respond_by)
    return and_(
        respond_by >= start,
        respond_by < end,
        col(TicketRow.first_response_at).is_(None),
        col(TicketRow.declined).is_(None),
        col(TicketRow.status).not_in(DECIDED_STATUSES),
    )


def _first_untouched(connection: Connection, mode: Mode, touched: frozenset[int]) -> int | None:
    key: Any = KEYS[mode]
    after = b""
    while True:
        page = connection.execute(
            select(_IN_QUEUE, key.label("key"))
            .where(key > after, col(OrderRow.deviation_until).is_(None))
            .order_by(key)
            .limit(_AT_ONCE)
        ).all()
        for row in page:
            if row.ticket_id not in touched:
                return int(row.ticket_id)
        if len(page) < _AT_ONCE:
            return None
        after = page[-1].key


_NAMES = frozenset(each.name for each in fields(Ticket)) | {"priority", "body", "imported"}
"""What an event can say of a ticket."""


def _changes_a_ticket(event: Event) -> bool:
    """Return whether an event changed a ticket, made it, or took it away.

    Of the others that are told of a ticket, as that its customer was sent a notice, it is the
    names in it that tell.
    """
    if event.ticket is None:
        return False
    if event.before is None or event.after is None:
        return "received_at" in (event.before or event.after or {})
    return event.before.keys() | event.after.keys() <= _NAMES


def _back(event: Event, stands: dict[int, Ticket | None], counts_not: bool) -> TicketChange | None:
    """Return what an event changed, and let the ticket stand as it did before it."""
    number = event.ticket
    if number is None:
        return None
    after = stands.get(number)
    before = _before(event, after)
    stands[number] = before
    if before is None and after is None:
        return None
    return TicketChange(
        at=event.at,
        actor=event.actor,
        kind=event.kind,
        before=before,
        after=after,
        taken_back=counts_not,
        note=event.note,
    )


def _before(event: Event, after: Ticket | None) -> Ticket | None:
    if event.before is None:
        return None
    if after is None and event.after is not None:
        return None  # it is gone, and nothing says when
    try:
        return ticket_of({**(facts(after) if after else {}), **event.before})
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(
            f"#{event.ticket} is damaged in the history (event {event.id}): {error}; {RESTORE}"
        ) from error
