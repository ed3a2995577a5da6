"""What others changed since a person looked: "nothing is overwritten in silence"."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from policy.names import same_name
from store.changed_meanwhile import ChangedMeanwhile
from store.desk_reader import DeskReader
from store.history.event_reading import event_of
from store.history.journal import original_kind
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
class Meanwhile:
    """What others changed of the tickets that a decision is on; ``now`` are their versions.

    ``unknown`` are those of tickets of which a later version was named than there is.
    """

    changes: Sequence[Event] = ()
    now: Mapping[int, int] = field(default_factory=dict)
    unknown: Mapping[int, int] = field(default_factory=dict)

    def refuse_overwriting(self, written: Collection[int]) -> None:
        """Refuse what was written to tickets that others changed; what is so already was not.

        Raises:
            ChangedMeanwhile: others changed one of these tickets.
        """
        unknown = {number: self.unknown[number] for number in self.unknown if number in written}
        changes = [event for event in self.changes if event.ticket in written]
        if unknown or changes:
            raise ChangedMeanwhile(changes, unknown or self.now)


def changed_since(reader: DeskReader, seen: Mapping[int, int]) -> Meanwhile:
    """Return what others changed of tickets since the versions that a person saw.

    Without what no person decides on.
    """
    if not seen:
        return Meanwhile()
    rows = reader.connection.execute(_VERSIONS, {"numbers": sorted(seen)})
    now = {row.id: row.version for row in rows}
    changes = [
        event
        for number, is_at in now.items()
        for event in _last_of(reader, number, is_at - seen[number])
        if not same_name(event.actor, reader.login) and _is_decided_on(event)
    ]
    return Meanwhile(
        changes=sorted(changes, key=lambda event: event.id),
        now=now,
        unknown={number: is_at for number, is_at in now.items() if is_at < seen[number]},
    )


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
