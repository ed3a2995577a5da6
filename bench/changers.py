"""Somebody who changes a desk on a server, and keeps a log of what was told as done.

``python -m bench.changers ADDRESS KIND NUMBER RATE LOG``: KIND is an importer, whose batches change
subjects and severities of tickets of its own and bring new ones, or a person, who answers tickets
and hears of them. It says "ready", begins with a line of input, makes RATE changes a second if it
can, and ends with the input. The log has a line for each change, in JSON.
"""

import json
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from select import select
from time import perf_counter
from typing import Any, Final

from policy.intake.incoming import IncomingTicket, incoming_ticket
from policy.rulebook.rulebook import handbook
from policy.words import Status
from store.desk import Desk

IMPORTER, PERSON = "importer", "person"
READY: Final = "ready"
_LARGEST_BATCH: Final = 9
_NEW_OF_A_HUNDRED: Final = 5

Line = dict[str, Any]
"""What the log says of a change: its ``ticket`` and ``version``, or the ``subject`` it gave."""


def login(kind: str, number: int) -> str:
    """Return as whom one of a kind works."""
    return f"{kind}{number}"


class _Importer:
    """Changes tickets that no other importer knows, several in a transaction."""

    def __init__(self, desk: Desk, number: int, chance: Random) -> None:
        self._desk, self._number, self._chance = desk, number, chance
        self._words = handbook().vocabulary
        self._known = 0
        self._made = 0

    def change(self) -> list[Line]:
        """Take in a batch, and return what it changed."""
        wanted = {self._which() for _ in range(self._chance.randint(1, _LARGEST_BATCH))}
        batch = [self._ticket(which) for which in sorted(wanted)]
        self._desk.transfer.take_in(batch)
        return [{"subject": each.subject} for each in batch]

    def _which(self) -> int:
        if self._known < _LARGEST_BATCH or self._chance.randrange(100) < _NEW_OF_A_HUNDRED:
            self._known += 1
            return self._known
        return self._chance.randint(1, self._known)

    def _ticket(self, which: int) -> IncomingTicket:
        self._made += 1
        fields = {
            "source": login(IMPORTER, self._number),
            "external_id": str(which),
            "subject": f"{self._number}-{self._made:07} came by import",
            "customer": f"Customer {which % 20}",
            "tier": self._chance.choice(["enterprise", "team", "free"]),
            "severity": self._chance.choice([2, 3]),
            "received_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
        return incoming_ticket(fields, self._words)


class _Person:
    """Answers tickets and hears of them, one in a transaction; never the number one."""

    def __init__(self, desk: Desk, chance: Random) -> None:
        self._desk, self._chance = desk, chance
        overview = desk.queue.overview()
        others = range(1, overview.total + 1)
        self._others = [each for each in others if each != getattr(overview.number_one, "id", 0)]

    def change(self) -> list[Line]:
        """Do one thing, and return what it changed."""
        number, tickets = self._chance.choice(self._others), self._desk.tickets
        match self._chance.randrange(3):
            case 0:
                changed = tickets.reply(number, Status.PENDING)
            case 1:
                changed = tickets.reply(number, Status.OPEN)
            case _:
                changed = tickets.heard(number)
        return [{"ticket": changed.id, "version": changed.version}]


def main() -> None:
    """Change until the input ends."""
    address, kind, number, rate, log = sys.argv[1:]
    chance = Random(int(number))  # noqa: S311 - nothing here is a secret
    with closing(Desk.open(address, actor=login(kind, int(number)))) as desk:
        importer, person = _Importer(desk, int(number), chance), _Person(desk, chance)
        change = importer.change if kind == IMPORTER else person.change
        print(READY, flush=True)
        sys.stdin.readline()
        began, made = perf_counter(), 0
        with Path(log).open("w", encoding="utf-8") as lines:
            while not _ended(began + made / float(rate) - perf_counter()):
                for line in change():
                    lines.write(json.dumps(line) + "\n")
                    made += 1


def _ended(seconds: float) -> bool:
    """Wait for so long, and return whether the input has ended meanwhile."""
    return bool(select([sys.stdin], [], [], max(0.0, seconds))[0])


if __name__ == "__main__":
    main()
