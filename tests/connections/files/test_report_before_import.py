"""A report over a month that was lived here says what it says of that month imported whole."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path

import pytest

from connections.files.exporting import export_file
from connections.files.formats import Format
from connections.files.importing import import_file
from policy.report.report import Report
from policy.words import Status
from store.desk import Desk
from tests.examples import MONDAY, incoming
from tests.store.clock import Clock

DAY = timedelta(days=1)
MONTH_END = MONDAY + 30 * DAY
TICKETS = 70
TIERS = ("enterprise", "team", "free", "open_source", "presales", "internal")

Step = Callable[[Desk, int], object]


def arrive(desk: Desk, number: int) -> None:
    """Let a ticket arrive, of any tier and severity."""
    chance = random.Random(number)  # noqa: S311 - no secret
    desk.transfer.take_in(
        [
            incoming(
                number,
                tier=chance.choice(TIERS),
                severity=chance.choice((1, 2, 2, 3)),
                received_at=desk.now(),
            )
        ]
    )


def answer(status: Status | None) -> Step:
    return lambda desk, number: desk.tickets.reply(number, status)


def unanswered(desk: Desk, number: int) -> None:
    waits = desk.tickets.get(number).owed
    desk.tickets.set_status(number, Status.SOLVED, unanswered="They called." if waits else "")


def solve(desk: Desk, number: int) -> None:
    desk.tickets.set_status(number, Status.SOLVED)


def hear(desk: Desk, number: int) -> None:
    desk.tickets.heard(number)


LIVES: tuple[tuple[Step, ...], ...] = (
    (answer(Status.SOLVED),),
    (answer(Status.PENDING), solve),
    (answer(Status.PENDING),),
    (answer(Status.PENDING), hear),
    (answer(Status.PENDING), hear, answer(Status.SOLVED)),
    (answer(None),),
    (unanswered,),
    (),
)
"""What can become of a ticket after it arrived, as far as its source's times can tell all of it."""


def steps(chance: random.Random) -> Iterator[tuple[datetime, int, Step]]:
    """Yield what happens in the month, in order: when, to which ticket, what."""
    coming: list[tuple[datetime, int, int, Step]] = []
    for number in range(1, TICKETS + 1):
        at = MONDAY + chance.random() * 28 * DAY
        for place, step in enumerate((arrive, *chance.choice(LIVES))):
            heappush(coming, (at, number, place, step))
            at += timedelta(hours=chance.choice((0.5, 3, 9, 30, 70)) * (1 + chance.random()))
    while coming:
        at, number, _, step = heappop(coming)
        if at < MONTH_END:
            yield at, number, step


def figures(found: Report) -> dict[str, object]:
    """Return every figure that the times of a source can say."""
    first, solved = found.first_responses, found.solved
    return {
        "first responses": first,
        "solved": (solved.count, solved.unanswered, solved.took),
        "days": [
            (each.day, each.arrived, each.declined, each.answered, each.solved, each.longest_queue)
            for each in found.days
        ],
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_a_month_lived_here_and_imported(tmp_path: Path, seed: int) -> None:
    """Whole when it is over, and again and again while it goes on: never by when it was learnt."""
    clock = Clock()
    exports = (tmp_path / f"month{number}.jsonl" for number in range(99))
    with ExitStack() as opened:
        lived, often, whole = (
            opened.enter_context(closing(Desk.open(str(tmp_path / name), actor="lee", clock=clock)))
            for name in ("lived.db", "often.db", "whole.db")
        )

        def told(*desks: Desk) -> None:
            file = next(exports)
            export_file(lived.transfer, str(file), Format.JSONL, tickets_only=True)
            for desk in desks:
                assert not import_file(desk.transfer, file).rejected

        numbers: dict[int, int] = {}
        due = MONDAY + 4.5 * DAY
        for at, number, step in steps(random.Random(seed)):  # noqa: S311 - no secret
            while due < at:
                clock.now, due = due, due + 4.5 * DAY
                told(often)
            clock.now = at
            numbers.setdefault(number, len(numbers) + 1)
            step(lived, number if step is arrive else numbers[number])
        clock.now = MONTH_END
        told(often, whole)
        clock.advance(days=3)
        for start, end in ((0, 30), (0, 7), (10, 11), (12.3, 19.9), (28, 31)):
            span = (MONDAY + start * DAY, MONDAY + end * DAY)
            expected = figures(lived.reports.report(*span, UTC))
            for desk in (often, whole):
                assert figures(desk.reports.report(*span, UTC)) == expected, span
