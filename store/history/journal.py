"""The journal: the one place that appends to the history.

"Every change is an event with actor, before and after." All that one transaction appends is one
action of one person, so that it can be taken back whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert

from policy.words import Action
from store.engines.prepared import run_each
from store.engines.statements import streamed
from store.engines.written_json import WrittenJson
from store.history.hash_chain import CHAINED, chained, head_of
from store.read_models import Event
from store.schema.tables import ActionRow, EventRow
from store.tickets.people import free_id

PROGRAM = "numberone"
"""Who did what happens by itself, as the policy says."""

UNDONE = "undone"
"""The kind of an event that takes another one back; its note is the kind of that one."""

REDONE = "redone"
"""The kind of an event by which what was taken back is done again."""

_NEW_EVENT = insert(EventRow)
_OF_AN_EVENT = (*CHAINED, "hash")
_NEW_ACTION = insert(ActionRow)


def original_kind(event: Event) -> str:
    """Return what was done: of an event that takes another one back, or redoes it, that one's."""
    return event.note if event.kind in (UNDONE, REDONE) else event.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One event to be: what happened to a ticket, or with ``ticket`` None to the whole desk."""

    kind: str
    ticket: int | None = None
    before: Mapping[str, Any] | WrittenJson | None = None
    after: Mapping[str, Any] | WrittenJson | None = None
    note: str = ""


@dataclass(slots=True, kw_only=True)
class Journal:
    """Appends the events of one action; times are UTC.

    ``wanted`` is the right that the action needed, ``undoes`` the action that it takes back, and
    ``undoable`` says whether it can be taken back itself. ``action`` is its number once it has
    changed anything; given at first, the action goes on. ``entered_by`` is who does it in the
    actor's name, None where the actor does.
    """

    connection: Connection
    actor: str
    now: datetime
    wanted: Action
    undoable: bool = True
    undoes: int | None = None
    action: int | None = None
    entered_by: str | None = None
    tickets: set[int] = field(default_factory=set)
    """The numbers of the tickets that it has appended events of."""
    of_the_desk: set[str] = field(default_factory=set)
    """The kinds of the events that it has appended of the desk as a whole."""

    def append(
        self,
        kind: str,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        note: str = "",
        ticket: int | None = None,
    ) -> None:
        """Append one event."""
        entry = JournalEntry(kind=kind, ticket=ticket, before=before, after=after, note=note)
        self.append_all([entry])

    def append_all(self, entries: Sequence[JournalEntry]) -> None:
        """Append events in this order."""
        if not entries:
            return
        action = self._begun()
        for entry in entries:
            if entry.ticket is None:
                self.of_the_desk.add(entry.kind)
            else:
                self.tickets.add(entry.ticket)
        rows = [
            (
                self.now,
                self.actor,
                entry.kind,
                entry.ticket,
                entry.before,
                entry.after,
                entry.note,
                action,
                self.undoes,
                self.entered_by,
            )
            for entry in entries
        ]
        told = list(chained(head_of(self.connection), rows))
        run_each(self.connection, _NEW_EVENT, _OF_AN_EVENT, told)

    def append_told(self, kind: str, told: Select[Any]) -> None:
        """Append an event for each row of a query: the ticket's id, what before and what after.

        Both as ``written``, so that whoever waits for the transaction waits for no JSON.
        """
        with streamed(self.connection, told) as pieces:
            for some in pieces:
                self.append_all([_told(kind, row) for row in some])

    def _begun(self) -> int:
        """Return the number of this action, which it gets with its first event."""
        if self.action is None:
            self.action = free_id(self.connection, ActionRow)
            row = {
                "id": self.action,
                "at": self.now,
                "actor": self.actor,
                "wanted": self.wanted,
                "undoes": self.undoes,
                "undone": False,
                "undoable": self.undoable,
            }
            self.connection.execute(_NEW_ACTION, row)
        return self.action


def _told(kind: str, row: Any) -> JournalEntry:
    ticket, before, after = row
    return JournalEntry(
        kind=kind, ticket=ticket, before=WrittenJson(before), after=WrittenJson(after)
    )


class Silence(Journal):
    """A journal that appends nothing: for what happened already, and is told elsewhere."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(
            connection=connection,
            actor="",
            now=datetime.min.replace(tzinfo=UTC),
            wanted=Action.LOOK,
        )

    def append_all(self, entries: Sequence[JournalEntry]) -> None:
        """Append nothing."""
