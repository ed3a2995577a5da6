"""One change, until it is on the disk and the number one after it is known."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from sqlite3 import Connection

from bench.desks import copied
from bench.floors.same_statements import Statement, raw, run_again, written_down
from bench.report import Goal, Row, milliseconds
from policy.words import Status
from store.desk import Desk

_A_ROUND = 5
"""How many changes a round has at each size."""


def changes(databases: Mapping[int, Path], folder: Path, rounds: int) -> list[Row]:
    """Return how long changes take through ``Desk``, beside their statements in raw sqlite3."""
    steps = {
        "a customer writes → committed → the number one": _hear,
        "answered and pending → committed → the number one": _answer,
    }
    with ExitStack() as opened:
        statements = opened.enter_context(written_down())
        sides = {
            size: _opened(opened, database, folder / str(size), range(1, size + 1), statements)
            for size, database in databases.items()
        }
        random = Random(1)  # noqa: S311 - nothing here is a secret
        rows = []
        for what, step in steps.items():
            taken: dict[int, list[float]] = {size: [] for size in sides}
            floors: dict[int, list[float]] = {size: [] for size in sides}
            for _ in range(rounds * _A_ROUND):
                for size, both in sides.items():
                    through_desk, again = both.take(step, random)
                    taken[size].append(through_desk)
                    floors[size].append(again)
            rows.append(
                Row(
                    what=what,
                    unit="ms",
                    figures=taken,
                    floor="the same statements, raw",
                    floors=floors,
                    goals=(Goal(5, beside_floor=True),),
                )
            )
    return rows


@dataclass(frozen=True)
class _BothSides:
    """A desk, and a copy of its database on which what it runs is run again."""

    desk: Desk
    beside: Connection
    statements: list[Statement]
    tickets: Sequence[int]

    def take(self, step: Callable[[Desk, int], None], random: Random) -> tuple[float, float]:
        ticket = random.choice(self.tickets)
        self.statements.clear()
        through_desk = milliseconds(lambda: step(self.desk, ticket))
        ran = list(self.statements)
        return through_desk, milliseconds(lambda: run_again(self.beside, ran))


def _opened(
    opened: ExitStack,
    database: Path,
    folder: Path,
    tickets: Sequence[int],
    statements: list[Statement],
) -> _BothSides:
    beside = opened.enter_context(closing(raw(copied(database, folder / "raw"))))
    own = copied(database, folder / "desk")
    desk = opened.enter_context(closing(Desk.open(str(own), actor="bench")))
    return _BothSides(desk, beside, statements, tickets)


def _hear(desk: Desk, ticket: int) -> None:
    desk.tickets.heard(ticket)
    desk.queue.overview()


def _answer(desk: Desk, ticket: int) -> None:
    desk.tickets.reply(ticket, Status.PENDING)
    desk.queue.overview()
