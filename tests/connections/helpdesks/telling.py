"""What a help desk tells while a test goes on, gathered as whoever reads it would."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from connections.helpdesks.help_desk import (
    START,
    Cursor,
    HelpDesk,
    MessageRead,
    OutgoingStep,
    Reading,
    StepKind,
    TicketRead,
)

_MARKS: Final = count(1)
_PATIENCE: Final = 30.0


@dataclass
class Telling:
    """Reads on from the present at each ``read``, and keeps all that was told of each ticket."""

    desk: HelpDesk
    cursor: Cursor = field(default_factory=lambda: START)
    readings: list[Reading] = field(default_factory=list)
    tickets: dict[str, list[TicketRead]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read all that there is before the test begins."""
        self.read()
        self.forget()

    def forget(self) -> None:
        """Forget all that was told."""
        self.readings.clear()
        self.tickets.clear()

    def read(self) -> None:
        """Read until there is no more to be read at once."""
        more = True
        while more:
            more = self.read_once().more

    def read_once(self, limit: int = 100) -> Reading:
        """Read one batch."""
        reading = self.desk.changes(self.cursor, limit)
        self.cursor = reading.cursor
        self.readings.append(reading)
        for ticket in reading.tickets:
            self.tickets.setdefault(ticket.external_id, []).append(ticket)
        return reading

    def until(self, true: Callable[[], object]) -> None:
        """Read again and again until something is so."""
        patience = time.monotonic() + _PATIENCE
        self.read()
        while not true():
            assert time.monotonic() < patience, self.tickets
            self.read()

    def record(self, ticket: str) -> dict[str, Any]:
        """Return how a ticket was told of last."""
        record = self.tickets[ticket][-1].record
        assert record is not None
        return dict(record)

    def messages(self, ticket: str) -> list[MessageRead]:
        """Return what was told to be written in a ticket, in the order it was told."""
        return [each for read in self.tickets.get(ticket, []) for each in read.messages]

    def texts(self, ticket: str) -> list[str]:
        """Return the words of that."""
        return [each.text for each in self.messages(ticket)]


def step(kind: StepKind, ticket: str, **fields: Any) -> OutgoingStep:  # noqa: ANN401 - any of it
    """Return a step of the loop's own that is made now, with a mark of its own."""
    plain = OutgoingStep(
        mark=f"n1-{time.time_ns():x}-{next(_MARKS)}",
        kind=kind,
        external_id=ticket,
        author="numberone",
        author_email="numberone@help.example",
        made_at=datetime.now(UTC),
    )
    return replace(plain, **fields)
