"""What others changed since a person looked: "nothing is overwritten in silence"."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from policy.names import same_name
from store.changed_meanwhile import ChangedMeanwhile
from store.desk_reader import DeskReader
from store.history.event_reading import event_of
from store.history.journal import REDONE, UNDONE, Journal, original_kind
from store.history.targets import SUBJECTS
from store.quick.statements import EVENTS
from store.read_models import Event
from store.schema.tables import EventRow, TicketRow

_VERSIONS = select(col(TicketRow.id), col(TicketRow.version)).where(
    col(TicketRow.id).in_(bindparam("numbers", expanding=True))
)
_NEWEST_FIRST = EVENTS.where(col(EventRow.ticket_id) == bindparam("that_ticket")).order_by(
    col(EventRow.id).desc()
)
_OF_THE_DESK = EVENTS.where(
    col(EventRow.ticket_id).is_(None),
    col(EventRow.id) > bindparam("since"),
    col(EventRow.kind).in_(bindparam("kinds", expanding=True)),
).order_by(col(EventRow.id))
_ONE_OF_A_DESK: Final = ("mode_set", "policy_adopted", "team_imported")
"""What is put in place of what was: of absences each is one by itself, and is looked for."""

_AT_ONCE: Final = 50
"""How many events of a ticket are looked through at most for what changed it."""

_BESIDE_A_DECISION: Final = frozenset(
    {
        *("imported", "tags", "language", "url", "message_id"),
        *("paused", "respond_by", "aim_by", "update_by", "resolve_by", "settled_at", "because"),
    }
)
"""What of a ticket no person decides on, and what follows from the rest of it."""

_BY_ITSELF: Final = "closed_by_itself"
"""What was seen to be so before it was written down."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person saw when they decided: tickets' versions by their numbers, and a revision.

    The ``revision`` is of the desk, for what it has one of; None where that does not matter.
    """

    versions: Mapping[int, int] = field(default_factory=dict)
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What others changed of what a decision is on; ``now`` are the tickets' versions.

    ``unknown`` are those of tickets of which a later version was named than there is.
    """

    changes: Sequence[Event] = ()
    now: Mapping[int, int] = field(default_factory=dict)
    unknown: Mapping[int, int] = field(default_factory=dict)
    revision: int = 0

    def refuse_overwriting(self, written: Journal) -> None:
        """Refuse what was written over what others changed; what is so already was not.

        Raises:
            ChangedMeanwhile: others changed the same.
        """
        unknown = {each: self.unknown[each] for each in self.unknown if each in written.tickets}
        changes = [event for event in self.changes if _is_written(event, written)]
        if unknown or changes:
            raise ChangedMeanwhile(changes, unknown or self.now, self.revision)


def _is_written(event: Event, written: Journal) -> bool:
    if event.ticket is None:
        return original_kind(event) in written.of_the_desk
    return event.ticket in written.tickets


def changed_since(reader: DeskReader, decision: Decision) -> Meanwhile:
    """Return what others changed since a person decided, without what no person decides on."""
    seen, revision = decision.versions, decision.revision
    if not seen and revision is None:
        return Meanwhile()
    rows = reader.connection.execute(_VERSIONS, {"numbers": sorted(seen)})
    found = {row.id: row.version for row in rows}
    now = {number: found[number] for number in seen if number in found}  # in the order given
    of_tickets = (
        event
        for number, is_at in now.items()
        for event in _last_of(reader, number, is_at - seen[number])
        if _is_decided_on(event)
    )
    others = [
        event
        for event in (*of_tickets, *_of_the_desk(reader, revision))
        if not same_name(event.actor, reader.login)
    ]
    return Meanwhile(
        changes=sorted(others, key=lambda event: event.id),
        now=now,
        unknown={number: is_at for number, is_at in now.items() if is_at < seen[number]},
        revision=reader.revision(),
    )


def _of_the_desk(reader: DeskReader, revision: int | None) -> Iterator[Event]:
    """Yield what was changed of what the desk has one of, since a revision."""
    if revision is not None:
        values = {"since": revision, "kinds": [*_ONE_OF_A_DESK, UNDONE, REDONE]}
        events = map(event_of, reader.connection.execute(_OF_THE_DESK, values))
        yield from (event for event in events if original_kind(event) in _ONE_OF_A_DESK)


def _last_of(reader: DeskReader, ticket: int, count: int) -> Iterator[Event]:
    """Yield the last so many events that changed a ticket, and not what stands beside it."""
    if count <= 0:
        return
    rows = reader.connection.execute(_NEWEST_FIRST.limit(_AT_ONCE), {"that_ticket": ticket})
    for event in map(event_of, rows):
        if original_kind(event) in SUBJECTS or (event.before is None and event.after is None):
            continue
        yield event
        count -= 1
        if not count:
            return


def _is_decided_on(event: Event) -> bool:
    differing = {**(event.before or {}), **(event.after or {})}.keys()
    return event.kind != _BY_ITSELF and not (differing and differing <= _BESIDE_A_DECISION)
