"""Carries a database across events of its history: back to what was before, forward to after.

"Rebuilt from the events": nothing is decided anew, everything is put exactly as the history tells.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from policy.ticket import Ticket
from store.engines.kind import DatabaseKind
from store.history.journal import Silence, original_kind
from store.history.targets import SUBJECTS
from store.policies.policy_change import key_all_again
from store.queue.counters import put_count
from store.read_models import Event
from store.schema.settings_in_force import settings_of
from store.tickets.ticket_json import BESIDE, Facts, facts, ticket_of
from store.tickets.ticket_mapping import by_ids
from store.tickets.ticket_writer import TicketUpdate, Writer

_AT_ONCE = 500
"""The changes of so many tickets are gathered before they are written."""

_POLICY = "policy_adopted"


def carry_forward(connection: Connection, kind: DatabaseKind, events: Iterable[Event]) -> None:
    """Make the database what it was after ``events``, oldest first, that follow on its state."""
    carrier = _Carrier(connection, kind, step=1)
    at: datetime | None = None
    for event in events:
        if at is not None and event.at != at:
            carrier.count(at)
        at = event.at
        carrier.carry(event, event.before, event.after)
    if at is not None:
        carrier.count(at)


def carry_back(connection: Connection, kind: DatabaseKind, events: Iterable[Event]) -> None:
    """Make the database what it was before ``events``, latest first, that led to its state."""
    carrier = _Carrier(connection, kind, step=-1)
    for event in events:
        carrier.carry(event, event.after, event.before)
    carrier.write()


class _Carrier:
    """Gathers what becomes of tickets, and writes it before anything else is put.

    ``step`` is what each event of a ticket adds to its version: 1 forward, -1 back.
    """

    def __init__(self, connection: Connection, kind: DatabaseKind, *, step: int) -> None:
        self._connection = connection
        self._kind = kind
        self._step = step
        self._become: dict[int, Facts | None] = {}
        self._steps: dict[int, int] = {}

    def carry(
        self, event: Event, was: Mapping[str, Any] | None, becomes: Mapping[str, Any] | None
    ) -> None:
        """Put what an event is about from what it was to what it becomes."""
        kind = original_kind(event)
        if kind in SUBJECTS:
            self.write()
            SUBJECTS[kind].put(self._connection, was, becomes)
            if kind == _POLICY:
                key_all_again(self._connection, settings_of(self._connection).rulebook)
        elif event.ticket is not None and (was, becomes) != (None, None):  # a comment is beside
            self._gather(event.ticket, was, becomes)

    def count(self, at: datetime) -> None:
        """Write what was gathered, and how many stand in the queue from ``at`` (UTC) on."""
        self.write()
        put_count(self._connection, at)

    def write(self) -> None:
        """Write what was gathered."""
        if not self._become:
            return
        present = {each.id: each for each in by_ids(self._connection, sorted(self._become))}
        writer = Writer(
            self._connection,
            self._kind,
            settings_of(self._connection).rulebook,
            Silence(self._connection),
            exact=True,
        )
        kept = {number: said for number, said in self._become.items() if said is not None}
        writer.write(
            [
                _change(present.get(number), said, self._steps.get(number, 0))
                for number, said in kept.items()
            ]
        )
        gone = [present[number] for number in self._become.keys() - kept if number in present]
        writer.remove(gone, "", "")
        self._become.clear()
        self._steps.clear()

    def _gather(
        self, number: int, was: Mapping[str, Any] | None, becomes: Mapping[str, Any] | None
    ) -> None:
        if not becomes and was and "id" in was:
            self._become[number] = None
        else:
            self._become[number] = (self._become.get(number) or {}) | dict(becomes or {})
            whole = becomes is not None and "id" in becomes
            self._steps[number] = 0 if whole else self._steps.get(number, 0) + self._step
        if len(self._become) >= _AT_ONCE:
            self.write()


def _change(present: Ticket | None, said: Facts, steps: int) -> TicketUpdate:
    beside = {name: said[name] for name in BESIDE if name in said}
    own = {name: value for name, value in said.items() if name not in BESIDE}
    known = facts(present) if present is not None else {}
    becomes = known | own
    after = ticket_of(becomes | {"version": becomes["version"] + steps})
    return TicketUpdate(before=present, after=after, kind="", **beside)
